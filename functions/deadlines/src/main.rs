//! The function on Lambda.

use deadlines::handle;
use ownchatbot_boot::{Error, context, run_scheduled};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    run_scheduled(context, handle).await
}
