//! Commands and their options.

use std::path::PathBuf;
use std::time::Duration;

use ballista_core::error::BallistaError;
use clap::{Args, Parser, Subcommand};
use verschil::cli::{Asked, fail, parsed, show_run};
use verschil::exit::Exit;
use verschil::run::run_on;
use verschil::show::Screen;
use verschil_registry::{Reading, extract_on};
use verschil_study::Problem;

use crate::connection::{Address, connect};
use crate::processes::{self, Executor};

/// The same road, its rows read by a cluster of machines.
#[derive(Parser)]
#[command(name = "verschil-cluster", version, about, long_about = None, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Machine-readable output on standard output.
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Run a protocol: the cluster reads and sums, this machine does the rest.
    #[command(
        after_help = "Example:\n  verschil-cluster run studies/geboortezorg/protocol.toml \\\n    \
            --out out/geboortezorg --cluster df://scheduler.local:50050"
    )]
    Run(Run),
    /// Start a scheduler, Ballista's own.
    #[command(
        after_help = "Example:\n  verschil-cluster scheduler --bind 0.0.0.0:50050 --external scheduler.local"
    )]
    Scheduler {
        /// Where it listens.
        #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:50050", value_parser = Address::parse)]
        bind: Address,
        /// The name by which other machines reach it.
        #[arg(long, value_name = "HOST")]
        external: Option<String>,
    },
    /// Start an executor, Ballista's own.
    #[command(
        after_help = "Example:\n  verschil-cluster executor --scheduler scheduler.local:50050 --bind 0.0.0.0:50051 \\\n    \
            --external worker1.local --work /scratch/ballista"
    )]
    Executor {
        /// Where the scheduler listens.
        #[arg(long, value_name = "HOST:PORT", value_parser = Address::parse)]
        scheduler: Address,
        /// Where it listens, on this port and the next.
        #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:50051", value_parser = Address::parse)]
        bind: Address,
        /// The name by which other machines reach it.
        #[arg(long, value_name = "HOST")]
        external: Option<String>,
        /// Parts that it works on at once; all cores by default.
        #[arg(long, default_value_t = 0)]
        cores: usize,
        /// The folder for what is on its way; a temporary one by default.
        #[arg(long, value_name = "DIR")]
        work: Option<PathBuf>,
        /// Bytes of memory for its tables; seven tenths of the machine's by default.
        #[arg(long, value_name = "BYTES")]
        memory: Option<u64>,
    },
}

#[derive(Args)]
struct Run {
    /// The protocol.
    protocol: PathBuf,
    #[command(flatten)]
    asked: Asked,
    /// The scheduler of the cluster.
    #[arg(long, value_name = "df://HOST:PORT", value_parser = Address::parse)]
    cluster: Address,
    /// Parts that the work is cut into: two or three for each core of the cluster.
    #[arg(long, default_value_t = 16)]
    parts: usize,
    /// Seconds to wait for a first answer of the cluster; 0 asks nothing first.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    patience: u64,
}

/// Runs the command line.
#[must_use]
pub fn main() -> Exit {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
        .with_writer(std::io::stderr)
        .init();
    let cli: Cli = match parsed() {
        Ok(cli) => cli,
        Err(exit) => return exit,
    };
    let screen = Screen::new(cli.json);
    match cli.command {
        Command::Run(told) => travel(told, &screen),
        Command::Scheduler { bind, external } => {
            served(&screen, "scheduler", processes::scheduler(&bind, external))
        }
        Command::Executor { scheduler, bind, external, cores, work, memory } => {
            let work = work.as_deref();
            let told = Executor { scheduler, bind, external, cores, work, memory };
            served(&screen, "executor", processes::executor(&told))
        }
    }
}

fn travel(told: Run, screen: &Screen) -> Exit {
    let Run { protocol, asked, cluster, parts, patience } = told;
    let engine = match connect(&cluster, parts, Duration::from_secs(patience)) {
        Ok(engine) => engine,
        Err(problem) => return fail(screen, &[*problem], Exit::Data),
    };
    let blind = asked.blind;
    let request = asked.request(protocol, None);
    let read = |reading: &Reading<'_>| extract_on((&engine.0, &engine.1), reading);
    show_run(|listen| run_on(&request, blind, &read, listen), &request.out, screen)
}

/// Runs a process of the cluster until it is stopped.
fn served(
    screen: &Screen,
    what: &str,
    process: impl Future<Output = Result<(), BallistaError>>,
) -> Exit {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .thread_stack_size(32 << 20)
        .enable_all()
        .build();
    let ended = match runtime {
        Ok(runtime) => runtime.block_on(process).map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    match ended {
        Ok(()) => Exit::Done,
        Err(found) => {
            let problem = Problem::error("no-process", format!("the {what} cannot go on"));
            let hint = "check the addresses, and that the ports are free";
            fail(screen, &[problem.found(found).hint(hint)], Exit::Data)
        }
    }
}
