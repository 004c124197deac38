//! A small made-up study in a folder of its own: 8 regions, 8 years, a few dozen rows each.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use verschil::run::{Failure, Finished};

use crate::runs::into;

const PROTOCOL: &str = include_str!("../protocols/small.toml");

/// The study; the folder goes with it.
pub struct Study {
    folder: TempDir,
}

impl Study {
    pub fn new() -> Self {
        let study = Self { folder: TempDir::new().expect("temporary folder") };
        study.write("protocol.toml", PROTOCOL.as_bytes());
        study.write("persons.csv", data().as_bytes());
        study
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn protocol(&self) -> PathBuf {
        self.folder().join("protocol.toml")
    }

    pub fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.folder().join(name), bytes).expect("written");
    }

    /// Replaces a part of the protocol, which must be there.
    pub fn with(self, from: &str, to: &str) -> Self {
        let text = std::fs::read_to_string(self.protocol()).expect("protocol");
        assert!(text.contains(from), "the protocol has no {from:?}");
        self.write("protocol.toml", text.replacen(from, to, 1).as_bytes());
        self
    }

    pub fn change_data(&self, change: impl FnOnce(String) -> String) {
        let path = self.folder().join("persons.csv");
        let text = std::fs::read_to_string(&path).expect("data");
        let changed = change(text.clone());
        assert_ne!(text, changed, "the change changes nothing");
        std::fs::write(path, changed).expect("written");
    }

    pub fn run(&self) -> Result<Finished, Failure> {
        into(&self.protocol(), &self.folder().join("out"))
    }
}

/// A fixed sequence of numbers in [0, 1), the same on every machine.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> f64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }
}

fn data() -> String {
    let mut numbers = Numbers(7);
    let mut text = String::from("region,year,age,parity,home,spending,multiple\n");
    for region in 0..8 {
        for year in 2010..2018 {
            for _ in 0..20 + region {
                let treated = region < 3 && year >= 2015;
                let age = 20.0 + 20.0 * numbers.next();
                let parity = ["first", "second", "later"][(3.0 * numbers.next()) as usize];
                let chance = 0.3 + 0.02 * f64::from(region) - if treated { 0.1 } else { 0.0 };
                let home = u8::from(numbers.next() < chance);
                let spending = 3_000.0 + 20.0 * age + 500.0 * numbers.next();
                // spending is not yet known in the last year
                let spending = if year < 2017 { format!("{spending:.2}") } else { String::new() };
                let multiple = u8::from(numbers.next() < 0.03);
                writeln!(text, "R{region},{year},{age:.1},{parity},{home},{spending},{multiple}")
                    .expect("a string takes all");
            }
        }
    }
    text
}
