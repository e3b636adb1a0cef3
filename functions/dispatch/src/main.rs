//! The function on Lambda.

use dispatch::{DispatchEvent, handle};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use ownchatbot_boot::{Connected, Environment, log};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    log::init();
    let deps = &Connected::from_environment(Environment::of_process()).await?;
    let deliver =
        async |event: LambdaEvent<DispatchEvent>| handle(deps, event.payload).await.map_err(log::failure);
    lambda_runtime::run(service_fn(deliver)).await
}
