//! How the answer was put to the test: what stands beside the estimates of the protocol's design.

mod curve;

pub use curve::curves;
