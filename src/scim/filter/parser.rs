//! The grammar of filters (RFC 7644 figure 1) by recursive descent, bounded in depth and length.
//! Knows no schema.

use super::lexer::{Placed, Token, tokens};
use super::{AttributePath, Filter, Literal, Operator, SyntaxError};

/// Parentheses, `not` and brackets inside each other at most.
pub const MAX_DEPTH: usize = 64;

/// Bytes of a filter or path at most.
pub const MAX_LENGTH: usize = 64 * 1024;

/// How `and` and `or` without parentheses group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Grouping {
    /// As the RFC has it: `and` binds tighter than `or`.
    #[default]
    AndFirst,
    /// As they come, which is wrong: for services that are wrong on purpose.
    LeftToRight,
}

/// Reads a filter.
///
/// More liberal than the grammar where the RFC's own examples are: white space may be longer than one
/// space, stand inside parentheses and before `(` of `not`, and names may begin with `$`.
pub fn parse(text: &str) -> Result<Filter, SyntaxError> {
    parse_grouped(text, Grouping::AndFirst)
}

/// Reads a filter with another grouping of `and` and `or`.
pub fn parse_grouped(text: &str, grouping: Grouping) -> Result<Filter, SyntaxError> {
    let mut parser = Parser::new(text, grouping)?;
    let filter = parser.filter()?;
    parser.expect_end()?;
    Ok(filter)
}

/// Reads tokens from left to right; also used by the PATCH path, whose brackets hold a filter.
pub(in crate::scim) struct Parser<'a> {
    tokens: std::iter::Peekable<std::vec::IntoIter<Placed<'a>>>,
    end: usize,
    depth: usize,
    grouping: Grouping,
}

impl<'a> Parser<'a> {
    pub(in crate::scim) fn new(text: &'a str, grouping: Grouping) -> Result<Self, SyntaxError> {
        if text.len() > MAX_LENGTH {
            return Err(SyntaxError::new(MAX_LENGTH, format!("longer than {MAX_LENGTH} bytes")));
        }
        Ok(Self { tokens: tokens(text)?.into_iter().peekable(), end: text.len(), depth: 0, grouping })
    }

    fn filter(&mut self) -> Result<Filter, SyntaxError> {
        match self.grouping {
            Grouping::AndFirst => self.disjunction(),
            Grouping::LeftToRight => self.in_order(),
        }
    }

    fn disjunction(&mut self) -> Result<Filter, SyntaxError> {
        let mut terms = vec![self.conjunction()?];
        while self.take_logical("or")? {
            terms.push(self.conjunction()?);
        }
        Ok(one_or(terms, Filter::Or))
    }

    fn conjunction(&mut self) -> Result<Filter, SyntaxError> {
        let mut terms = vec![self.term()?];
        while self.take_logical("and")? {
            terms.push(self.term()?);
        }
        Ok(one_or(terms, Filter::And))
    }

    /// One keyword behind another of its kind makes the list longer; a change of keyword nests.
    fn in_order(&mut self) -> Result<Filter, SyntaxError> {
        let mut filter = self.term()?;
        let (mut last, mut nested) = (None, 0);
        loop {
            let is_and = self.take_logical("and")?;
            if !is_and && !self.take_logical("or")? {
                return Ok(filter);
            }
            let term = self.term()?;
            filter = match filter {
                Filter::And(filters) if last == Some(true) && is_and => Filter::And(with(filters, term)),
                Filter::Or(filters) if last == Some(false) && !is_and => Filter::Or(with(filters, term)),
                first => {
                    nested += 1;
                    if self.depth + nested > MAX_DEPTH {
                        return Err(SyntaxError::new(self.end, format!("nested deeper than {MAX_DEPTH}")));
                    }
                    if is_and { Filter::And(vec![first, term]) } else { Filter::Or(vec![first, term]) }
                }
            };
            last = Some(is_and);
        }
    }

