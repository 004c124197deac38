//! The first wall: which tokens may occur at all, and how deep they nest.

use sqlparser::ast::Expr;
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Location, Token, TokenWithSpan, Tokenizer, Word};

use super::allowed::REFUSED_WORDS;
use super::{Columns, Fault, MAX_DEPTH, locate};

/// Each level of nesting costs the parser at most a few levels of its own.
const PARSER_DEPTH: usize = 4 * MAX_DEPTH;

/// Parses the text into one syntax tree that uses up every token.
pub(super) fn parse(text: &str, columns: &Columns) -> Result<Expr, Vec<Fault>> {
    let tokens =
        Tokenizer::new(&GenericDialect, text).tokenize_with_location().map_err(|error| {
            let at = locate::offset(text, error.location);
            vec![unreadable(text, at, &error.message)]
        })?;
    let faults = refused(text, columns, &tokens);
    if !faults.is_empty() {
        return Err(faults);
    }
    if tokens.iter().all(|token| matches!(token.token, Token::Whitespace(_) | Token::EOF)) {
        return Err(vec![
            Fault::new("expression-empty", (0, text.len()), "the expression is empty")
                .hint("write a column or a condition over columns"),
        ]);
    }
    let mut parser = Parser::new(&GenericDialect)
        .with_recursion_limit(PARSER_DEPTH)
        .with_tokens_with_locations(tokens);
    let tree = parser.parse_expr().map_err(|error| vec![from_parser(text, &error)])?;
    let rest = parser.peek_token();
    if rest.token == Token::EOF {
        return Ok(tree);
    }
    Err(vec![
        Fault::new(
            "expression-trailing",
            locate::bytes(text, rest.span),
            "the expression ends before this",
        )
        .found(format!("`{}`", rest.token))
        .allowed("one expression")
        .hint(
            "combine conditions with AND or OR, and quote a column whose name is an SQL word: \
             \"name\"",
        ),
    ])
}

/// A fault for a text that is not SQL.
fn unreadable(text: &str, at: usize, message: &str) -> Fault {
    let end = text[at..].chars().next().map_or(at, |character| at + character.len_utf8());
    Fault::new("expression-syntax", (at, end), "the expression cannot be read as SQL")
        .found(message.trim().trim_end_matches(" at"))
        .hint(
            "text is written in single quotes; quote a column whose name is an SQL word: \"name\"",
        )
}

/// Turns an error of the parser into a fault with a place.
fn from_parser(text: &str, error: &ParserError) -> Fault {
    let message = match error {
        ParserError::RecursionLimitExceeded => return too_deep((0, text.len())),
        ParserError::TokenizerError(message) | ParserError::ParserError(message) => message,
    };
    match message.rsplit_once(" at Line: ") {
        Some((said, place)) => {
            let mut numbers = place.split(", Column: ").map(|number| number.trim().parse::<u64>());
            let location = match (numbers.next(), numbers.next()) {
                (Some(Ok(line)), Some(Ok(column))) => Location { line, column },
                _ => Location { line: 1, column: 1 },
            };
            unreadable(text, locate::offset(text, location), said)
        }
        None => unreadable(text, text.len(), message),
    }
}

/// The fault for an expression that nests too deep.
pub(super) fn too_deep(span: (usize, usize)) -> Fault {
    Fault::new("expression-too-deep", span, "the expression nests too deep")
        .allowed(format!("at most {MAX_DEPTH} levels"))
        .hint("use IN (...) for long lists, or compute part of it in the source")
}

/// Every token that is not allowed.
fn refused(text: &str, columns: &Columns, tokens: &[TokenWithSpan]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut depth = 0_usize;
    for (index, token) in tokens.iter().enumerate() {
        let fault = match &token.token {
            Token::LParen => {
                depth += 1;
                None
            }
            Token::RParen => {
                depth = depth.saturating_sub(1);
                None
            }
            Token::Word(_) if joined(columns, tokens, index) => None,
            Token::Word(word) if is_plain(word, "case") => {
                depth += 1;
                None
            }
            Token::Word(word) if is_plain(word, "end") => {
                depth = depth.saturating_sub(1);
                None
            }
            Token::Word(word) => refused_word(word, columns),
            Token::Period if joined(columns, tokens, index) => None,
            other => refused_symbol(other, columns, tokens.get(index + 1)),
        };
        if let Some(fault) = fault {
            faults.push(fault.over(locate::bytes(text, token.span)));
        }
        if depth > MAX_DEPTH {
            faults.push(too_deep(locate::bytes(text, token.span)));
            break;
        }
    }
    faults
}

