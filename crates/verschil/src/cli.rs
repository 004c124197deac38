//! Commands and their options.

use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand};
use verschil_study::results::Results;
use verschil_study::{Problem, Severity, template};

use crate::exit::Exit;
use crate::run::{Event, Failure, Request, plan, run};
use crate::show::{Screen, summary};
use crate::write::write_report;

/// What did a reform change, for whom, and how sure are we?
#[derive(Parser)]
#[command(name = "verschil", version, about, long_about = None, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Machine-readable output on standard output.
    #[arg(long, global = true)]
    json: bool,
    /// Threads to compute with; all cores by default. The results do not depend on it.
    #[arg(long, global = true, value_name = "N")]
    threads: Option<usize>,
}

#[derive(Subcommand)]
enum Command {
    /// Make a folder with a commented protocol to start from.
    #[command(after_help = "Example:\n  verschil new studies/my_study")]
    New {
        /// The folder to make; its last part becomes the study's id.
        folder: PathBuf,
    },
    /// Check a protocol and list all its problems.
    #[command(after_help = "Example:\n  verschil check studies/castle/protocol.toml")]
    Check {
        /// The protocol.
        protocol: PathBuf,
    },
    /// Print the protocol with every default written out, and its hash.
    #[command(after_help = "Example:\n  verschil plan studies/castle/protocol.toml")]
    Plan {
        /// The protocol.
        protocol: PathBuf,
    },
    /// Run a study: read, estimate, write results and report.
    #[command(
        after_help = "Example:\n  verschil run studies/castle/protocol.toml --out out/castle"
    )]
    Run {
        /// The protocol.
        protocol: PathBuf,
        /// The folder of the results.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// The folder of sums kept between runs; by default `.verschil-cache` beside DIR.
        #[arg(long, value_name = "DIR", conflicts_with = "no_cache")]
        cache: Option<PathBuf>,
        /// Read the data again and keep nothing.
        #[arg(long)]
        no_cache: bool,
    },
    /// Write the report of earlier results again.
    #[command(after_help = "Example:\n  verschil report out/castle --to out/castle-report")]
    Report {
        /// The folder with `results.json`.
        results: PathBuf,
        /// Where the report goes.
        #[arg(long, value_name = "DIR")]
        to: PathBuf,
    },
}

/// Runs the command line.
#[must_use]
pub fn main() -> Exit {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
        .with_writer(std::io::stderr)
        .without_time()
        .init();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let exit = if error.use_stderr() { Exit::Protocol } else { Exit::Done };
            // a closed pipe is no reason to fail
            drop(error.print());
            return exit;
        }
    };
    if let Some(threads) = cli.threads {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.max(1)).build_global();
        if let Err(error) = pool {
            tracing::warn!(%error, "the number of threads could not be set");
        }
    }
    let screen = Screen::new(cli.json);
    match cli.command {
        Command::New { folder } => new(&folder, &screen),
        Command::Check { protocol } => check(&protocol, &screen),
        Command::Plan { protocol } => print_plan(&protocol, &screen),
        Command::Run { protocol, out, cache, no_cache } => {
            let beside = || out.parent().unwrap_or(Path::new(".")).join(".verschil-cache");
            let cache = (!no_cache).then(|| cache.unwrap_or_else(beside));
            execute(&Request { protocol, out, cache }, &screen)
        }
        Command::Report { results, to } => report(&results, &to, &screen),
    }
}

fn new(folder: &Path, screen: &Screen) -> Exit {
    let name = folder.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let id: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let id =
        if id.starts_with(|c: char| c.is_ascii_lowercase()) { id } else { format!("study_{id}") };
    let path = folder.join("protocol.toml");
    if path.exists() {
        let problem = Problem::error("exists", "a protocol stands there already")
            .found(path.display().to_string())
            .hint("choose another folder");
        return fail(screen, &[problem], Exit::Protocol);
    }
    let written =
        std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&path, template(&id)));
    match written {
        Ok(()) => {
            screen.say(&format!("{} is ready; edit it, then: verschil check {0}", path.display()));
            Exit::Done
        }
        Err(error) => {
            let problem = Problem::error("unwritten", "the folder cannot be made")
                .found(format!("{}: {error}", folder.display()));
            fail(screen, &[problem], Exit::Unwritten)
        }
    }
}

fn check(path: &Path, screen: &Screen) -> Exit {
    match plan(path, &|event| screen.hear(&event)) {
        Ok(protocol) => {
            screen.say(&format!(
                "{}: no errors; {} outcomes, {} comparisons, {} treated regions",
                path.display(),
                protocol.outcomes.len(),
                protocol.comparisons.len(),
                protocol.treatment.regions.len()
            ));
            Exit::Done
        }
        Err(problems) => fail(screen, &problems, Exit::Protocol),
    }
}

fn print_plan(path: &Path, screen: &Screen) -> Exit {
    match plan(path, &|event| screen.hear(&event)) {
        Ok(protocol) => {
            screen.plan(&protocol);
            Exit::Done
        }
        Err(problems) => fail(screen, &problems, Exit::Protocol),
    }
}

fn execute(request: &Request, screen: &Screen) -> Exit {
    let outcome = run(request, &|event: Event| screen.hear(&event));
    screen.finish();
    match outcome {
        Ok(finished) => {
            screen.result(&summary(&finished.results, &request.out), &request.out);
            if finished.refusals { Exit::Refusals } else { Exit::Done }
        }
        Err(Failure::Protocol(problems)) => fail(screen, &problems, Exit::Protocol),
        Err(Failure::Data(problems)) => fail(screen, &problems, Exit::Data),
        Err(Failure::Unwritten(problem)) => fail(screen, &[problem], Exit::Unwritten),
    }
}

fn report(folder: &Path, to: &Path, screen: &Screen) -> Exit {
    let path = folder.join("results.json");
    let unreadable = |found: String| {
        Problem::error("unreadable-results", "these results cannot be read")
            .found(format!("{}: {found}", path.display()))
            .hint("name a folder that `verschil run` wrote")
    };
    let results: Result<Results, String> = std::fs::read_to_string(&path)
        .map_err(|error| error.to_string())
        .and_then(|text| serde_json::from_str(&text).map_err(|error| error.to_string()));
    let results = match results {
        Ok(results) => results,
        Err(error) => return fail(screen, &[unreadable(error)], Exit::Data),
    };
    match write_report(to, &results, &["nl".to_owned(), "en".to_owned()]) {
        Ok(()) => {
            screen.say(&format!("reports stand in {}", to.display()));
            Exit::Done
        }
        Err(error) => {
            let problem = Problem::error("unwritten", "the report could not be written")
                .found(format!("{}: {error}", to.display()));
            fail(screen, &[problem], Exit::Unwritten)
        }
    }
}

fn fail(screen: &Screen, problems: &[Problem], exit: Exit) -> Exit {
    for problem in problems {
        screen.problem(problem);
    }
    let errors = problems.iter().filter(|p| p.severity == Severity::Error).count();
    screen.note(&format!("{errors} problem{}", if errors == 1 { "" } else { "s" }));
    exit
}
