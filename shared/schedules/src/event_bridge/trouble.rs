//! What EventBridge's errors mean to the use cases.

use aws_sdk_scheduler::config::http::HttpResponse;
use aws_sdk_scheduler::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use ownchatbot_app::ports::ScheduleError;

/// There is no such schedule.
pub(super) const MISSING: &str = "ResourceNotFoundException";
/// There is one already, or somebody else is changing it.
pub(super) const CONFLICT: &str = "ConflictException";

/// Errors that pass by themselves, whatever their status.
const PASSING: [&str; 4] =
    [CONFLICT, "InternalServerException", "ThrottlingException", "TooManyRequestsException"];

/// The code of an error that EventBridge answered with.
pub(super) fn code<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> Option<&str> {
    error.as_service_error().and_then(ProvideErrorMetadata::code)
}

/// Whether it is worth another try, and what to tell.
pub(super) fn trouble<E>(error: &SdkError<E, HttpResponse>) -> ScheduleError
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    match error {
        SdkError::ServiceError(service) => {
            let status = service.raw().status().as_u16();
            let code = service.err().code().unwrap_or("an error without a code");
            let reason =
                format!("{code} ({status}): {}", service.err().message().unwrap_or("no reason given"));
            if status >= 500 || status == 429 || PASSING.contains(&code) {
                ScheduleError::Unreachable(reason)
            } else {
                ScheduleError::Refused(reason)
            }
        }
        SdkError::ConstructionFailure(_) => ScheduleError::Refused(DisplayErrorContext(error).to_string()),
        _ => ScheduleError::Unreachable(DisplayErrorContext(error).to_string()),
    }
}
