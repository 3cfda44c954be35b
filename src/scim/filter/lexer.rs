//! Filter text as tokens with byte offsets.
//! Knows no grammar beyond words, strings and brackets.

use super::SyntaxError;

#[derive(Debug, Clone, PartialEq)]
pub(in crate::scim) enum Token<'a> {
    Open,
    Close,
    OpenBracket,
    CloseBracket,
    /// A JSON string, unescaped.
    Text(String),
    /// Anything else up to white space or a bracket: a name, keyword, number, or part of a path.
    Word(&'a str),
}

/// A token, where it stands, and whether white space comes before it.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::scim) struct Placed<'a> {
    pub token: Token<'a>,
    pub offset: usize,
    pub spaced: bool,
}

/// Splits the whole text. The only errors are in JSON strings.
pub(in crate::scim) fn tokens(text: &str) -> Result<Vec<Placed<'_>>, SyntaxError> {
    let mut found = Vec::new();
    let mut rest = text;
    loop {
        let trimmed = rest.trim_start_matches([' ', '\t']);
        let spaced = trimmed.len() < rest.len();
        rest = trimmed;
        let offset = text.len() - rest.len();
        let Some(first) = rest.chars().next() else { return Ok(found) };
        let (token, length) = match first {
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            '[' => (Token::OpenBracket, 1),
            ']' => (Token::CloseBracket, 1),
            '"' => string(rest, offset)?,
            _ => {
                let length = rest.find([' ', '\t', '(', ')', '[', ']', '"']).unwrap_or(rest.len());
                (Token::Word(rest.get(..length).unwrap_or_default()), length)
            }
        };
        found.push(Placed { token, offset, spaced });
        rest = rest.get(length..).unwrap_or_default();
    }
}

/// Reads the JSON string at the beginning of `rest`; gives its value and its length in bytes.
fn string(rest: &str, offset: usize) -> Result<(Token<'static>, usize), SyntaxError> {
    let length =
        string_length(rest).ok_or_else(|| SyntaxError::new(offset, "string without closing quote"))?;
    let raw = rest.get(..length).unwrap_or_default();
    match serde_json::from_str::<String>(raw) {
        Ok(value) => Ok((Token::Text(value), length)),
        Err(_) => Err(SyntaxError::new(offset, "string is not a valid JSON string")),
    }
}

fn string_length(rest: &str) -> Option<usize> {
    let mut escaped = false;
    for (index, byte) in rest.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some(index + 1),
            _ => {}
        }
    }
    None
}