    fn term(&mut self) -> Result<Filter, SyntaxError> {
        let Some(placed) = self.tokens.next() else { return Err(self.ended("an expression")) };
        match placed.token {
            Token::Open => self.group(placed.offset),
            Token::Word(word) if word.eq_ignore_ascii_case("not") && self.next_is(&Token::Open) => {
                self.tokens.next();
                Ok(Filter::Not(Box::new(self.group(placed.offset)?)))
            }
            Token::Word(word) => self.expression(parse_attribute_path(word, placed.offset)?),
            _ => Err(SyntaxError::new(placed.offset, "expected an attribute name, \"not\" or \"(\"")),
        }
    }

    /// What follows an opening parenthesis, with the closing one.
    fn group(&mut self, offset: usize) -> Result<Filter, SyntaxError> {
        self.descend(offset)?;
        let filter = self.filter()?;
        self.depth -= 1;
        self.expect(&Token::Close, "\")\"")?;
        Ok(filter)
    }

    /// What follows an attribute: a value filter, `pr` or a comparison.
    fn expression(&mut self, path: AttributePath) -> Result<Filter, SyntaxError> {
        if let Some(inner) = self.take_brackets()? {
            return Ok(Filter::Values(path, Box::new(inner)));
        }
        let Some(Placed { token, offset, spaced }) = self.tokens.next() else {
            return Err(self.ended("an operator"));
        };
        let Token::Word(word) = token else { return Err(SyntaxError::new(offset, "expected an operator")) };
        if !spaced {
            return Err(SyntaxError::new(offset, "expected a space before the operator"));
        }
        if word.eq_ignore_ascii_case("pr") {
            return Ok(Filter::Present(path));
        }
        let operator = Operator::parse(word)
            .ok_or_else(|| SyntaxError::new(offset, format!("unknown operator {word:?}")))?;
        Ok(Filter::Compare(path, operator, self.literal()?))
    }

    /// `[filter]`, where it comes next. A value filter inside another is refused.
    pub(in crate::scim) fn take_brackets(&mut self) -> Result<Option<Filter>, SyntaxError> {
        let Some(open) = self.tokens.next_if(|p| p.token == Token::OpenBracket) else { return Ok(None) };
        self.descend(open.offset)?;
        let filter = self.filter()?;
        self.depth -= 1;
        self.expect(&Token::CloseBracket, "\"]\"")?;
        if has_values(&filter) {
            return Err(SyntaxError::new(open.offset, "a value filter inside another"));
        }
        Ok(Some(filter))
    }

    fn literal(&mut self) -> Result<Literal, SyntaxError> {
        let Some(Placed { token, offset, spaced }) = self.tokens.next() else {
            return Err(self.ended("a value"));
        };
        if !spaced {
            return Err(SyntaxError::new(offset, "expected a space before the value"));
        }
        match token {
            Token::Text(text) => Ok(Literal::String(text)),
            Token::Word(word) => word_literal(word, offset),
            _ => Err(SyntaxError::new(offset, "expected a value")),
        }
    }

    /// Takes `and` or `or` where it comes next; it must stand between spaces.
    fn take_logical(&mut self, keyword: &str) -> Result<bool, SyntaxError> {
        let is_keyword =
            |p: &Placed<'_>| matches!(p.token, Token::Word(w) if w.eq_ignore_ascii_case(keyword));
        let Some(taken) = self.tokens.next_if(is_keyword) else { return Ok(false) };
        let spaced_after = self.tokens.peek().is_none_or(|next| next.spaced);
        if taken.spaced && spaced_after {
            return Ok(true);
        }
        Err(SyntaxError::new(taken.offset, format!("expected spaces around {keyword:?}")))
    }

    /// Takes one word, as it is.
    pub(in crate::scim) fn take_word(&mut self) -> Option<(&'a str, usize, bool)> {
        let placed = self.tokens.next_if(|p| matches!(p.token, Token::Word(_)))?;
        match placed.token {
            Token::Word(word) => Some((word, placed.offset, placed.spaced)),
            _ => None,
        }
    }

    fn next_is(&mut self, token: &Token<'_>) -> bool {
        self.tokens.peek().is_some_and(|placed| placed.token == *token)
    }

