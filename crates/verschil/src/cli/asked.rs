//! Options of a run that do not hang on where its rows are read.

use std::path::{Path, PathBuf};

use clap::Args;
use verschil_registry::Memory;

use crate::run::Request;
use crate::write::ReportFormat;

/// What a run gives and where, wherever its rows are read.
#[derive(Debug, Args)]
pub struct Asked {
    /// The folder of the results.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The folder of sums kept between runs; by default `.verschil-cache` beside DIR.
    #[arg(long, value_name = "DIR", conflicts_with = "no_cache")]
    cache: Option<PathBuf>,
    /// Read the data again and keep nothing.
    #[arg(long)]
    no_cache: bool,
    #[command(flatten)]
    told: Formats,
    /// Show who is studied, balance, earlier trends and power, and nothing from the start on;
    /// keeps no sums. See docs/lock.md.
    #[arg(long)]
    pub blind: bool,
}

impl Asked {
    /// The folder that holds that of the results.
    pub(super) fn beside(&self) -> &Path {
        let parent = self.out.parent().filter(|parent| !parent.as_os_str().is_empty());
        parent.unwrap_or(Path::new("."))
    }

    /// The run that this protocol is asked for.
    #[must_use]
    pub fn request(self, protocol: PathBuf, memory: Option<Memory>) -> Request {
        let kept = self.beside().join(".verschil-cache");
        let cache = (!self.no_cache).then(|| self.cache.unwrap_or(kept));
        Request { protocol, out: self.out, cache, memory, formats: self.told.formats }
    }
}

/// What a report is written as.
#[derive(Debug, Args)]
pub(super) struct Formats {
    /// Formats of the report, with commas between them.
    #[arg(
        long = "report",
        value_enum,
        value_name = "FORMATS",
        value_delimiter = ',',
        default_value = "html,pdf"
    )]
    pub(super) formats: Vec<ReportFormat>,
}
