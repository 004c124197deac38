//! A folder that is replaced as a whole: a killed run leaves the old one or the new one.

use std::path::{Path, PathBuf};

use verschil_study::Problem;

/// What a folder is for, and how one of an earlier time is known.
pub(crate) struct Purpose {
    /// What it holds, in running text.
    pub(crate) holds: &'static str,
    /// Why a folder that is not empty is none of an earlier time; nothing when it is one.
    pub(crate) foreign: fn(&Path) -> Option<String>,
}

/// New content for a folder, made beside it.
pub(crate) struct Replacement {
    target: PathBuf,
    fresh: PathBuf,
    committed: bool,
}

impl Replacement {
    /// Starts an empty folder beside `target`. A target that is not empty must be of an earlier
    /// time: anything else might be somebody's work.
    pub(crate) fn new(target: &Path, purpose: &Purpose) -> Result<Self, Problem> {
        let holds = purpose.holds;
        let refused = |found: String| {
            Problem::error("not-ours", format!("this folder holds something other than {holds}"))
                .found(found)
                .allowed(format!("a new or empty folder, or one with earlier {holds}"))
                .hint("choose another --out")
        };
        let failed = |error: std::io::Error| {
            Problem::error("unwritten", format!("the {holds} could not be written"))
                .found(format!("{}: {error}", target.display()))
                .hint("choose an --out that can be written")
        };
        if target.is_file() {
            return Err(refused(format!("the file {}", target.display())));
        }
        let occupied = target.is_dir() && target.read_dir().map_err(failed)?.next().is_some();
        if let Some(why) = occupied.then(|| (purpose.foreign)(target)).flatten() {
            return Err(refused(format!("the folder {}: {why}", target.display())));
        }
        let parent =
            target.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        std::fs::create_dir_all(parent).map_err(failed)?;
        let name = target.file_name().unwrap_or_default().to_string_lossy().into_owned();
        clear_leftovers(parent, &name);
        let fresh = parent.join(format!(".{name}.new-{}", std::process::id()));
        std::fs::create_dir(&fresh).map_err(failed)?;
        Ok(Self { target: target.to_path_buf(), fresh, committed: false })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.fresh
    }

    /// Puts the new folder in its place.
    pub(crate) fn commit(mut self) -> std::io::Result<()> {
        if self.target.is_dir() {
            exchange(&self.fresh, &self.target)?;
            self.committed = true;
            std::fs::remove_dir_all(&self.fresh)
        } else {
            std::fs::rename(&self.fresh, &self.target)?;
            self.committed = true;
            Ok(())
        }
    }
}

impl Drop for Replacement {
    fn drop(&mut self) {
        if !self.committed {
            // half-written and never seen; what remains is cleared by the next run
            drop(std::fs::remove_dir_all(&self.fresh));
        }
    }
}

/// Swaps two folders in one step where the system can; elsewhere a moment lies between two steps.
fn exchange(fresh: &Path, target: &Path) -> std::io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        match renameat_with(CWD, fresh, CWD, target, RenameFlags::EXCHANGE) {
            Ok(()) => return Ok(()),
            // a file system without exchange
            Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let aside = fresh.with_extension("old");
    std::fs::rename(target, &aside)?;
    std::fs::rename(fresh, target)?;
    std::fs::rename(&aside, fresh)
}

/// Removes what killed runs left beside the target.
fn clear_leftovers(parent: &Path, name: &str) {
    let Ok(entries) = parent.read_dir() else { return };
    let prefix = format!(".{name}.new-");
    for entry in entries.flatten() {
        let file = entry.file_name().to_string_lossy().into_owned();
        let Some(process) = file.strip_prefix(&prefix).and_then(|p| p.parse::<u32>().ok()) else {
            continue;
        };
        if !Path::new(&format!("/proc/{process}")).exists() {
            drop(std::fs::remove_dir_all(entry.path()));
        }
    }
}
