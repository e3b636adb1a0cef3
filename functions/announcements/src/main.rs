//! The function on Lambda.

use announcements::{AnnouncementsEvent, handle};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use ownchatbot_boot::{BotDeps, Environment, log};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    log::init();
    let deps = &BotDeps::from_environment(Environment::of_process()).await?;
    let announce = async |event: LambdaEvent<AnnouncementsEvent>| match handle(deps, event.payload).await {
        Ok(_) => Ok(()),
        Err(error) => Err(log::failure(error)),
    };
    lambda_runtime::run(service_fn(announce)).await
}
