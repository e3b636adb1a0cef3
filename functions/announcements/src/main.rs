//! The function on Lambda.

use announcements::handle;
use ownchatbot_boot::{BotDeps, Error, run_scheduled};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    run_scheduled(BotDeps::from_environment, handle).await
}
