//! The same road, its rows read by a Ballista cluster.
//!
//! Scheduler and executors are Ballista's own, and so is all that they are asked to do: SQL
//! built-ins over Parquet files that every machine sees under the same path. What comes back are
//! counts and sums of whole numbers, from which one machine makes the rest.

pub mod cli;
mod connection;
mod processes;
