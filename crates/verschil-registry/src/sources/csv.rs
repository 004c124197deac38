//! Text with a separator, in any encoding.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::PathBuf;
use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, Field, Schema};
use datafusion::dataframe::DataFrame;
use datafusion::prelude::CsvReadOptions;
use encoding_rs::{CoderResult, Encoding};
use verschil_study::{Problem, Source};

use super::{Opening, columns, no_rows, path_text, renamed};
use crate::engine::engine_problem;
use crate::inputs::Input;

pub(super) async fn open(opening: Opening<'_>) -> Result<DataFrame, Vec<Problem>> {
    let (source, input) = (opening.source, opening.input);
    let target = opening.scratch.path().join(format!("{}-{}.csv", source.name, opening.number));
    let (path, names) = readable(source, input, target)
        .and_then(|path| Ok((path.clone(), header(source, input, &path)?)))
        .map_err(|problem| vec![problem])?;
    let found = columns::find(source, &input.file, &names)?;
    let fields: Vec<Field> =
        names.iter().map(|name| Field::new(name, DataType::Utf8, true)).collect();
    let schema = Arc::new(Schema::new(fields));
    let options = CsvReadOptions {
        delimiter: u8::try_from(source.separator).unwrap_or(b','),
        schema: Some(&schema),
        file_extension: "",
        newlines_in_values: true,
        ..CsvReadOptions::new()
    };
    let frame = opening
        .session
        .read_csv(path_text(&path), options)
        .await
        .map_err(|error| vec![engine_problem(&error).at(&source.place)])?;
    renamed(source, frame, &found)
}

/// The file itself when it is UTF-8 as declared, else a transcoded copy.
fn readable(source: &Source, input: &Input, target: PathBuf) -> Result<PathBuf, Problem> {
    let Some(encoding) = Encoding::for_label(source.encoding.as_bytes()) else {
        return Err(Problem::error("unknown-encoding", "this encoding is not known")
            .at(&source.place)
            .found(source.encoding.clone())
            .allowed("a label of the WHATWG encoding standard, such as utf-8 or windows-1252"));
    };
    let copy = (encoding != encoding_rs::UTF_8).then_some(target);
    let unreadable = |error: std::io::Error| {
        Problem::error("unreadable-file", "this file cannot be read or copied")
            .at(&source.place)
            .found(format!("{}: {error}", input.file))
    };
    let mut reader = BufReader::new(File::open(&input.path).map_err(unreadable)?);
    let mut writer = match &copy {
        Some(path) => Some(BufWriter::new(File::create(path).map_err(unreadable)?)),
        None => None,
    };
    let mut decoder = encoding.new_decoder();
    let mut bytes = vec![0; 1 << 16];
    let mut text = String::with_capacity(1 << 18);
    let mut line = 1usize;
    loop {
        let read = reader.read(&mut bytes).map_err(unreadable)?;
        let mut rest = &bytes[..read];
        loop {
            text.clear();
            let (result, used, malformed) = decoder.decode_to_string(rest, &mut text, read == 0);
            if malformed {
                let before = text.split('\u{fffd}').next().unwrap_or_default();
                line += before.matches('\n').count();
                return Err(not_text(source, input, line));
            }
            line += text.matches('\n').count();
            if let Some(writer) = &mut writer {
                writer.write_all(text.as_bytes()).map_err(unreadable)?;
            }
            rest = &rest[used..];
            if result == CoderResult::InputEmpty {
                break;
            }
        }
        if read == 0 {
            break;
        }
    }
    if let Some(mut writer) = writer {
        writer.flush().map_err(unreadable)?;
    }
    Ok(copy.unwrap_or_else(|| input.path.clone()))
}

fn not_text(source: &Source, input: &Input, line: usize) -> Problem {
    Problem::error("not-encoded", format!("{} is not written in {}", input.file, source.encoding))
        .at(&source.place)
        .found(format!("bytes in line {line} that this encoding does not have"))
        .hint("declare the encoding of the file, for example encoding = \"windows-1252\"")
}

fn header(source: &Source, input: &Input, path: &PathBuf) -> Result<Vec<String>, Problem> {
    let broken = |error: csv::Error| {
        Problem::error("unreadable-header", "the header line cannot be read")
            .at(&source.place)
            .found(format!("{}: {error}", input.file))
    };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(u8::try_from(source.separator).unwrap_or(b','))
        .from_path(path)
        .map_err(broken)?;
    let names: Vec<String> = reader
        .headers()
        .map_err(broken)?
        .iter()
        .map(|name| name.trim_start_matches('\u{feff}').to_owned())
        .collect();
    let twice = names.iter().enumerate().find(|(i, name)| names[..*i].contains(name));
    match twice {
        Some((_, name)) => Err(Problem::error("column-twice", "two columns have the same name")
            .at(&source.place)
            .found(format!("`{name}` in {}", input.file))
            .hint("rename one of them in the file")),
        None => match reader.into_byte_records().next() {
            Some(_) => Ok(names),
            None => Err(no_rows(source, input)),
        },
    }
}
