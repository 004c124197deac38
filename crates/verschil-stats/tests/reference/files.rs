//! Files from beside the checkout, or those that are shipped.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use verschil_stats::validate::shipped;

/// The folder that stands beside the checkout, where there is one.
pub fn shared() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    path.join("reference").is_dir().then_some(path)
}

/// From the folder where it has the file, else what is shipped.
pub fn read(folder: Option<&Path>, path: &str) -> Result<Option<String>, String> {
    if let Some(folder) = folder {
        match std::fs::read_to_string(folder.join(path)) {
            Ok(text) => return Ok(Some(text)),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error.to_string()),
        }
    }
    Ok(shipped(path).map(str::to_owned))
}
