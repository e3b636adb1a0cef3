//! Runs the real program, as a user would.

#![allow(dead_code, unreachable_pub, reason = "each test binary uses its part")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

/// The timeout for starting and for stopping. Creating the database is slow on a loaded machine.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The running program. It is killed when this is dropped.
pub struct Local {
    child: Child,
    /// The JSON that it printed when it was ready.
    pub ready: Value,
}

/// A command that runs the program on a free port and prints JSON.
pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ownchatbot-local"));
    command.args(["--json", "--port", "0"]).env("RUST_LOG", "warn,dynoxide=error");
    command
}

impl Local {
    /// Starts the program and waits until it is ready.
    #[track_caller]
    pub fn start(arguments: &[&str]) -> Self {
        ownchatbot_testkit::http::install_crypto_provider();
        let mut child = program().args(arguments).stdout(Stdio::piped()).spawn().unwrap();
        let (sender, receiver) = mpsc::channel();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        let line = receiver.recv_timeout(TIMEOUT).expect("the program prints that it is ready");
        Self { child, ready: serde_json::from_str(&line).expect("the program prints JSON") }
    }

    /// Starts the program on a data folder, connected to the Owncast at the URL `owncast`.
    #[track_caller]
    pub fn connected(folder: &Path, owncast: &str, token: &str, more: &[&str]) -> Self {
        let folder = folder.to_str().unwrap();
        let arguments = ["--data-dir", folder, "--owncast-url", owncast, "--owncast-token", token];
        Self::start(&[&arguments, more].concat())
    }

    /// A field of the printed JSON, which must be a text.
    #[track_caller]
    pub fn field(&self, name: &str) -> &str {
        self.ready[name]
            .as_str()
            .unwrap_or_else(|| panic!("there is no text called {name} in {}", self.ready))
    }

    /// Kills the program without warning.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Stops the program with SIGINT, as Ctrl-C does. Returns its exit status.
    pub fn interrupt(mut self) -> ExitStatus {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
        let deadline = Instant::now() + TIMEOUT;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < deadline, "the program does not stop");
            thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Local {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs the program, which must refuse to start. Returns its standard error.
#[track_caller]
pub fn refusal(arguments: &[&str]) -> String {
    let mut child = program().args(arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut message = String::new();
    child.stderr.take().unwrap().read_to_string(&mut message).unwrap();
    assert!(!child.wait().unwrap().success(), "the program started: {message}");
    message
}
