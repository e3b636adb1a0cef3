//! The least that a function with a table is, for `infra/bench-cold-start` to measure the hook against: the same client,
//! made before the first event, and an answer to everything. `/table` reads one item first.

use lambda_http::{Body, Error, Request, Response, run, service_fn};
use ownchatbot_boot::{clients, log};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    log::init();
    let store = &clients::store(&std::env::var("TABLE_NAME")?).await;
    run(service_fn(async |request: Request| -> Result<Response<Body>, Error> {
        if request.uri().path() == "/table" {
            store.stream().await?;
        }
        Ok(Response::new(Body::from("hello")))
    }))
    .await
}
