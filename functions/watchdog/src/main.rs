//! The function on Lambda.

use lambda_runtime::{Error, LambdaEvent, service_fn};
use ownchatbot_boot::{BotDeps, Environment, log};
use watchdog::{WatchdogEvent, handle};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    log::init();
    let deps = &BotDeps::scheduling(Environment::of_process()).await?;
    let mend = async |event: LambdaEvent<WatchdogEvent>| match handle(deps, event.payload).await {
        Ok(_) => Ok(()),
        Err(error) => Err(log::failure(error)),
    };
    lambda_runtime::run(service_fn(mend)).await
}
