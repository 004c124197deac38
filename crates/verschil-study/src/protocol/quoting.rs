//! From a byte of a decoded TOML string back to a byte of the document.

/// Offset in `raw` (the string as written, quotes included) of the byte `at` of `decoded`.
///
/// Nothing when the two do not belong together.
pub(crate) fn raw_offset(raw: &str, decoded: &str, at: usize) -> Option<usize> {
    let map = offsets(raw)?;
    let text: String = map.iter().map(|(character, _)| *character).collect();
    if text != decoded {
        return None;
    }
    let mut position = 0;
    for (character, offset) in &map {
        if position >= at {
            return Some(*offset);
        }
        position += character.len_utf8();
    }
    Some(raw.len().saturating_sub(quote_length(raw)))
}

fn quote_length(raw: &str) -> usize {
    if raw.starts_with("\"\"\"") || raw.starts_with("'''") { 3 } else { 1 }
}

/// Each decoded character with the offset at which it is written.
fn offsets(raw: &str) -> Option<Vec<(char, usize)>> {
    let quotes = quote_length(raw);
    let literal = raw.starts_with('\'');
    let mut start = quotes;
    let body = raw.get(quotes..raw.len().checked_sub(quotes)?)?;
    let mut body = body;
    if quotes == 3 {
        let trimmed = body.strip_prefix("\r\n").or_else(|| body.strip_prefix('\n')).unwrap_or(body);
        start += body.len() - trimmed.len();
        body = trimmed;
    }
    let mut map = Vec::with_capacity(body.len());
    let mut rest = body.char_indices().peekable();
    while let Some((index, character)) = rest.next() {
        if literal || character != '\\' {
            map.push((character, start + index));
            continue;
        }
        let (_, escape) = rest.next()?;
        let digits = match escape {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        if digits > 0 {
            let code: String = (0..digits).map_while(|_| rest.next()).map(|(_, c)| c).collect();
            map.push((char::from_u32(u32::from_str_radix(&code, 16).ok()?)?, start + index));
        } else if escape.is_whitespace() {
            while rest.next_if(|(_, c)| c.is_whitespace()).is_some() {}
        } else {
            map.push((simple_escape(escape)?, start + index));
        }
    }
    Some(map)
}

fn simple_escape(escape: char) -> Option<char> {
    Some(match escape {
        'b' => '\u{8}',
        't' => '\t',
        'n' => '\n',
        'f' => '\u{c}',
        'r' => '\r',
        'e' => '\u{1b}',
        '"' => '"',
        '\\' => '\\',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_survive_escapes_and_long_strings() {
        let cases = [
            (r#""a = b""#, "a = b", 4, 5),
            (r#""\"a\" = b""#, "\"a\" = b", 6, 9),
            (r#""\u00e9 x""#, "\u{e9} x", 3, 8),
            ("'a\\b c'", "a\\b c", 4, 5),
            ("\"\"\"\nab\n c\"\"\"", "ab\n c", 4, 8),
            ("\"\"\"a \\\n   b\"\"\"", "a b", 2, 10),
        ];
        for (raw, decoded, at, offset) in cases {
            assert_eq!(raw_offset(raw, decoded, at), Some(offset), "{raw}");
        }
        assert_eq!(raw_offset("\"a\"", "b", 0), None);
    }
}
