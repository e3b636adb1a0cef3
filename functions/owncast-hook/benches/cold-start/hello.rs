//! A minimal function with a table, with which `infra/bench-cold-start` compares the hook: it makes the same
//! client before the first event, and has one response to every request. `/table` reads one item first.

use lambda_http::{Body, Error, Request, Response, run, service_fn};
use ownchatbot_boot::{clients, log};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    log::init();
    let store = &clients::store(&std::env::var("TABLE_NAME")?);
    run(service_fn(async |request: Request| -> Result<Response<Body>, Error> {
        if request.uri().path() == "/table" {
            store.stream().await?;
        }
        Ok(Response::new(Body::from("hello")))
    }))
    .await
}
