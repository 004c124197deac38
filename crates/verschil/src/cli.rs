//! Commands and their options.

mod asked;
mod records;

use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand, ValueEnum};
use verschil_registry::Memory;
use verschil_registry::synth::{SynthFormat, SynthOptions};
use verschil_study::results::{Results, SCHEMA, masked};
use verschil_study::{Problem, Severity, template};

pub use asked::Asked;
use asked::Formats;

use crate::boundaries;
use crate::exit::Exit;
use crate::lint::lint;
use crate::lock::Standing;
use crate::run::{Event, Failure, Finished, plan, run, run_blind};
use crate::show::{Screen, summary};
use crate::synthesise::{self, synthesise};
use crate::validate::{self, Tally};
use crate::write::{ReportFormat, Telling, Told, write_report};

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
        after_help = "Examples:\n  verschil run studies/castle/protocol.toml --out out/castle\n  \
            verschil run studies/geboortezorg/protocol.toml --out out/geboortezorg --memory 4GB"
    )]
    Run {
        /// The protocol.
        protocol: PathBuf,
        #[command(flatten)]
        asked: Asked,
        /// Limit of memory, such as 4GB or 512MiB: what links do not fit in it goes to disk for a
        /// while. By default half of what is free. The results do not depend on it.
        #[arg(long, value_name = "SIZE")]
        memory: Option<String>,
        /// The folder for what does not fit in memory; by default the one that holds DIR of --out.
        #[arg(long, value_name = "DIR")]
        scratch: Option<PathBuf>,
    },
    /// Fix a protocol before its results are seen, or record what changed since.
    #[command(
        after_help = "Examples:\n  verschil lock studies/castle/protocol.toml --author \"A. Jansen\"\n  \
            verschil lock studies/castle/protocol.toml --author \"A. Jansen\" --amend \\\n    \
            --reason \"2006 counts as treated\" --seen population"
    )]
    Lock {
        /// The protocol.
        protocol: PathBuf,
        /// Who fixes it.
        #[arg(long, value_name = "NAME", env = "VERSCHIL_AUTHOR", default_value = "")]
        author: String,
        /// Record what changed since the lock or the last amendment.
        #[arg(long, requires_all = ["reason", "seen"])]
        amend: bool,
        /// Why the protocol changes.
        #[arg(long, value_name = "TEXT", requires = "amend")]
        reason: Option<String>,
        /// What had been seen by then: nothing, population (with balance and a blind run) or results.
        #[arg(long, value_name = "WHAT", requires = "amend")]
        seen: Option<String>,
    },
    /// Record in the lock that the results are opened, so that a run shows them.
    #[command(
        after_help = "Example:\n  verschil unblind studies/castle/protocol.toml --author \"A. Jansen\" \\\n    \
            --reason \"the steering group has agreed on balance and trends\""
    )]
    Unblind {
        /// The protocol.
        protocol: PathBuf,
        /// Who opens them.
        #[arg(long, value_name = "NAME", env = "VERSCHIL_AUTHOR", default_value = "")]
        author: String,
        /// Why now.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// The folder of a blind run: outcomes without a verdict of the trend rule are named.
        #[arg(long, value_name = "DIR")]
        results: Option<PathBuf>,
        /// Outcomes to show although the trend rule has no verdict on them.
        #[arg(long, value_name = "OUTCOME", value_delimiter = ',')]
        accept_no_verdict: Vec<String>,
    },
    /// Make the synthetic registries of a study, with the true effects beside them.
    #[command(after_help = "Example:\n  verschil synth studies/geboortezorg --scale 0.05\n  \
            verschil run studies/geboortezorg/protocol.toml --out out/geboortezorg")]
    Synth {
        /// The study's folder, with `synth.toml`, `synth_regions.csv` and `regions.csv`.
        study: PathBuf,
        /// The folder of the registries; by default `registries` in the study's folder. One that
        /// holds anything but earlier registries is left alone.
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
        /// Size as a share of the study's own, 0.01 to 50.
        #[arg(long, default_value_t = 1.0, value_name = "X")]
        scale: f64,
        /// Seed of all draws of persons.
        #[arg(long, default_value_t = 2, value_name = "N")]
        seed: u64,
        /// Format of the registries.
        #[arg(long, value_enum, default_value_t = Written::Parquet)]
        format: Written,
        /// First and last year to write; all years by default.
        #[arg(long, value_name = "A-B", value_parser = years)]
        years: Option<(i64, i64)>,
    },
    /// Write the report of earlier results again.
    #[command(after_help = "Example:\n  verschil report out/castle --to out/castle-report")]
    Report {
        /// The folder with `results.json`.
        results: PathBuf,
        /// Where the report goes.
        #[arg(long, value_name = "DIR")]
        to: PathBuf,
        #[command(flatten)]
        told: Formats,
        /// Letters and numbers instead of the names and codes of regions, and no maps.
        #[arg(long)]
        mask_regions: bool,
    },
    /// Audit a table of published claims: numbers and words that cannot all be right.
    #[command(after_help = "Example:\n  verschil lint studies/geboortezorg/published_claims.csv")]
    Lint {
        /// The claims, CSV or a Markdown table.
        claims: PathBuf,
        /// Language of the findings.
        #[arg(long, default_value = "en", value_parser = ["nl", "en"])]
        language: String,
    },
    /// Reproduce numbers of other programs and of papers on this machine.
    #[command(
        after_help = "Examples:\n  verschil validate\n  verschil validate --case castle_wild_bootstrap --all\n  \
            verschil validate --data ../shared --json"
    )]
    Validate {
        /// A folder with `reference` and `data`, for cases whose data cannot travel with the
        /// program; what it lacks comes with the program.
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,
        /// The only case to run.
        #[arg(long = "case", value_name = "ID")]
        case: Option<String>,
        /// Show every number, and what is not compared.
        #[arg(long)]
        all: bool,
    },
}

