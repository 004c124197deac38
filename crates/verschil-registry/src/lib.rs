//! From registries to cells; the only crate that knows DataFusion.
//!
//! [`extract`] reads the protocol's sources once, as dictionary codes, and gives the sufficient
//! statistics of every linear analysis with the attrition on the way. Person rows never leave it.

mod cache;
mod elsewhere;
mod encode;
mod engine;
mod extract;
mod inputs;
mod link;
mod margins;
mod memory;
mod query;
mod register;
mod reweigh;
mod sources;
pub mod synth;
mod table;

pub use elsewhere::{ObjectStoreRegistry, SessionContext, SessionState, state};
pub use encode::{Checked, Gone, Linkage, Portion, Rate, Stratum, Told};
pub use engine::runtime;
pub use extract::{
    Extract, Progress, Reading, Step, Wanted, extract, extract_by_margins, extract_on,
    extract_within, shape,
};
pub use inputs::{Input, NameParts};
pub use link::LinkKeys;
pub use memory::Memory;
pub use register::RegisteredRegion;
pub use reweigh::Reweighted;
pub use table::{ParquetColumn, write_parquet};
