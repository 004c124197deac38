//! The text files of the repository, in order of path.

use std::fs;
use std::path::{Path, PathBuf};

/// Endings of the files that are read.
const TEXT: [&str; 6] = ["rs", "md", "toml", "ftl", "sh", "yml"];

/// Folders that start with a point and are read all the same.
const POINTED: [&str; 2] = [".ci", ".github"];

/// One text file.
#[derive(Debug, Clone)]
pub(crate) struct File {
    /// Path from the root, with `/` between its parts.
    pub(crate) path: String,
    /// Content.
    pub(crate) text: String,
}

impl File {
    /// A made-up file.
    pub(crate) fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    /// The file's name without folder and ending.
    pub(crate) fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        name.split('.').next().unwrap_or_default()
    }

    /// Whether the path ends in `.` and this.
    pub(crate) fn is(&self, extension: &str) -> bool {
        self.path.rsplit_once('.').is_some_and(|(_, found)| found == extension)
    }
}

/// The checkout that this test is compiled from.
pub(crate) struct Repository {
    /// Its folder.
    pub(crate) root: PathBuf,
    /// Its text files.
    pub(crate) files: Vec<File>,
}

impl Repository {
    /// Reads the checkout.
    pub(crate) fn here() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let root = root.canonicalize().expect("the crate stands in a repository");
        let mut repository = Self { files: Vec::new(), root };
        let skipped = ignored_folders(&repository.root);
        repository.walk("", &skipped);
        repository.files.sort_by(|a, b| a.path.cmp(&b.path));
        repository
    }

    fn walk(&mut self, folder: &str, skipped: &[String]) {
        let entries = fs::read_dir(self.root.join(folder)).expect("a folder of the repository");
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
            let hidden = name.starts_with('.') && !POINTED.contains(&name.as_str());
            if entry.path().is_dir() {
                if !hidden && !skipped.contains(&name) {
                    self.walk(&path, skipped);
                }
            } else if POINTED.contains(&folder)
                || TEXT.iter().any(|end| path.ends_with(&format!(".{end}")))
            {
                // a file that is being replaced at this moment is seen by the next run
                if let Ok(text) = fs::read_to_string(entry.path()) {
                    self.files.push(File { path, text });
                }
            }
        }
    }
}

/// Folders that `.gitignore` names.
fn ignored_folders(root: &Path) -> Vec<String> {
    let text = fs::read_to_string(root.join(".gitignore")).unwrap_or_default();
    text.lines().filter_map(|line| line.trim().strip_suffix('/')).map(str::to_owned).collect()
}

#[test]
fn the_walk_finds_this_file_and_no_build_output() {
    let files = Repository::here().files;
    assert!(files.iter().any(|file| file.path == "crates/verschil-study/tests/tidy/repository.rs"));
    assert!(files.iter().any(|file| file.path == "Cargo.toml"));
    assert!(!files.iter().any(|file| file.path.starts_with("target/")));
}
