//! An S3 server on loopback, of a package that pretends to be one.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::machines::{free_port, listening};

/// Names the program of the server: `moto_server` of the Python package moto.
const SERVER: &str = "VERSCHIL_TEST_S3";

/// A server with one bucket.
pub struct Bucket {
    port: u16,
    server: Child,
    name: &'static str,
}

impl Bucket {
    /// Nothing where no server is installed.
    pub fn start(name: &'static str) -> Option<Self> {
        let Some(program) = std::env::var_os(SERVER) else {
            eprintln!("object storage is not tested: {SERVER} does not name moto_server");
            return None;
        };
        let port = free_port();
        let server = Command::new(program)
            .args(["-H", "127.0.0.1", "-p", &port.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("starts");
        let bucket = Self { port, server, name };
        listening(port);
        bucket.put(&format!("/{name}"), &[]);
        Some(bucket)
    }

    /// What every machine finds in its environment.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        vec![
            ("AWS_ENDPOINT", format!("http://127.0.0.1:{}", self.port)),
            ("AWS_ALLOW_HTTP", "true".to_owned()),
            ("AWS_REGION", "eu-west-1".to_owned()),
            ("AWS_ACCESS_KEY_ID", "someone".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "something".to_owned()),
        ]
    }

    /// Puts a file under a key.
    pub fn store(&self, key: &str, file: &Path) {
        let content = std::fs::read(file).expect("file");
        self.put(&format!("/{}/{key}", self.name), &content);
    }

    fn put(&self, path: &str, content: &[u8]) {
        let mut server = TcpStream::connect(("127.0.0.1", self.port)).expect("connected");
        let head = format!(
            "PUT {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            self.port,
            content.len()
        );
        server.write_all(head.as_bytes()).expect("sent");
        server.write_all(content).expect("sent");
        let mut answer = String::new();
        server.read_to_string(&mut answer).expect("answered");
        assert!(answer.lines().next().is_some_and(|line| line.contains("200")), "{answer}");
    }
}

impl Drop for Bucket {
    fn drop(&mut self) {
        // it may have ended by itself
        drop(self.server.kill());
        drop(self.server.wait());
    }
}