/// Formats that registries are written in.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Written {
    /// Apache Parquet.
    Parquet,
    /// Semicolons, Windows-1252.
    Csv,
    /// SPSS, compressed.
    Sav,
}

impl From<Written> for SynthFormat {
    fn from(written: Written) -> Self {
        match written {
            Written::Parquet => Self::Parquet,
            Written::Csv => Self::Csv,
            Written::Sav => Self::Sav,
        }
    }
}

/// Two years with a dash, or one.
fn years(text: &str) -> Result<(i64, i64), String> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let year = |text: &str| text.trim().parse::<i64>().map_err(|_| "write years as 2013-2019");
    Ok((year(first)?, year(last)?))
}

/// The command line as it was written; else how the program ends.
///
/// # Errors
/// When it cannot be read, or asks for help.
pub fn parsed<C: Parser>() -> Result<C, Exit> {
    C::try_parse().map_err(|error| {
        let exit = if error.use_stderr() { Exit::Protocol } else { Exit::Done };
        // a closed pipe is no reason to fail
        drop(error.print());
        exit
    })
}

/// Runs the command line.
#[must_use]
pub fn main() -> Exit {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
        .with_writer(std::io::stderr)
        .without_time()
        .init();
    let cli: Cli = match parsed() {
        Ok(cli) => cli,
        Err(exit) => return exit,
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
        Command::Run { protocol, asked, memory, scratch } => {
            let scratch = scratch.unwrap_or_else(|| asked.beside().to_owned());
            let limit = match memory {
                Some(limit) => Memory::parse(&limit, &scratch).map(Some),
                None => Ok(Memory::free(&scratch)),
            };
            match limit {
                Ok(memory) => {
                    let travel = if asked.blind { run_blind } else { run };
                    let request = asked.request(protocol, memory);
                    show_run(|listen| travel(&request, listen), &request.out, &screen)
                }
                Err(problem) => fail(&screen, &[*problem], Exit::Protocol),
            }
        }
        Command::Synth { study, out, scale, seed, format, years } => {
            let out = out.unwrap_or_else(|| study.join("registries"));
            let options = SynthOptions { seed, scale, format: format.into(), years };
            registries(&synthesise::Request { study, out, options }, &screen)
        }
        Command::Report { results, to, told, mask_regions } => {
            report(&results, &to, &told.formats, mask_regions, &screen)
        }
        Command::Lint { claims, language } => audit(&claims, &language, &screen),
        Command::Lock { protocol, author, reason, seen, amend: _ } => {
            records::lock(&protocol, &author, reason.zip(seen), &screen)
        }
        Command::Unblind { protocol, author, reason, results, accept_no_verdict } => {
            let ask = records::Opening { author, reason, results, accepted: accept_no_verdict };
            records::unblind(&protocol, &ask, &screen)
        }
        Command::Validate { data, case, all } => {
            reproduce(&validate::Request { data, case }, all, &screen)
        }
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
    let planned = plan(path, &|event| screen.hear(&event))
        .and_then(|protocol| Ok((Standing::new(&protocol, path)?, protocol)));
    match planned {
        Ok((standing, protocol)) => {
            screen.plan(&protocol, &standing);
            Exit::Done
        }
        Err(problems) => fail(screen, &problems, Exit::Protocol),
    }
}

/// Shows a run on the way and its end.
pub fn show_run(
    travel: impl FnOnce(&dyn Fn(Event)) -> Result<Finished, Failure>,
    out: &Path,
    screen: &Screen,
) -> Exit {
    let outcome = travel(&|event: Event| screen.hear(&event));
    screen.finish();
    match outcome {
        Ok(finished) => {
            screen.result(&summary(&finished.results, out), out);
            if finished.refusals { Exit::Refusals } else { Exit::Done }
        }
        Err(Failure::Protocol(problems)) => fail(screen, &problems, Exit::Protocol),
        Err(Failure::Data(problems)) => fail(screen, &problems, Exit::Data),
        Err(Failure::Unwritten(problem)) => fail(screen, &[*problem], Exit::Unwritten),
    }
}

fn registries(request: &synthesise::Request, screen: &Screen) -> Exit {
    let made = synthesise(request, &|progress| screen.made(&progress));
    screen.finish();
    match made {
        Ok(summary) => {
            screen.registries(&summary, &request.out);
            Exit::Done
        }
        Err(synthesise::Failure::Parameters(problems)) => fail(screen, &problems, Exit::Protocol),
        Err(synthesise::Failure::Unwritten(problems)) => fail(screen, &problems, Exit::Unwritten),
    }
}

fn reproduce(request: &validate::Request, all: bool, screen: &Screen) -> Exit {
    let tally = validate::validate(request, &|event| screen.validating(event, all));
    screen.finish();
    match tally {
        Ok(tally) => {
            screen.validated(&tally, all);
            match tally {
                Tally { differ: 1.., .. } => Exit::Differs,
                Tally { broken: 1.., .. } => Exit::Data,
                _ => Exit::Done,
            }
        }
        Err(problems) => fail(screen, &problems, Exit::Protocol),
    }
}

fn report(folder: &Path, to: &Path, formats: &[ReportFormat], mask: bool, screen: &Screen) -> Exit {
    let results = match results_in(folder) {
        Ok(results) if mask => masked(results),
        Ok(results) => results,
        Err(problem) => return fail(screen, &[*problem], Exit::Data),
    };
    let boundaries = match boundaries::of_results(folder) {
        Ok(boundaries) => boundaries,
        Err(found) => {
            let problem =
                Problem::error("unreadable-boundaries", "the outlines of these results are broken")
                    .found(format!("{}: {found}", folder.join(boundaries::FILE).display()))
                    .hint("remove the file to write the report without maps of shapes");
            return fail(screen, &[problem], Exit::Data);
        }
    };
    let told = Told { results: &results, boundaries: boundaries.as_ref() };
    let telling = Telling { languages: &["nl".to_owned(), "en".to_owned()], formats };
    match write_report(to, told, telling) {
        Ok(warnings) => {
            warnings.iter().for_each(|warning| screen.problem(warning));
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

fn audit(claims: &Path, language: &str, screen: &Screen) -> Exit {
    match lint(claims, language) {
        Ok(linted) => {
            screen.audit(&linted);
            if linted.audit.findings.is_empty() { Exit::Done } else { Exit::Findings }
        }
        Err(problems) => fail(screen, &problems, Exit::Data),
    }
}

/// Results that an earlier run wrote.
fn results_in(folder: &Path) -> Result<Results, Box<Problem>> {
    let path = folder.join("results.json");
    let unreadable = |found: String| {
        Box::new(
            Problem::error("unreadable-results", "these results cannot be read")
                .found(format!("{}: {found}", path.display()))
                .hint("name a folder that `verschil run` wrote"),
        )
    };
    let text = std::fs::read_to_string(&path).map_err(|error| unreadable(error.to_string()))?;
    let of = |text: &str| serde_json::from_str::<Schema>(text).map(|found| found.schema);
    match of(&text).map_err(|error| unreadable(error.to_string()))? {
        schema if schema == SCHEMA => {}
        schema => return Err(Box::new(other_schema(&path, &schema))),
    }
    serde_json::from_str(&text).map_err(|error| unreadable(error.to_string()))
}

/// What every version of the results says of itself.
#[derive(serde::Deserialize)]
struct Schema {
    schema: String,
}

fn other_schema(path: &Path, schema: &str) -> Problem {
    Problem::error("other-schema", "these results are of another version")
        .found(format!("{}: {schema}", path.display()))
        .allowed(SCHEMA)
        .hint("run the protocol again with this verschil; kept sums make that quick")
}

/// Shows problems; gives the exit back.
pub fn fail(screen: &Screen, problems: &[Problem], exit: Exit) -> Exit {
    for problem in problems {
        screen.problem(problem);
    }
    let errors = problems.iter().filter(|p| p.severity == Severity::Error).count();
    screen.note(&format!("{errors} problem{}", if errors == 1 { "" } else { "s" }));
    exit
}
