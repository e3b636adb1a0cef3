//! The function on Lambda.

use ownchatbot_boot::{BotDeps, Error, run_scheduled};
use points_tick::handle;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    run_scheduled(BotDeps::from_environment, handle).await
}