    fn descend(&mut self, offset: usize) -> Result<(), SyntaxError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(SyntaxError::new(offset, format!("nested deeper than {MAX_DEPTH}")));
        }
        Ok(())
    }

    fn expect(&mut self, token: &Token<'_>, what: &str) -> Result<(), SyntaxError> {
        match self.tokens.next() {
            Some(placed) if placed.token == *token => Ok(()),
            Some(placed) => Err(SyntaxError::new(placed.offset, format!("expected {what}"))),
            None => Err(self.ended(what)),
        }
    }

    pub(in crate::scim) fn expect_end(&mut self) -> Result<(), SyntaxError> {
        match self.tokens.next() {
            Some(placed) => Err(SyntaxError::new(placed.offset, "expected \"and\", \"or\" or the end")),
            None => Ok(()),
        }
    }

    fn ended(&self, what: &str) -> SyntaxError {
        SyntaxError::new(self.end, format!("expected {what}"))
    }
}

fn with(mut terms: Vec<Filter>, term: Filter) -> Vec<Filter> {
    terms.push(term);
    terms
}

fn one_or(mut terms: Vec<Filter>, many: fn(Vec<Filter>) -> Filter) -> Filter {
    match (terms.len(), terms.pop()) {
        (1, Some(only)) => only,
        (_, last) => {
            terms.extend(last);
            many(terms)
        }
    }
}

fn has_values(filter: &Filter) -> bool {
    match filter {
        Filter::And(filters) | Filter::Or(filters) => filters.iter().any(has_values),
        Filter::Not(inner) => has_values(inner),
        Filter::Values(..) => true,
        Filter::Present(_) | Filter::Compare(..) => false,
    }
}

fn word_literal(word: &str, offset: usize) -> Result<Literal, SyntaxError> {
    let keyword = [("true", Literal::Bool(true)), ("false", Literal::Bool(false)), ("null", Literal::Null)];
    if let Some((_, literal)) = keyword.into_iter().find(|(k, _)| k.eq_ignore_ascii_case(word)) {
        return Ok(literal);
    }
    match serde_json::from_str(word) {
        Ok(number) => Ok(Literal::Number(number)),
        Err(_) => Err(SyntaxError::new(
            offset,
            format!("{word:?} is no value: expected a quoted string, a number, true, false or null"),
        )),
    }
}

/// Reads `[schema:]name[.sub]`, `offset` being where `text` stands.
pub(in crate::scim) fn parse_attribute_path(text: &str, offset: usize) -> Result<AttributePath, SyntaxError> {
    let (schema, rest) = match text.rsplit_once(':') {
        Some((schema, rest)) => (Some(schema), rest),
        None => (None, text),
    };
    let start = offset + text.len() - rest.len();
    if schema.is_some_and(|uri| !is_uri(uri)) {
        return Err(SyntaxError::new(offset, "the schema in front of the attribute is no URI"));
    }
    let (name, sub) = match rest.split_once('.') {
        Some((name, sub)) => (name, Some(sub)),
        None => (rest, None),
    };
    for part in [Some(name), sub].into_iter().flatten() {
        if !is_attribute_name(part) {
            return Err(SyntaxError::new(start, format!("{rest:?} is no attribute name")));
        }
    }
    Ok(AttributePath {
        schema: schema.map(str::to_owned),
        name: name.to_owned(),
        sub: sub.map(str::to_owned),
    })
}

/// A letter, or `$` because of `$ref`, and then letters, digits, `-`, `_` and `$`.
fn is_attribute_name(text: &str) -> bool {
    let mut letters = text.strip_prefix('$').unwrap_or(text).chars();
    letters.next().is_some_and(|c| c.is_ascii_alphabetic())
        && letters.all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '$'))
}

/// A scheme, a colon and more.
fn is_uri(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, rest)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
            && !rest.is_empty()
            && rest.bytes().all(|b| b.is_ascii_graphic())
    })
}

#[cfg(test)]
mod tests;
