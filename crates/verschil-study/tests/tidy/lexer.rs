//! Rust source with comments and texts blanked out, so that words in them are not taken for code.

/// The same text, line by line and column by column, with a blank for every character that stands
/// in a comment, a text or a character literal.
pub(crate) fn code(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let mut blanked = characters.clone();
    let mut at = 0;
    while at < characters.len() {
        let end = literal_end(&characters, at);
        for place in at..end {
            if characters[place] != '\n' {
                blanked[place] = ' ';
            }
        }
        at = end.max(at + 1);
    }
    blanked.into_iter().collect()
}

/// Where the comment, text or character literal ends that begins here; `at` itself when none does.
fn literal_end(c: &[char], at: usize) -> usize {
    let next = |offset: usize| c.get(at + offset).copied().unwrap_or('\0');
    match (c[at], next(1)) {
        ('/', '/') => (at..c.len()).find(|&i| c[i] == '\n').unwrap_or(c.len()),
        ('/', '*') => block_comment_end(c, at),
        ('"', _) => quoted_end(c, at + 1, '"'),
        ('r', '"' | '#') if !within_name(c, at) => raw_end(c, at),
        ('\'', '\\') => quoted_end(c, at + 1, '\''),
        // otherwise a lifetime
        ('\'', _) if next(2) == '\'' => at + 3,
        _ => at,
    }
}

fn within_name(c: &[char], at: usize) -> bool {
    let before = |back: usize| at.checked_sub(back).map(|i| c[i]);
    let named = |letter: Option<char>| letter.is_some_and(|l| l.is_alphanumeric() || l == '_');
    match before(1) {
        Some('b' | 'c') => named(before(2)),
        other => named(other),
    }
}

fn block_comment_end(c: &[char], at: usize) -> usize {
    let (mut i, mut depth) = (at, 0);
    while i + 1 < c.len() {
        match (c[i], c[i + 1]) {
            ('/', '*') => depth += 1,
            ('*', '/') => depth -= 1,
            _ => {
                i += 1;
                continue;
            }
        }
        i += 2;
        if depth == 0 {
            return i;
        }
    }
    c.len()
}

fn quoted_end(c: &[char], from: usize, quote: char) -> usize {
    let mut i = from;
    while i < c.len() && c[i] != quote {
        i += if c[i] == '\\' { 2 } else { 1 };
    }
    (i + 1).min(c.len())
}

/// End of `r"..."` or `r#"..."#`; a raw name such as `r#type` is none.
fn raw_end(c: &[char], at: usize) -> usize {
    let hashes = c[at + 1..].iter().take_while(|&&x| x == '#').count();
    let open = at + 1 + hashes;
    if c.get(open) != Some(&'"') {
        return at;
    }
    let closes = |&i: &usize| {
        c[i] == '"' && c[i + 1..].iter().take(hashes).filter(|&&x| x == '#').count() == hashes
    };
    (open + 1..c.len()).find(closes).map_or(c.len(), |i| i + 1 + hashes)
}

#[test]
fn comments_and_texts_are_blank_and_code_stays() {
    let text = "let a = \"x // \\\" y\"; // z\nlet b = r#\"q \" }\"#; /* u /* v */ w */ f('}', '\\'', &'a b);";
    let found = code(text);
    for gone in ["x", "y", "z", "q", "u", "v", "w", "}"] {
        assert!(!found.contains(gone), "{gone} in {found}");
    }
    assert!(found.contains("let a = ") && found.contains("let b = "), "{found}");
    assert!(found.contains("&'a b);"), "{found}");
    assert_eq!(found.chars().count(), text.chars().count());
}
