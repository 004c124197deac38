//! How the cluster is reached.

use std::net::{TcpStream, ToSocketAddrs};
use std::sync::Arc;
use std::time::Duration;

use ballista::prelude::SessionContextExt;
use ballista_core::object_store::{CustomObjectStoreRegistry, S3Options};
use tokio::runtime::Runtime;
use verschil_registry::{SessionContext, runtime, state};
use verschil_study::Problem;

/// Where Ballista's scheduler listens unless it is told otherwise.
pub const PORT: u16 = 50050;

/// Time to wait for a machine that does not answer.
const TIMEOUT: Duration = Duration::from_secs(10);

/// A host and a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Name or number of the host.
    pub host: String,
    /// Port.
    pub port: u16,
}

impl Address {
    /// Reads `df://HOST:PORT`, or `HOST:PORT`, or either without a port.
    ///
    /// # Errors
    /// A sentence that says what is allowed.
    pub fn parse(text: &str) -> Result<Self, String> {
        let allowed = || format!("`{text}` is no address: write df://HOST:PORT");
        let rest = text.strip_prefix("df://").unwrap_or(text).trim_end_matches('/');
        let (host, port) = match rest.rsplit_once(':') {
            Some((host, port)) => (host, port.parse().map_err(|_| allowed())?),
            None => (rest, PORT),
        };
        let plain = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
        if host.is_empty() || !host.chars().all(plain) {
            return Err(allowed());
        }
        Ok(Self { host: host.to_owned(), port })
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

/// A runtime and a session that speaks to the scheduler there; the work is cut into so many parts.
/// A first question has to be answered in time, unless no time is given.
///
/// # Errors
/// When there is no scheduler, or nobody works for it.
pub fn connect(
    address: &Address,
    partitions: usize,
    patience: Duration,
) -> Result<(Runtime, SessionContext), Box<Problem>> {
    let unreachable = |found: String| {
        Box::new(
            Problem::error("no-cluster", "the scheduler of the cluster cannot be reached")
                .found(format!("{address}: {found}"))
                .allowed("a Ballista 55 scheduler that listens there")
                .hint(format!(
                    "start one with verschil-cluster scheduler --bind {address}, or check the \
                     name, the port and the firewall"
                )),
        )
    };
    // a session is made without a word to the scheduler, and would fail at its first query
    let mut hosts = (address.host.as_str(), address.port)
        .to_socket_addrs()
        .map_err(|error| unreachable(error.to_string()))?;
    let host = hosts.next().ok_or_else(|| unreachable("no such host".to_owned()))?;
    TcpStream::connect_timeout(&host, TIMEOUT).map_err(|error| unreachable(error.to_string()))?;
    let runtime = runtime(2)?;
    // credentials come from the environment alone, here as on every machine of the cluster
    let stores = CustomObjectStoreRegistry::new(S3Options::default());
    let state = state(partitions, Arc::new(stores))?;
    let url = format!("df://{address}");
    let session = runtime
        .block_on(SessionContext::remote_with_state(&url, state))
        .map_err(|error| unreachable(error.strip_backtrace()))?;
    if !patience.is_zero() {
        answered(&runtime, &session, address, patience)?;
    }
    Ok((runtime, session))
}

/// A scheduler without executors keeps questions for ever.
fn answered(
    runtime: &Runtime,
    session: &SessionContext,
    address: &Address,
    patience: Duration,
) -> Result<(), Box<Problem>> {
    let ask = async {
        let question = session.sql("SELECT count(*) FROM (VALUES (1)) GROUP BY column1").await?;
        question.collect().await
    };
    let failed = |found: String| {
        Box::new(
            Problem::error("idle-cluster", "nobody works for the scheduler of the cluster")
                .found(found)
                .allowed("a scheduler with executors of the same version")
                .hint(
                    "start executors with verschil-cluster executor --scheduler HOST:PORT; where \
                     they are busy, wait longer with --patience SECONDS",
                ),
        )
    };
    match runtime.block_on(async { tokio::time::timeout(patience, ask).await }) {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(failed(format!("{address}: {}", error.strip_backtrace()))),
        Err(_) => Err(failed(format!("{address}: no answer in {} s", patience.as_secs()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_with_and_without_a_port() {
        let read = |text: &str| Address::parse(text).map(|address| address.to_string());
        assert_eq!(read("df://localhost:1234"), Ok("localhost:1234".to_owned()));
        assert_eq!(read("10.0.0.7"), Ok("10.0.0.7:50050".to_owned()));
        for wrong in ["", "df://", "host:port", "host:99999", "http://host:1", "a b:1"] {
            assert!(read(wrong).is_err_and(|told| told.contains("df://HOST:PORT")), "{wrong}");
        }
    }
}
