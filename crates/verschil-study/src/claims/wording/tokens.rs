//! Words, numbers and stops of a text.

/// One piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// A word in lower case.
    Word(String),
    /// A number without its sign.
    Number { negative: bool, digits: String },
    /// A comma or a bracket.
    Pause,
    /// The end of a sentence.
    Stop,
}

/// The pieces of a text in lower case.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let letters: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        let letter = letters[at];
        let end = if letter.is_ascii_digit() {
            number_end(&letters, at)
        } else if letter.is_alphanumeric() {
            word_end(&letters, at)
        } else {
            at + 1
        };
        let piece: String = letters[at..end].iter().collect();
        match letter {
            _ if letter.is_ascii_digit() => {
                found.push(Token::Number { negative: negative(&letters, at), digits: piece });
            }
            _ if letter.is_alphanumeric() => {
                found.push(Token::Word(piece.replace('\u{2019}', "'")))
            }
            '.' | '!' | '?' | ';' | ':' => found.push(Token::Stop),
            ',' | '(' | ')' => found.push(Token::Pause),
            // a name that was taken out still parts the words around it
            '\u{2026}' => found.push(Token::Word(piece)),
            _ => {}
        }
        at = end;
    }
    found
}

/// Digits, with marks that more digits follow.
fn number_end(letters: &[char], from: usize) -> usize {
    let digit = |at: usize| letters.get(at).is_some_and(char::is_ascii_digit);
    let mut at = from;
    while digit(at) || (matches!(letters.get(at), Some('.' | ',')) && digit(at + 1)) {
        at += 1;
    }
    at
}

/// Letters and digits, with apostrophes between them.
fn word_end(letters: &[char], from: usize) -> usize {
    let letter = |at: usize| letters.get(at).is_some_and(|c| c.is_alphanumeric());
    let mut at = from;
    while letter(at) || (matches!(letters.get(at), Some('\'' | '\u{2019}')) && letter(at + 1)) {
        at += 1;
    }
    at
}

/// Whether a minus sign stands before a number; the dash of "2018-2021" is none.
fn negative(letters: &[char], at: usize) -> bool {
    let before = |back: usize| at.checked_sub(back).map(|place| letters[place]);
    match before(1) {
        Some('\u{2212}') => true,
        Some('-') => before(2).is_none_or(|c| !c.is_alphanumeric() && c != ')'),
        _ => false,
    }
}
