//! The processes of a cluster, which go when the test ends.

use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_verschil-cluster");

/// A port that nobody listens on, with a free one after it.
pub fn free_port() -> u16 {
    loop {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        if port < u16::MAX && TcpListener::bind(("127.0.0.1", port + 1)).is_ok() {
            return port;
        }
    }
}

/// A scheduler with executors of one core each.
pub struct Machines {
    port: u16,
    environment: Vec<(&'static str, String)>,
    scheduler: Child,
    executors: Vec<Child>,
    work: TempDir,
}

impl Machines {
    pub fn start(executors: usize) -> Self {
        Self::start_with(executors, Vec::new())
    }

    /// With more in the environment of every process.
    pub fn start_with(executors: usize, environment: Vec<(&'static str, String)>) -> Self {
        let spawn = |arguments: &[&str]| spawn(arguments, &environment);
        let work = TempDir::new().expect("temporary folder");
        let port = free_port();
        let bind = format!("127.0.0.1:{port}");
        let scheduler = spawn(&["scheduler", "--bind", &bind]);
        listening(port);
        let start = |at: usize| {
            let own = free_port();
            let folder = work.path().join(at.to_string());
            std::fs::create_dir(&folder).expect("folder");
            let child = spawn(&[
                "executor",
                "--scheduler",
                &bind,
                "--bind",
                &format!("127.0.0.1:{own}"),
                "--cores",
                "1",
                "--work",
                &folder.display().to_string(),
            ]);
            listening(own);
            child
        };
        let executors = (0..executors).map(start).collect();
        Self { port, environment, scheduler, executors, work }
    }

    /// Whether an executor has written something for another part.
    pub fn worked(&self) -> bool {
        let mut open: Vec<PathBuf> = vec![self.work.path().to_path_buf()];
        while let Some(folder) = open.pop() {
            // what is on its way may go while we look
            for entry in folder.read_dir().into_iter().flatten().flatten() {
                match entry.file_type() {
                    Ok(kind) if kind.is_dir() => open.push(entry.path()),
                    _ => return true,
                }
            }
        }
        false
    }

    pub fn kill_executor(&mut self) {
        let mut executor = self.executors.pop().expect("an executor");
        executor.kill().expect("killed");
        executor.wait().expect("ended");
    }

    pub fn begin(&self, protocol: &Path, out: &Path, more: &[&str]) -> Running {
        begin_at(self.port, &self.environment, protocol, out, more)
    }

    pub fn run(&self, protocol: &Path, out: &Path, more: &[&str]) -> Ended {
        self.begin(protocol, out, more).end()
    }
}

impl Drop for Machines {
    fn drop(&mut self) {
        for child in self.executors.iter_mut().chain([&mut self.scheduler]) {
            // it may have ended by itself
            drop(child.kill());
            drop(child.wait());
        }
    }
}

fn spawn(arguments: &[&str], environment: &[(&str, String)]) -> Child {
    Command::new(PROGRAM)
        .args(arguments)
        .envs(environment.iter().cloned())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("starts")
}

pub fn listening(port: u16) {
    let began = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(began.elapsed() < Duration::from_secs(60), "nobody listens on port {port}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A run on its way.
pub struct Running(Child);

/// How a run ended, and what it said.
pub struct Ended {
    pub code: Option<i32>,
    pub told: String,
}

impl Running {
    pub fn end(mut self) -> Ended {
        let mut told = String::new();
        let said = self.0.stderr.as_mut().expect("said").read_to_string(&mut told);
        said.expect("text");
        Ended { code: self.0.wait().expect("ends").code(), told }
    }
}

fn begin_at(
    port: u16,
    environment: &[(&str, String)],
    protocol: &Path,
    out: &Path,
    more: &[&str],
) -> Running {
    let child = Command::new(PROGRAM)
        .envs(environment.iter().cloned())
        .arg("run")
        .arg(protocol)
        .arg("--out")
        .arg(out)
        .args(["--cluster", &format!("df://127.0.0.1:{port}")])
        .args(["--no-cache", "--report", "html", "--parts", "4"])
        .args(more)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn();
    Running(child.expect("starts"))
}

pub fn run_at(port: u16, protocol: &Path, out: &Path, more: &[&str]) -> Ended {
    begin_at(port, &[], protocol, out, more).end()
}
