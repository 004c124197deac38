//! How often each method of inference is wrong when nothing happened.
//!
//! usage: coverage DRAWS [CPS.csv]
//!
//! Draws studies without an effect, asks every row of the table of methods about each, and writes a
//! page: how often the method claims an effect at 5%, how often its interval holds the truth, and
//! how long that interval is, with the Monte Carlo error of each share. The second argument is the
//! state panel of the Current Population Survey, on which placebo laws are drawn.

mod cases;
mod made;
mod page;
mod panel;
mod states;

use std::error::Error;

/// Everything is drawn from this, so that the page can be made again.
const SEED: u64 = 20_240_601;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let draws: usize = arguments.next().ok_or("usage: coverage DRAWS [CPS.csv]")?.parse()?;
    let mut records = Vec::new();
    for (at, case) in made::CASES.iter().enumerate() {
        eprintln!("{}", case.name);
        records.push(made::record(case, draws, SEED + at as u64));
    }
    if let Some(file) = arguments.next() {
        let states = states::States::read(&file)?;
        for treated in [6, 1] {
            eprintln!("placebo laws, {treated} of {}", states::DRAWN);
            records.extend(states.record(treated, draws, SEED + 1000 + treated as u64));
        }
    }
    print!("{}", page::write(&records, draws));
    Ok(())
}
