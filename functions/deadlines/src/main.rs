//! The function on Lambda.

use deadlines::{DeadlineEvent, handle};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use ownchatbot_boot::{Environment, context, log};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    log::init();
    let ctx = &context(Environment::of_process()).await?;
    let end = async |event: LambdaEvent<DeadlineEvent>| match handle(ctx, event.payload).await {
        Ok(_) => Ok(()),
        Err(error) => Err(log::failure(error)),
    };
    lambda_runtime::run(service_fn(end)).await
}
