//! The command line.

use std::process::ExitCode;

use verschil::exit::Exit;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // a panic is a bug of ours: its message has been printed, and the exit code says so
    std::panic::catch_unwind(verschil::cli::main).unwrap_or(Exit::Bug).into()
}
