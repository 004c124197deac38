//! The exit codes, all of them.

use std::process::ExitCode;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Everything that was asked is done.
    Done,
    /// The program is wrong, not its input.
    Bug,
    /// The protocol, or the command itself, has a problem.
    Protocol,
    /// The data have a problem.
    Data,
    /// Done, but an effect that the report leads with was refused; the results say why.
    Refusals,
    /// Disclosure control refused the export.
    Disclosure,
    /// The results could not be written; earlier results are untouched.
    Unwritten,
    /// The claims were audited, and some do not agree.
    Findings,
    /// A number differs from the reference that `verschil validate` holds it against.
    Differs,
}

impl Exit {
    /// The number that the shell sees.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Bug => 1,
            Self::Protocol => 2,
            Self::Data => 3,
            Self::Refusals => 4,
            Self::Disclosure => 5,
            Self::Unwritten => 6,
            Self::Findings => 7,
            Self::Differs => 8,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
