//! Plan, run, show.
//!
//! The road from protocol to report stands in [`run`]; the other modules are its stages.

pub mod blind;
pub mod boundaries;
pub mod cli;
pub mod estimate;
pub mod exit;
pub mod facts;
pub mod layout;
pub mod lint;
pub mod lock;
pub mod regions;
mod replace;
pub mod robust;
pub mod run;
pub mod show;
pub mod synthesise;
pub mod validate;
pub mod write;
