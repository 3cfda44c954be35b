//! Styles and text for the terminal.
//! Knows nothing of reports.

use std::borrow::Cow;

use anstyle::{AnsiColor, Style};

use crate::event::Outcome;

pub const BOLD: Style = Style::new().bold();
pub const DIM: Style = Style::new().dimmed();
pub const GREEN: Style = AnsiColor::Green.on_default();
pub const RED: Style = AnsiColor::Red.on_default().bold();
pub const YELLOW: Style = AnsiColor::Yellow.on_default();
pub const CYAN: Style = AnsiColor::Cyan.on_default();

/// Lines of a value that are shown where nothing asks for more.
const LINES: usize = 16;
/// Characters of a line that are shown where nothing asks for more.
const CHARACTERS: usize = 400;

pub fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

pub fn outcome_style(outcome: Outcome) -> Style {
    match outcome {
        Outcome::Passed => GREEN,
        Outcome::Failed | Outcome::Errored => RED,
        Outcome::Warned => YELLOW,
        Outcome::Skipped | Outcome::Blocked => DIM,
    }
}

/// `text` without anything that a terminal would obey: a server's answer must not move the cursor.
pub fn safe(text: &str) -> Cow<'_, str> {
    let obeyed = |c: char| c.is_control() && c != '\n' && c != '\t';
    if !text.contains(obeyed) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if obeyed(c) {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// A value of one or several lines under a label, cut to a screen unless `whole`, and saying what was cut.
pub fn labelled(out: &mut String, label: &str, value: &str, whole: bool) {
    let value = safe(value);
    let lines: Vec<&str> = value.lines().collect();
    let shown = if whole { lines.len() } else { lines.len().min(LINES) };
    for (number, line) in lines.iter().take(shown).enumerate() {
        let label = if number == 0 { label } else { "" };
        out.push_str(&format!("    {DIM}{label:<9}{DIM:#} {}\n", cut(line, whole)));
    }
    if lines.len() > shown {
        let rest = lines.len() - shown;
        out.push_str(&format!("    {DIM}{:<9} … {rest} more {}{DIM:#}\n", "", plural(rest, "line")));
    }
}

fn cut(line: &str, whole: bool) -> Cow<'_, str> {
    let length = line.chars().count();
    if whole || length <= CHARACTERS {
        return Cow::Borrowed(line);
    }
    let start: String = line.chars().take(CHARACTERS).collect();
    Cow::Owned(format!("{start} … {} more characters", length - CHARACTERS))
}

/// `word`, with an s where `count` is not one.
pub fn plural(count: usize, word: &str) -> String {
    if count == 1 { word.to_owned() } else { format!("{word}s") }
}

/// The first few of `names` in one line, and how many more there are.
pub fn some_of(names: &[&str], whole: bool) -> String {
    const SHOWN: usize = 4;
    if whole || names.len() <= SHOWN + 1 {
        return names.join(", ");
    }
    let shown: Vec<&str> = names.iter().copied().take(SHOWN).collect();
    format!("{} and {} more", shown.join(", "), names.len() - SHOWN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_shown_instead() {
        assert_eq!(safe("a\u{1b}[2Jb\r\nc"), "a\\u{1b}[2Jb\\r\nc");
    }

    #[test]
    fn what_is_cut_is_said() {
        let mut out = String::new();
        labelled(&mut out, "actual", &"x\n".repeat(20), false);
        assert!(out.contains("… 4 more lines"), "{out}");
        let mut whole = String::new();
        labelled(&mut whole, "actual", &"x\n".repeat(20), true);
        assert_eq!(whole.lines().count(), 20);
        assert!(cut(&"y".repeat(500), false).ends_with("… 100 more characters"));
    }

    #[test]
    fn a_short_list_is_told_whole() {
        assert_eq!(some_of(&["a", "b", "c", "d", "e"], false), "a, b, c, d, e");
        assert_eq!(some_of(&["a", "b", "c", "d", "e", "f"], false), "a, b, c, d and 2 more");
    }
}
