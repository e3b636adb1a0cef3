//! The function on Lambda.

use lambda_runtime::{Error, LambdaEvent, service_fn};
use ownchatbot_boot::{BotDeps, Environment, log};
use points_tick::{TickEvent, handle};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    log::init();
    let deps = &BotDeps::from_environment(Environment::of_process()).await?;
    let tick = async |event: LambdaEvent<TickEvent>| match handle(deps, event.payload).await {
        Ok(_) => Ok(()),
        Err(error) => Err(log::failure(error)),
    };
    lambda_runtime::run(service_fn(tick)).await
}
