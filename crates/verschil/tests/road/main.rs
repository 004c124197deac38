//! The whole road, from files to results, on real data and on bad data.

mod bad_data;
mod births;
mod blind;
mod boundaries;
mod choices;
mod claims;
mod contract;
mod functions;
mod ledger;
mod lock;
mod margins;
mod maternity;
mod medicaid;
mod models;
mod robust;
mod runs;
mod small;
mod studies;
mod validate;
mod weights;
mod writes;
