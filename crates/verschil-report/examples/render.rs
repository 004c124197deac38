//! Writes the report in both languages, and its figures, from a file of results.

use std::error::Error;
use std::fs;
use std::path::PathBuf;

use verschil_report::{Boundaries, Report};
use verschil_study::Problem;
use verschil_study::results::Results;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(input), Some(folder)) = (arguments.next(), arguments.next()) else {
        return Err("usage: render RESULTS.json FOLDER [BOUNDARIES.json PROPERTY]".into());
    };
    let boundaries = match (arguments.next(), arguments.next()) {
        (Some(file), Some(code)) => {
            let read = Boundaries::read(&file, &fs::read_to_string(&file)?, &code);
            let told = |problems: Vec<Problem>| {
                problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
            };
            Some(read.map_err(told)?)
        }
        _ => None,
    };
    let results: Results = serde_json::from_str(&fs::read_to_string(input)?)?;
    let folder = PathBuf::from(folder);
    for language in ["nl", "en"] {
        let report = Report::new(&results, language, boundaries.as_ref())?;
        let figures = folder.join("figures").join(language);
        fs::create_dir_all(&figures)?;
        fs::write(folder.join(format!("report.{language}.html")), report.html())?;
        fs::write(folder.join(format!("report.{language}.pdf")), report.pdf()?)?;
        fs::write(folder.join(format!("report.{language}.docx")), report.docx()?)?;
        fs::write(folder.join(format!("session.{language}.pdf")), report.session()?)?;
        for figure in report.figures() {
            fs::write(figures.join(format!("{}.svg", figure.name)), &figure.svg)?;
        }
    }
    Ok(())
}
