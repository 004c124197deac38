//! The two documents: protocol and results.

pub mod claims;
pub mod expression;
pub mod problem;
pub mod protocol;
pub mod results;

pub use expression::Expression;
pub use problem::{Place, Problem, Severity, nearest};
pub use protocol::*;
pub use results::Text;
