//! Any bytes are answered with rows or with problems, for files of the format `parquet`.
#![no_main]

mod reading;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| reading::answers("parquet", bytes));
