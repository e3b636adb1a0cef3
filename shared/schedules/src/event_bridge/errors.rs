//! Maps EventBridge's errors to those of the port: worth another try or not.

use aws_sdk_scheduler::config::http::HttpResponse;
use aws_sdk_scheduler::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use ownchatbot_app::ports::ScheduleError;

/// Code of the error for a schedule that does not exist.
pub(super) const MISSING: &str = "ResourceNotFoundException";
/// Code of the error for a schedule that exists already or is being changed by another request.
pub(super) const CONFLICT: &str = "ConflictException";

/// Codes of transient errors, whatever their status.
const TRANSIENT: [&str; 4] =
    [CONFLICT, "InternalServerException", "ThrottlingException", "TooManyRequestsException"];

/// The code of an error response; `None` when there was no response.
pub(super) fn code<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> Option<&str> {
    error.as_service_error().and_then(ProvideErrorMetadata::code)
}

/// The port's error: `Unreachable` is worth another try, `Refused` is not.
pub(super) fn schedule_error<E>(error: &SdkError<E, HttpResponse>) -> ScheduleError
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    match error {
        SdkError::ServiceError(service) => {
            let status = service.raw().status().as_u16();
            let code = service.err().code().unwrap_or("error without a code");
            let reason =
                format!("{code} ({status}): {}", service.err().message().unwrap_or("no reason given"));
            if status >= 500 || status == 429 || TRANSIENT.contains(&code) {
                ScheduleError::Unreachable(reason)
            } else {
                ScheduleError::Refused(reason)
            }
        }
        SdkError::ConstructionFailure(_) => ScheduleError::Refused(DisplayErrorContext(error).to_string()),
        _ => ScheduleError::Unreachable(DisplayErrorContext(error).to_string()),
    }
}
