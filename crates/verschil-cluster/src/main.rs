//! The command line: a run whose rows a cluster reads, and the processes of that cluster.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // a panic is a bug of ours: its message has been printed, and the exit code says so
    std::panic::catch_unwind(verschil_cluster::cli::main)
        .unwrap_or(verschil::exit::Exit::Bug)
        .into()
}
