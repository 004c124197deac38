//! A small made-up study on Parquet: births with a link to persons and a register of regions.

use std::path::{Path, PathBuf};

use tempfile::TempDir;
use verschil::run::{Failure, Finished, Request, run};
use verschil::write::ReportFormat;
use verschil_registry::{ParquetColumn, write_parquet};

const PROTOCOL: &str = include_str!("protocol.toml");

/// The study; the folder goes with it.
pub struct Study {
    folder: TempDir,
}

impl Study {
    /// With so many births in each region and year.
    pub fn new(births: usize) -> Self {
        let study = Self { folder: TempDir::new().expect("temporary folder") };
        std::fs::write(study.protocol(), PROTOCOL).expect("protocol");
        let regions: String = (0..8).map(|r| format!("R{r},Region {r},2000,\n")).collect();
        let regions = format!("code,name_en,valid_from,valid_to\n{regions}");
        std::fs::write(study.folder().join("regions.csv"), regions).expect("register");
        study.write_rows(births);
        study
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn protocol(&self) -> PathBuf {
        self.folder().join("protocol.toml")
    }

    /// Replaces a part of the protocol, which must be there.
    pub fn with(self, from: &str, to: &str) -> Self {
        let text = std::fs::read_to_string(self.protocol()).expect("protocol");
        assert!(text.contains(from), "the protocol has no {from:?}");
        std::fs::write(self.protocol(), text.replacen(from, to, 1)).expect("protocol");
        self
    }

    /// The tables of a run on this machine alone, by name.
    pub fn embedded(&self) -> Vec<(String, Vec<u8>)> {
        self.alone().expect("runs");
        tables(&self.folder().join("here"))
    }

    /// A run on this machine alone.
    pub fn alone(&self) -> Result<Finished, Failure> {
        let out = self.folder().join("here");
        let (protocol, formats) = (self.protocol(), vec![ReportFormat::Html]);
        run(&Request { protocol, out, cache: None, memory: None, formats }, &|_| {})
    }

    fn write_rows(&self, births: usize) {
        let mut numbers = Numbers(11);
        let (mut regions, mut years, mut persons) = (Vec::new(), Vec::new(), Vec::new());
        let (mut ages, mut home, mut cents) = (Vec::new(), Vec::new(), Vec::new());
        let (mut known, mut urban) = (Vec::new(), Vec::new());
        for region in 0..8 {
            for year in 2010..2018 {
                for _ in 0..births + region {
                    let person = i64::try_from(persons.len()).expect("few");
                    // two in a hundred are nobody's
                    if numbers.below(50) > 0 {
                        known.push(person);
                        urban.push(i64::try_from(numbers.below(5)).expect("few"));
                    }
                    let treated = region < 3 && year >= 2015;
                    regions.push(format!("R{region}"));
                    years.push(year);
                    persons.push(person);
                    ages.push(i64::try_from(18 + numbers.below(25)).expect("few"));
                    let chance = 30 + region - if treated { 10 } else { 0 };
                    home.push((numbers.below(20) > 0).then(|| numbers.below(100) < chance));
                    cents.push(i64::try_from(250_000 + numbers.below(200_000)).expect("few"));
                }
            }
        }
        let births = vec![
            ("region", ParquetColumn::Text(regions)),
            ("year", ParquetColumn::Integer(years)),
            ("person", ParquetColumn::Integer(persons)),
            ("age", ParquetColumn::Integer(ages)),
            ("home", ParquetColumn::Flag(home)),
            ("cents", ParquetColumn::Integer(cents)),
        ];
        write_parquet(&self.folder().join("births.parquet"), births).expect("births");
        let persons = vec![
            ("person", ParquetColumn::Integer(known)),
            ("urban", ParquetColumn::Integer(urban)),
        ];
        write_parquet(&self.folder().join("persons.parquet"), persons).expect("persons");
    }
}

/// Every table of results, by name.
pub fn tables(out: &Path) -> Vec<(String, Vec<u8>)> {
    let mut tables: Vec<(String, Vec<u8>)> = out
        .join("tables")
        .read_dir()
        .expect("tables")
        .map(|entry| entry.expect("entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "csv"))
        .map(|path| {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, std::fs::read(&path).expect("table"))
        })
        .collect();
    tables.sort();
    tables
}

/// A fixed sequence of numbers, the same on every machine.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, n: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % n
    }
}
