//! How much memory a run may take, and where what does not fit goes for a while.

use std::path::{Path, PathBuf};

use sysinfo::System;
use verschil_study::Problem;

/// A limit of memory that the user sets.
///
/// Sums over regions and periods, and the rows that are being read, take what they need, whatever
/// the number of rows; the tables that links are looked up in get the share that [`Self::pool`]
/// gives, and go to disk where that is not enough.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Memory {
    limit: u64,
    folder: PathBuf,
}

/// Units of sizes, with their bytes.
const UNITS: [(&str, u64); 9] = [
    ("tib", 1 << 40),
    ("gib", 1 << 30),
    ("mib", 1 << 20),
    ("kib", 1 << 10),
    ("tb", 1_000_000_000_000),
    ("gb", 1_000_000_000),
    ("mb", 1_000_000),
    ("kb", 1_000),
    ("b", 1),
];

impl Memory {
    /// The smallest limit that can be asked for in words, in bytes.
    pub const LEAST: u64 = 16 << 20;

    /// A limit written as a number and a unit, `4GB` or `512MiB`, and the folder in which a
    /// temporary one is made for what does not fit. Only what lies in that temporary folder is
    /// written and removed.
    ///
    /// # Errors
    /// A problem when the text is no size, or one below [`Self::LEAST`].
    pub fn parse(limit: &str, folder: &Path) -> Result<Self, Box<Problem>> {
        let problem = |message: &str| {
            Problem::error("memory-limit", message)
                .found(format!("`{limit}`"))
                .allowed("a number and one of B, kB, MB, GB, TB, KiB, MiB, GiB, TiB, from 16 MiB")
                .hint("write for instance --memory 4GB")
        };
        let Some(bytes) = bytes(limit) else {
            return Err(Box::new(problem("the limit of memory is no size")));
        };
        if bytes < Self::LEAST {
            return Err(Box::new(problem("the limit of memory is too small to read with")));
        }
        Ok(Self { limit: bytes, folder: folder.to_owned() })
    }

    /// A limit in bytes. A small one means many small parts; one that no part fits into is a problem
    /// of the run.
    #[must_use]
    pub fn new(limit: u64, folder: &Path) -> Self {
        Self { limit, folder: folder.to_owned() }
    }

    /// Half of what is free now, also within the control group of a container: others may need
    /// the rest. None where the system does not say what is free.
    #[must_use]
    pub fn free(folder: &Path) -> Option<Self> {
        let mut system = System::new();
        system.refresh_memory();
        let group = system.cgroup_limits().map_or(u64::MAX, |group| group.free_memory);
        let free = Some(system.available_memory().min(group)).filter(|free| *free > 0);
        free.map(|free| Self::new((free / 2).max(Self::LEAST), folder))
    }

    /// The limit in bytes.
    #[must_use]
    pub fn limit(&self) -> u64 {
        self.limit
    }

    /// Where the temporary folder is made.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Bytes for the tables of links: half, because rows being read, sums and what the system's
    /// allocator keeps back need the rest.
    pub(crate) fn pool(&self) -> usize {
        usize::try_from(self.limit / 2).unwrap_or(usize::MAX)
    }

    /// The limit as the message about it shows it.
    pub(crate) fn shown(&self) -> String {
        const MIB: u64 = 1 << 20;
        if self.limit < MIB {
            format!("{} bytes", self.limit)
        } else {
            format!("{} MiB", self.limit / MIB)
        }
    }
}

/// A size in bytes; none where the text is no size.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn bytes(text: &str) -> Option<u64> {
    const MOST: f64 = (1u64 << 53) as f64;
    let text = text.trim().to_lowercase();
    let (number, unit) = UNITS.iter().find_map(|(unit, bytes)| {
        let number = text.strip_suffix(unit)?.trim_end();
        // "b" also ends "gb" of a number that is none
        number.ends_with(|c: char| c.is_ascii_digit() || c == '.').then_some((number, *bytes))
    })?;
    let plain = number.chars().all(|c| c.is_ascii_digit() || c == '.');
    let number: f64 = Some(number).filter(|_| plain)?.parse().ok()?;
    Some(number * unit as f64).filter(|bytes| *bytes <= MOST).map(|bytes| bytes as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_with_their_units() {
        let pairs = [
            ("4GB", 4_000_000_000),
            ("4 gib", 4 << 30),
            ("512MiB", 512 << 20),
            ("1.5GB", 1_500_000_000),
            (" 100000kB ", 100_000_000),
            ("0.5TiB", 1 << 39),
            ("99999999B", 99_999_999),
        ];
        for (text, expected) in pairs {
            let memory = Memory::parse(text, Path::new("x")).expect(text);
            assert_eq!(memory.limit(), expected, "{text}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn half_of_what_is_free_is_less_than_what_there_is() {
        let told = std::fs::read_to_string("/proc/meminfo").expect("the system tells");
        let total: u64 = told
            .lines()
            .find_map(|line| {
                line.strip_prefix("MemTotal:")?.trim().strip_suffix(" kB")?.parse().ok()
            })
            .expect("a size");
        let limit = Memory::free(Path::new("x")).expect("known").limit();
        assert!((Memory::LEAST..=total * 1024 / 2).contains(&limit), "{limit} of {total} kB");
    }

    #[test]
    fn what_is_no_size_is_told_with_what_is_allowed() {
        for text in ["", "4", "GB", "-4GB", "4G", "4XB", "1e9GB", "nanGB", "4..5GB", "99999999TB"] {
            let problem = Memory::parse(text, Path::new("x")).expect_err(text);
            assert!(problem.message.ends_with("is no size"), "{text}: {problem}");
            assert!(problem.allowed.contains("MiB") && problem.hint.contains("4GB"), "{problem}");
        }
        let problem = Memory::parse("15MiB", Path::new("x")).expect_err("small");
        assert!(problem.message.contains("too small"), "{problem}");
    }
}
