//! Any text is refused as a lock with its places, or is one that reads back to itself.
#![no_main]

use libfuzzer_sys::fuzz_target;
use verschil_study::Lock;

fuzz_target!(|text: &str| {
    match Lock::parse("protocol.lock.toml", text) {
        Ok(lock) => assert_eq!(Lock::parse("again", &lock.to_toml()), Ok(lock)),
        Err(problems) => assert!(problems.iter().all(|problem| problem.place.is_some())),
    }
});
