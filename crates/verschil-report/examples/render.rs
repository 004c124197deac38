//! Writes the report in both languages, and its figures, from a file of results.

use std::error::Error;
use std::fs;
use std::path::PathBuf;

use verschil_study::results::Results;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(input), Some(folder)) = (arguments.next(), arguments.next()) else {
        return Err("usage: render RESULTS.json FOLDER".into());
    };
    let results: Results = serde_json::from_str(&fs::read_to_string(input)?)?;
    let folder = PathBuf::from(folder);
    for language in ["nl", "en"] {
        let figures = folder.join("figures").join(language);
        fs::create_dir_all(&figures)?;
        fs::write(
            folder.join(format!("report.{language}.html")),
            verschil_report::html(&results, language)?,
        )?;
        for figure in verschil_report::figures(&results, language)? {
            fs::write(figures.join(format!("{}.svg", figure.name)), figure.svg)?;
        }
    }
    Ok(())
}
