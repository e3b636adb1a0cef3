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

/// Starting makes a database; a loaded machine takes its time.
const START: Duration = Duration::from_secs(30);

/// The program, killed at the latest when this is dropped.
pub struct Local {
    child: Child,
    /// What it printed when it was ready.
    pub ready: Value,
}

/// The program with free ports, ready to be given more arguments.
pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ownchatbot-local"));
    command.args(["--json", "--port", "0"]).env("RUST_LOG", "warn,dynoxide=error");
    command
}

impl Local {
    /// Starts it and waits until it is ready.
    #[track_caller]
    pub fn start(arguments: &[&str]) -> Self {
        let mut child = program().args(arguments).stdout(Stdio::piped()).spawn().unwrap();
        let (say, hear) = mpsc::channel();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let _ = say.send(line);
            }
        });
        let line = hear.recv_timeout(START).expect("it says that it is ready");
        Self { child, ready: serde_json::from_str(&line).expect("it prints JSON") }
    }

    /// Starts it on a folder, connected to the Owncast at `owncast`.
    #[track_caller]
    pub fn connected(folder: &Path, owncast: &str, token: &str, more: &[&str]) -> Self {
        let folder = folder.to_str().unwrap();
        let arguments = ["--data-dir", folder, "--owncast-url", owncast, "--owncast-token", token];
        Self::start(&[&arguments, more].concat())
    }

    /// One of the fields it printed.
    #[track_caller]
    pub fn field(&self, name: &str) -> &str {
        self.ready[name].as_str().unwrap_or_else(|| panic!("there is a text called {name} in {}", self.ready))
    }

    /// Ends it without warning, as a power cut does.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Ends it as Ctrl-C does, and returns how it ended.
    pub fn interrupt(mut self) -> ExitStatus {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
        let end = Instant::now() + START;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < end, "it does not end");
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

/// Runs the program expecting that it refuses to start; returns what it says.
#[track_caller]
pub fn refusal(arguments: &[&str]) -> String {
    let mut child = program().args(arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(!child.wait().unwrap().success(), "it started: {said}");
    said
}
