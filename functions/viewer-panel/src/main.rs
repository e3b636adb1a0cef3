//! The function on Lambda.

use std::sync::Arc;

use ownchatbot_boot::{Environment, log};
use viewer_panel::{Deps, router};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    log::init();
    lambda_http::run(router(Arc::new(Deps::from_environment(Environment::of_process()).await?))).await
}
