#![doc = include_str!("../README.md")]

mod clockwork;
mod data_dir;
mod database;
mod demo;
mod edge;
mod options;
mod pump;
mod report;
mod run;
mod start_error;

use std::process::ExitCode;

use clap::Parser;
use options::Options;
use ownchatbot_app::ErrorChain;
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    // The log goes to standard error: another program may read the report from standard output. The embedded
    // database logs expected failures, such as creating a table that exists, so only its errors are shown.
    let default = || EnvFilter::new(format!("{},dynoxide=error", ownchatbot_boot::log::DEFAULT));
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| default());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false).init();
    match run::run(options).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report::failure(&ErrorChain(&error).to_string(), &error.advice());
            ExitCode::FAILURE
        }
    }
}
