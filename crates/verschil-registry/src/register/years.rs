//! The years of entries: none twice, and what each entry has become.

use verschil_study::{Problem, Register};

use super::Entry;

/// Entries of one code whose years overlap, and those that end before they begin.
pub(super) fn overlaps(register: &Register, entries: &[Entry]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (at, entry) in entries.iter().enumerate() {
        if entry.from > entry.to {
            let message = "a region that ends before it begins";
            problems.push(bad_lines(register, message, &[entry]));
        }
        let earlier = entries[..at].iter().filter(|other| other.code == entry.code);
        for other in earlier.filter(|other| other.from <= entry.to && entry.from <= other.to) {
            let message = "a region with two entries for the same year";
            problems.push(bad_lines(register, message, &[other, entry]));
        }
    }
    problems
}

fn bad_lines(register: &Register, message: &str, entries: &[&Entry]) -> Problem {
    let lines: Vec<String> = entries.iter().map(|entry| entry.line.to_string()).collect();
    Problem::error("register-years", format!("the register of regions: {message}"))
        .at(&register.place)
        .found(format!("`{}` in line {}", entries[0].code, lines.join(" and ")))
        .hint("`valid_from` and `valid_to` are the first and the last year of an entry")
}

/// The entry that follows one: that of its successor, or the next of its own code. Nothing where
/// it is the last, an error where its successor has no entry.
fn next(entries: &[Entry], entry: &Entry) -> Result<Option<usize>, ()> {
    let of = |code: &str| {
        let code = code.to_owned();
        (0..entries.len()).filter(move |&at| entries[at].code == code)
    };
    let Some(successor) = &entry.successor else {
        let later = of(&entry.code).filter(|&at| entries[at].from > entry.to);
        // an entry that ends before it begins is told elsewhere and does not follow itself
        let other = later.filter(|&at| entries[at].line != entry.line);
        return Ok(other.min_by_key(|&at| entries[at].from));
    };
    let year = entry.to.saturating_add(1);
    // the one that is valid when this ends, else the first after it, else the last of all
    let here = of(successor).find(|&at| entries[at].from <= year && year <= entries[at].to);
    let later = || of(successor).filter(|&at| entries[at].from > year);
    here.or_else(|| later().min_by_key(|&at| entries[at].from))
        .or_else(|| of(successor).max_by_key(|&at| entries[at].to))
        .map(Some)
        .ok_or(())
}

/// The code that each entry has become, following successors to the end.
pub(super) fn current(
    register: &Register,
    entries: &[Entry],
    problems: &mut Vec<Problem>,
) -> Vec<String> {
    let mut current = Vec::new();
    for entry in entries {
        let mut last = entry;
        let mut steps = 0;
        let wrong = loop {
            match next(entries, last) {
                Ok(None) => break None,
                Ok(Some(at)) => last = &entries[at],
                Err(()) => break Some("a successor that has no entry of its own"),
            }
            steps += 1;
            if steps > entries.len() {
                break Some("successors that lead in a circle");
            }
        };
        // of a chain that ends in nothing only its last entry is wrong
        if let Some(message) = wrong.filter(|_| steps == 0 || steps > entries.len()) {
            problems.push(
                Problem::error("register-successor", format!("the register of regions: {message}"))
                    .at(&register.place)
                    .found(format!("`{}` in line {} of {}", entry.code, entry.line, register.file))
                    .hint("`successor` is the code that rows of this region get"),
            );
        }
        current.push(last.code.clone());
    }
    current
}
