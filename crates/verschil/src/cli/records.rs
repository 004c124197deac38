//! The commands that write in a protocol's lock.

use std::path::{Path, PathBuf};

use verschil_study::{Problem, Protocol, Seen, nearest};

use super::{fail, results_in};
use crate::blind::unjudged;
use crate::exit::Exit;
use crate::lock::{self, Amendment, Done, Failure, path_of};
use crate::run::plan;
use crate::show::Screen;

/// `verschil lock`; an amendment is a reason and what had been seen.
pub(super) fn lock(
    path: &Path,
    author: &str,
    amendment: Option<(String, String)>,
    screen: &Screen,
) -> Exit {
    let protocol = match plan(path, &|event| screen.hear(&event)) {
        Ok(protocol) => protocol,
        Err(problems) => return fail(screen, &problems, Exit::Protocol),
    };
    let amendment = match amendment.map(amended).transpose() {
        Ok(amendment) => amendment,
        Err(problem) => return fail(screen, &[*problem], Exit::Protocol),
    };
    tell(lock::lock(path, &protocol, author, amendment.as_ref()), path, &protocol, screen)
}

fn amended((reason, seen): (String, String)) -> Result<Amendment, Box<Problem>> {
    let ids = || Seen::OPTIONS.iter().map(|(id, _)| *id);
    let Some(known) = Seen::from_id(&seen) else {
        let near = nearest(&seen, ids()).map(|near| format!("did you mean `{near}`?"));
        let meanings: Vec<String> =
            Seen::OPTIONS.iter().map(|(id, meaning)| format!("{id}: {meaning}")).collect();
        return Err(Box::new(
            Problem::error("unknown-seen", "--seen says what had been seen before the change")
                .found(seen)
                .allowed(ids().collect::<Vec<_>>().join(", "))
                .hint(near.unwrap_or_else(|| meanings.join(" "))),
        ));
    };
    Ok(Amendment { reason, seen: known })
}

/// What `verschil unblind` is told.
pub(super) struct Opening {
    pub(super) author: String,
    pub(super) reason: String,
    /// Folder of a blind run.
    pub(super) results: Option<PathBuf>,
    /// Outcomes that may be shown without a verdict.
    pub(super) accepted: Vec<String>,
}

/// `verschil unblind`.
pub(super) fn unblind(path: &Path, opening: &Opening, screen: &Screen) -> Exit {
    let protocol = match plan(path, &|event| screen.hear(&event)) {
        Ok(protocol) => protocol,
        Err(problems) => return fail(screen, &problems, Exit::Protocol),
    };
    let Opening { author, reason, results, accepted } = opening;
    if let Some(folder) = results {
        match without_verdict(folder, &protocol, accepted) {
            Ok(Some(warning)) => screen.problem(&warning),
            Ok(None) => {}
            Err((problem, exit)) => return fail(screen, &[*problem], exit),
        }
    }
    tell(lock::unblind(path, &protocol, author, reason, accepted), path, &protocol, screen)
}

/// A warning that names outcomes on which the trend rule had no verdict in a blind run.
fn without_verdict(
    folder: &Path,
    protocol: &Protocol,
    accepted: &[String],
) -> Result<Option<Problem>, (Box<Problem>, Exit)> {
    let results = results_in(folder).map_err(|problem| (problem, Exit::Data))?;
    let (here, there) = (protocol.hash(), &results.provenance.protocol_hash);
    if here != *there {
        let problem = Problem::error("other-protocol", "these results are of another protocol")
            .found(format!("{}: protocol {there}", folder.display()))
            .allowed(format!("protocol {here}"))
            .hint("run this protocol with --blind again");
        return Err((Box::new(problem), Exit::Protocol));
    }
    let without = unjudged(protocol, &results.trend_checks);
    let open: Vec<&str> = without.filter(|id| !accepted.iter().any(|own| own == id)).collect();
    Ok((!open.is_empty() && protocol.study.blind).then(|| {
        Problem::warning("blocked", "outcomes without a verdict of the trend rule stay withheld")
            .found(open.join(", "))
            .hint("--accept-no-verdict with their ids shows them too")
    }))
}

fn tell(done: Result<Done, Failure>, path: &Path, protocol: &Protocol, screen: &Screen) -> Exit {
    let (file, hash) = (path_of(path).display().to_string(), protocol.hash());
    let line = match done {
        Ok(Done::Locked) => format!("{file}: protocol {hash} is locked"),
        Ok(Done::Unchanged) => {
            format!("{file}: nothing has changed since protocol {hash} was locked")
        }
        Ok(Done::Amended { number, changes }) => {
            let places = if changes == 1 { "place" } else { "places" };
            format!(
                "{file}: amendment {number} records a change in {changes} {places}; protocol {hash}"
            )
        }
        Ok(Done::Unblinded) => format!("{file}: it is recorded that the results are opened"),
        Ok(Done::UnblindedBefore) => {
            format!("{file}: the results had been opened before; nothing is recorded")
        }
        Err(Failure::Protocol(problems)) => return fail(screen, &problems, Exit::Protocol),
        Err(Failure::Unwritten(problem)) => return fail(screen, &[*problem], Exit::Unwritten),
    };
    screen.say(&line);
    Exit::Done
}
