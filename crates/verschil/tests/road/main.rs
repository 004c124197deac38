//! The whole road, from files to results, on real data and on bad data.

mod bad_data;
mod births;
mod boundaries;
mod choices;
mod contract;
#[path = "../../../verschil-stats/tests/reference/ledger.rs"]
mod ledger;
mod maternity;
mod medicaid;
mod models;
mod robust;
mod runs;
mod small;
mod studies;
mod weights;
mod writes;
