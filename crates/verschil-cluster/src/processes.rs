//! Scheduler and executor: Ballista's own, started from this binary, with the object storage that
//! Ballista's own binaries have.

use std::path::Path;
use std::sync::Arc;

use ballista_core::error::BallistaError;
use ballista_core::object_store::{
    runtime_env_with_s3_support, session_config_with_s3_support, session_state_with_s3_support,
};
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use ballista_scheduler::cluster::BallistaCluster;
use ballista_scheduler::config::SchedulerConfig;
use ballista_scheduler::scheduler_process::start_server;

use crate::connection::Address;

/// Seconds after which an executor that is not heard of is given up, and its work done again.
const GIVEN_UP: u64 = 15;
/// Seconds between signs of life.
const HEARTBEAT: u64 = 3;

/// Runs a scheduler until it is stopped.
pub async fn scheduler(bind: &Address, external: Option<String>) -> Result<(), BallistaError> {
    let config = SchedulerConfig {
        bind_host: bind.host.clone(),
        bind_port: bind.port,
        external_host: external.unwrap_or_else(|| bind.host.clone()),
        executor_timeout_seconds: GIVEN_UP,
        expire_dead_executor_interval_seconds: HEARTBEAT,
        override_config_producer: Some(Arc::new(session_config_with_s3_support)),
        override_session_builder: Some(Arc::new(session_state_with_s3_support)),
        ..SchedulerConfig::default()
    };
    let cluster = BallistaCluster::new_from_config(&config).await?;
    let address = tokio::net::lookup_host((bind.host.as_str(), bind.port)).await?.next();
    let address = address
        .ok_or_else(|| BallistaError::Configuration(format!("{bind} is no address here")))?;
    start_server(cluster, address, Arc::new(config)).await
}

/// What an executor is told.
pub struct Executor<'a> {
    /// Where the scheduler listens.
    pub scheduler: Address,
    /// Where this executor hands out what it made; the port after it takes orders.
    pub bind: Address,
    /// The name by which other machines reach it.
    pub external: Option<String>,
    /// Parts that it works on at once.
    pub cores: usize,
    /// The folder for what is on its way between parts.
    pub work: Option<&'a Path>,
    /// Bytes of memory for tables; a share of what the machine has by default.
    pub memory: Option<u64>,
}

/// Runs an executor until it is stopped.
pub async fn executor(told: &Executor<'_>) -> Result<(), BallistaError> {
    let config = ExecutorProcessConfig {
        bind_host: told.bind.host.clone(),
        external_host: told.external.clone(),
        port: told.bind.port,
        grpc_port: told.bind.port.saturating_add(1),
        scheduler_host: told.scheduler.host.clone(),
        scheduler_port: told.scheduler.port,
        scheduler_connect_timeout_seconds: 20,
        vcores: told.cores,
        work_dir: told.work.map(|work| work.to_string_lossy().into_owned()),
        memory_pool_size: told.memory,
        executor_heartbeat_interval_seconds: HEARTBEAT,
        override_config_producer: Some(Arc::new(session_config_with_s3_support)),
        override_runtime_producer: Some(Arc::new(runtime_env_with_s3_support)),
        ..ExecutorProcessConfig::default()
    };
    start_executor_process(Arc::new(config)).await
}
