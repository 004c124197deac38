//! What an engine elsewhere is spoken to through: the only types of DataFusion that this crate shows.

use std::sync::Arc;

pub use datafusion::execution::SessionState;
pub use datafusion::execution::object_store::ObjectStoreRegistry;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::execution::session_state::SessionStateBuilder;
use datafusion::prelude::SessionConfig;
pub use datafusion::prelude::SessionContext;
use verschil_study::Problem;

use crate::engine::{dialect, engine_problem};

/// The state of a session that reads the SQL of this crate as it is meant, and files where `stores`
/// lead; the work is cut into so many parts.
///
/// # Errors
/// When the engine cannot be set up.
pub fn state(
    partitions: usize,
    stores: Arc<dyn ObjectStoreRegistry>,
) -> Result<SessionState, Problem> {
    let config = dialect(SessionConfig::new()).with_target_partitions(partitions.max(1));
    let runtime = RuntimeEnvBuilder::new().with_object_store_registry(stores).build();
    let runtime = runtime.map_err(|error| engine_problem(&error))?;
    let builder =
        SessionStateBuilder::new().with_config(config).with_runtime_env(Arc::new(runtime));
    Ok(builder.with_default_features().build())
}

/// Whether an error is that of an engine elsewhere, which comes as text.
pub(crate) fn failed(text: &str) -> bool {
    let job = text.strip_prefix("Job ").is_some_and(|rest| rest.contains(" failed"));
    job || text.contains("Status {") || text.contains("transport error")
}

/// Words of an error (in small letters) with what they mean and the way out; the first that stand
/// there tell.
type Meaning = (&'static [&'static str], &'static str, &'static str);

const MEANINGS: [Meaning; 7] = [
    (
        &[
            "accessdenied",
            "access denied",
            "unauthenticated",
            "invalidaccesskeyid",
            "403 forbidden",
            // asked for credentials where the environment holds none
            "169.254.169.254",
        ],
        "the object storage refuses access to a machine",
        "give every machine of the cluster its credentials in the environment: \
         AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_ENDPOINT",
    ),
    (
        &["no such file", "not found", "notfound", "permission denied"],
        "an executor cannot read a file",
        "put the files on storage that every executor sees under the same path",
    ),
    (
        &["generic s3 error"],
        "a machine does not reach the object storage",
        "check AWS_ENDPOINT, AWS_REGION and AWS_ALLOW_HTTP in the environment of every machine of \
         the cluster",
    ),
    (
        &["resources exhausted", "resourcesexhausted"],
        "the memory of an executor is too small",
        "give executors more with --memory, or cut the work into more parts with --parts",
    ),
    (
        &["no space left"],
        "the disk of an executor is full",
        "free space in its --work folder, or name another",
    ),
    (
        &["cast error", "casterror", "parseerror", "cannot cast"],
        "a value that cannot be converted",
        "write TRY_CAST in the expression, which gives NULL where CAST fails",
    ),
    (
        &["transport error", "status {", "executor", "connect"],
        "a machine was lost on the way",
        "run it again; the logs of the scheduler and the executors say which",
    ),
];

/// Of errors that no words explain.
const UNKNOWN: (&str, &str) = (
    "the work failed",
    "run it on one machine, or see the logs of the executors; all machines need the same version \
     of Ballista",
);

/// What went wrong elsewhere, without a value, and the way out. Its own words may show one.
pub(crate) fn told(text: &str) -> (String, &'static str) {
    let lower = text.to_lowercase();
    let meant = MEANINGS.iter().find(|(words, ..)| words.iter().any(|word| lower.contains(word)));
    let (found, hint) = meant.map_or(UNKNOWN, |&(_, found, hint)| (found, hint));
    (format!("the cluster: {found}"), hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_from_elsewhere_are_told_without_their_values() {
        let cases = [
            ("Job 7 failed: Object at /x/a.parquet not found: No such file", "cannot read a file"),
            ("Job 7 failed: Generic S3 error: ... 403 Forbidden: 1234", "refuses access"),
            ("Job 7 failed: Generic S3 error: PUT http://169.254.169.254/1234", "refuses access"),
            ("Job 7 failed: Generic S3 error: GET http://s3:1234/: timeout", "does not reach"),
            ("Job 7 failed: Resources exhausted: 3 GB", "memory"),
            (
                "Job 7 failed: ArrowError(CastError(\"Cannot cast string '1234' to Int64\"))",
                "converted",
            ),
            ("Job 7 failed: IoError: No space left on device", "disk"),
            ("Status { code: Unavailable, message: \"1234\" }", "lost"),
            ("Job 7 failed: 1234", "failed"),
        ];
        for (text, expected) in cases {
            assert!(failed(text), "{text}");
            let (found, hint) = told(text);
            assert!(found.starts_with("the cluster: ") && found.contains(expected), "{found}");
            assert!(!found.contains("1234") && !hint.is_empty());
        }
        assert!(!failed("Cannot add 1 and 'a'"));
    }
}
