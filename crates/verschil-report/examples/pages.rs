//! Writes the reports of a file of results, to look at them without the engine.
//!
//! `cargo run -p verschil-report --example pages -- RESULTS.json FOLDER`

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

use verschil_study::results::Results;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args_os().skip(1).map(PathBuf::from);
    let (Some(results), Some(folder)) = (arguments.next(), arguments.next()) else {
        return Err("usage: pages RESULTS.json FOLDER".into());
    };
    let results: Results = serde_json::from_str(&fs::read_to_string(results)?)?;
    fs::create_dir_all(&folder)?;
    for language in ["nl", "en"] {
        let page = verschil_report::html(&results, language)?;
        fs::write(folder.join(format!("report.{language}.html")), page)?;
        let pdf = verschil_report::pdf(&results, language, None)?;
        fs::write(folder.join(format!("report.{language}.pdf")), pdf)?;
    }
    Ok(())
}
