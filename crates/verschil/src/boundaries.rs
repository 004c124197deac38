//! Outlines of regions: from the file that a protocol names to a file beside the results.

use std::path::Path;

use verschil_report::Boundaries;
use verschil_study::results::RegionRow;
use verschil_study::{Outlines, Problem, Protocol};

/// File of the results that holds the outlines as the report draws them.
pub const FILE: &str = "boundaries.json";
/// Property of that file that holds the code of a region.
const KEY: &str = "code";
/// Codes that a message names at most.
const NAMED: usize = 10;

/// The outlines that a protocol in `folder` names, as coarse as a figure shows them.
///
/// # Errors
/// All problems of the file, at their place in the protocol.
pub fn planned(protocol: &Protocol, folder: &Path) -> Result<Option<Boundaries>, Vec<Problem>> {
    let Some(outlines) = &protocol.region.boundaries else { return Ok(None) };
    let text = std::fs::read_to_string(folder.join(&outlines.file)).map_err(|error| {
        vec![
            Problem::error("unreadable-boundaries", "the boundaries of regions cannot be read")
                .at(&outlines.place)
                .found(format!("{}: {error}", outlines.file))
                .allowed("GeoJSON or TopoJSON, as text in UTF-8")
                .hint("the file is looked for beside the protocol"),
        ]
    })?;
    let read = Boundaries::read(&outlines.file, &text, &outlines.key);
    let read = read.map_err(|problems| -> Vec<Problem> {
        problems.into_iter().map(|problem| placed(problem, outlines)).collect()
    })?;
    Ok(Some(read.simplified()))
}

/// A problem of the file, told at the place in the protocol where the file is named.
fn placed(mut problem: Problem, outlines: &Outlines) -> Problem {
    problem.found = format!("{}: {}", outlines.file, problem.found);
    problem.file.clear();
    problem.at(&outlines.place)
}

/// A warning about regions of the population that have no outline.
#[must_use]
pub fn without(
    protocol: &Protocol,
    boundaries: &Boundaries,
    regions: &[RegionRow],
) -> Option<Problem> {
    let outlines = protocol.region.boundaries.as_ref()?;
    let known = boundaries.codes();
    let studied = regions.iter().filter(|region| region.role != "excluded");
    let studied: Vec<&str> = studied.map(|region| region.code.as_str()).collect();
    let lacking: Vec<&str> = studied.iter().copied().filter(|c| !known.contains(c)).collect();
    if lacking.is_empty() {
        return None;
    }
    let hint = if lacking.len() == studied.len() {
        "no region has an outline: is this the right `key`, and the right file?"
    } else {
        "maps of shapes leave these regions out; boundaries of another year may have them"
    };
    Some(
        Problem::warning("regions-without-boundaries", "regions of the data have no outline")
            .at(&outlines.place)
            .found(format!("{} of {}: {}", lacking.len(), studied.len(), some(&lacking)))
            .allowed(format!("codes under `{}`: {}", outlines.key, some(&known)))
            .hint(hint),
    )
}

fn some(codes: &[&str]) -> String {
    let named = codes.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    if codes.len() > NAMED { format!("{named}, ...") } else { named }
}

/// The outlines beside results, where there are.
///
/// # Errors
/// What is wrong with the file, in one line.
pub fn of_results(folder: &Path) -> Result<Option<Boundaries>, String> {
    let text = match std::fs::read_to_string(folder.join(FILE)) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.to_string()),
    };
    let told = |problems: Vec<Problem>| {
        problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    };
    Boundaries::read(FILE, &text, KEY).map(Some).map_err(told)
}
