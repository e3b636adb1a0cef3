//! The function on Lambda.

use aws_lambda_events::event::dynamodb::Event;
use dispatch::handle;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use ownchatbot_boot::{BotDeps, Environment, log};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    log::init();
    let deps = &BotDeps::scheduling(Environment::of_process()).await?;
    let deliver = async |event: LambdaEvent<Event>| Ok::<_, Error>(handle(deps, &event.payload).await);
    lambda_runtime::run(service_fn(deliver)).await
}
