//! A form of filters that RFC 7644 does not have and that clients send, `emails[type eq "work"].value eq "x"`, written by its grammar.
//! Parses nothing else.

/// The filter with each comparison behind brackets moved into them: `emails[(type eq "work") and value eq "x"]`.
/// `None` where there is none.
pub fn moved_inside(filter: &str) -> Option<String> {
    let mut whole = filter.to_owned();
    let mut moved = None;
    // Each round moves one comparison, and none is made anew.
    while let Some(next) = move_one(&whole) {
        whole = next;
        moved = Some(());
    }
    moved.map(|()| whole)
}

fn move_one(filter: &str) -> Option<String> {
    let (open, close) = brackets_with_a_dot_behind(filter)?;
    let before = filter.get(..open)?;
    let inner = filter.get(open + 1..close)?;
    let behind = filter.get(close + 2..)?;
    let length = comparison_length(behind)?;
    let (comparison, rest) = behind.split_at_checked(length)?;
    Some(format!("{before}[({inner}) and {comparison}]{rest}"))
}

/// Offsets of the first `[`, outside of quotes, whose `]` has a dot behind it.
fn brackets_with_a_dot_behind(filter: &str) -> Option<(usize, usize)> {
    let (mut quoted, mut escaped, mut open) = (false, false, None);
    for (at, byte) in filter.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' if !quoted => open = Some(at),
            b']' if !quoted && filter.as_bytes().get(at + 1) == Some(&b'.') => return Some((open?, at)),
            _ => {}
        }
    }
    None
}

/// How long `value eq "x"` at the beginning of the text is: two words, then a quoted text or a third word.
fn comparison_length(text: &str) -> Option<usize> {
    let name = word_length(text)?;
    let operator = word_length(text.get(name..)?)?;
    let value = text.get(name + operator..)?;
    let spaces = value.len() - value.trim_start().len();
    let value = value.trim_start();
    let length = if value.starts_with('"') { quoted_length(value)? } else { word_length(value)? };
    Some(name + operator + spaces + length)
}

/// The white space before a word, and the word.
fn word_length(text: &str) -> Option<usize> {
    let start = text.len() - text.trim_start().len();
    let word = text.get(start..)?;
    let length = word.find([' ', '(', ')', '[', ']']).unwrap_or(word.len());
    (length > 0).then_some(start + length)
}

fn quoted_length(text: &str) -> Option<usize> {
    let mut escaped = false;
    let closing = text.bytes().enumerate().skip(1).find(|(_, byte)| match byte {
        _ if escaped => {
            escaped = false;
            false
        }
        b'\\' => {
            escaped = true;
            false
        }
        byte => *byte == b'"',
    });
    closing.map(|(at, _)| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comparison_behind_brackets_is_moved_into_them() {
        for (sent, meant) in [
            (r#"emails[type eq "work"].value eq "a@b""#, r#"emails[(type eq "work") and value eq "a@b"]"#),
            (
                r#"active eq true and emails[type eq "work" or type eq "x"].value eq "a ] b" and title pr"#,
                r#"active eq true and emails[(type eq "work" or type eq "x") and value eq "a ] b"] and title pr"#,
            ),
            (
                r#"(roles[primary eq true].value eq "\"x")"#,
                r#"(roles[(primary eq true) and value eq "\"x"])"#,
            ),
            (
                r#"a[b eq 1].c eq 2 or d[e eq 3].f eq 4"#,
                r#"a[(b eq 1) and c eq 2] or d[(e eq 3) and f eq 4]"#,
            ),
        ] {
            assert_eq!(moved_inside(sent).as_deref(), Some(meant));
        }
    }

    #[test]
    fn all_else_stays_as_it_is() {
        for filter in
            [r#"userName eq "a[b].c""#, r#"emails[type eq "work"]"#, "a].b eq 1", r#"emails[x eq 1]. "#, ""]
        {
            assert_eq!(moved_inside(filter), None, "{filter}");
        }
    }
}