/// Whether this token is part of a name with a table before it, where there are tables.
fn joined(columns: &Columns, tokens: &[TokenWithSpan], index: usize) -> bool {
    let word = |at: Option<usize>| {
        let token = at.and_then(|at| tokens.get(at)).map(|token| &token.token);
        matches!(token, Some(Token::Word(_)))
    };
    let point = |at: Option<usize>| {
        let token = at.and_then(|at| tokens.get(at)).map(|token| &token.token);
        matches!(token, Some(Token::Period))
    };
    let (before, after) = (index.checked_sub(1), index.checked_add(1));
    let part = if point(Some(index)) {
        word(before) && word(after)
    } else {
        point(before) || point(after)
    };
    part && columns.tables().next().is_some()
}

fn is_plain(word: &Word, name: &str) -> bool {
    word.quote_style.is_none() && word.value.eq_ignore_ascii_case(name)
}

fn refused_word(word: &Word, columns: &Columns) -> Option<Fault> {
    if word.quote_style.is_some() || columns.resembles(&word.value) {
        return None;
    }
    let (_, hint) = REFUSED_WORDS.iter().find(|(name, _)| word.value.eq_ignore_ascii_case(name))?;
    Some(
        Fault::new(
            "expression-not-allowed",
            (0, 0),
            format!("`{}` is not allowed in an expression", word.value),
        )
        .found(format!("`{}`", word.value))
        .allowed("columns, values, operators, CASE, CAST and the listed functions")
        .hint(*hint),
    )
}

fn refused_symbol(token: &Token, columns: &Columns, next: Option<&TokenWithSpan>) -> Option<Fault> {
    let hint = match token {
        Token::EOF
        | Token::Whitespace(_)
        | Token::Number(_, false)
        | Token::SingleQuotedString(_)
        | Token::Eq
        | Token::Neq
        | Token::Lt
        | Token::Gt
        | Token::LtEq
        | Token::GtEq
        | Token::Plus
        | Token::Minus
        | Token::Mul
        | Token::Div
        | Token::Mod
        | Token::Comma
        | Token::DoubleColon => return None,
        Token::Period => return Some(qualified(columns, next)),
        Token::DoubleEq => "write a single `=`",
        Token::StringConcat => "use concat(a, b)",
        Token::SemiColon => "write one expression, without `;`",
        Token::Placeholder(_) | Token::Question | Token::AtSign => {
            "write the value itself; there are no parameters or variables"
        }
        Token::Number(_, true) => "write the number without a letter behind it",
        Token::Tilde | Token::DoubleTilde => "use LIKE",
        Token::ExclamationMark => "use NOT, or `<>` for unequal",
        Token::Char(_) => "check for typographic quotes or dashes; use ' and -",
        _ => "use columns, values, + - * / %, comparisons, AND, OR and NOT",
    };
    Some(
        Fault::new("expression-not-allowed", (0, 0), "this is not allowed in an expression")
            .found(format!("`{token}`"))
            .hint(hint),
    )
}

/// The fault for a name with a table before it, where it cannot have one.
fn qualified(columns: &Columns, next: Option<&TokenWithSpan>) -> Fault {
    let hint = match next.map(|token| &token.token) {
        Some(Token::Word(word)) if columns.find(&word.value).is_some() => {
            format!("write `{}` alone", word.value)
        }
        _ => columns.table_advice().to_owned(),
    };
    Fault::new("expression-qualified", (0, 0), "a name cannot have this table before it")
        .found("`.`")
        .allowed("names without a table before them")
        .hint(hint)
}
