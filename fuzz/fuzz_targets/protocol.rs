//! Any text is answered with a protocol or with problems that stand inside the text; it is every
//! file that it names, too.
#![no_main]

use libfuzzer_sys::fuzz_target;
use verschil_study::Protocol;

fuzz_target!(|text: &str| {
    match Protocol::parse_with("protocol.toml", text, &|_| Ok(text.to_owned())) {
        Ok((protocol, _)) => assert_eq!(protocol.hash().len(), 64),
        Err(problems) => {
            assert!(problems.iter().any(|problem| problem.is_error()));
            for place in problems.iter().filter_map(|problem| problem.place.as_ref()) {
                assert!(place.offset + place.length <= text.len());
            }
        }
    }
});
