//! Columns of other tables beside those of the base.

/// Name of a column of a link or register beside the columns of the base.
pub(crate) fn beside(table: &str, column: &str) -> String {
    format!("{table}:{column}")
}

/// Name of what is made beside them: unlike any that [`beside`] gives.
pub(crate) fn inner(table: &str, what: &str) -> String {
    format!(":{table}:{what}")
}

/// Canonical SQL with `"table"."column"` written as the one name that [`beside`] gives.
pub(crate) fn flat(sql: &str) -> String {
    #[derive(PartialEq)]
    enum Inside {
        Nothing,
        Text,
        Name,
    }
    let mut inside = Inside::Nothing;
    let mut out = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some(c) = rest.chars().next() {
        let mut step = c.len_utf8();
        match (&inside, c) {
            (Inside::Nothing, '\'') => inside = Inside::Text,
            (Inside::Nothing, '"') => inside = Inside::Name,
            // a doubled quote closes and opens again
            (Inside::Text, '\'') => inside = Inside::Nothing,
            (Inside::Name, '"') if rest.starts_with("\"\"") => {
                out.push('"');
                step = 2;
            }
            (Inside::Name, '"') if rest.starts_with("\".\"") => {
                out.push(':');
                rest = &rest[3..];
                continue;
            }
            (Inside::Name, '"') => inside = Inside::Nothing,
            _ => {}
        }
        out.push(c);
        rest = &rest[step..];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::quoted;

    #[test]
    fn qualified_names_become_one_name() {
        let join = |table, column| quoted(&beside(table, column));
        assert_eq!(
            flat(r#""person"."age" + "age""#),
            format!(r#"{} + "age""#, join("person", "age"))
        );
        assert_eq!(flat(r#"NOT "claims"."linked""#), format!("NOT {}", join("claims", "linked")));
    }

    #[test]
    fn texts_and_odd_names_stay() {
        for sql in
            [r#"'"a"."b"' = "c""#, r#"'it''s "a"."b"'"#, r#""a "".b""#, "1.5 + 2", r#""a" , "b""#]
        {
            assert_eq!(flat(sql), sql);
        }
        assert_eq!(flat(r#""a""b"."c""#), r#""a""b:c""#);
    }
}
