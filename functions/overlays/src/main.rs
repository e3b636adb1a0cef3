//! The function on Lambda.

use std::sync::Arc;

use overlays::{Deps, router};
use ownchatbot_boot::{Environment, log};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    log::init();
    lambda_http::run(router(Arc::new(Deps::from_environment(Environment::of_process()).await?))).await
}
