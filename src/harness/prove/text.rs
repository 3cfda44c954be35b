//! The kill matrix as lines of text, the same at every run.
//! Decides nothing.

use std::collections::BTreeMap;

use super::{Kill, Matrix, Red, Result, Row};

/// So many of the cases that catch a defect are named, where a person watches.
const NAMED: usize = 3;

/// What stands above the lines that people review.
const HEAD: &str = "\
# What the suites make of each defect of the mock, one line a defect: id, the requirements that it breaks, the cases
# that are red because of one of them, and behind `|` every other case that is red. `~` stands before a case that only
# warns, `?` before one that only tells. Behind `/` stand the cases that broke as well and are Blocked, because one of
# those before tells the same mistake.
#
# `scimspec prove --reviewed tests/kill-matrix.txt` compares, with `--accept` it rewrites this file.

";

/// What a person reviews: a line for each defect, sorted, and then the cases that none of them turns red.
pub fn reviewed(matrix: &Matrix) -> String {
    let lines: String = by_id(matrix).into_values().map(|line| line + "\n").collect();
    let idle = matrix.idle_cases().map(|case| format!("no defect turns red: {case}\n"));
    format!("{HEAD}{lines}{}", idle.collect::<String>())
}

/// In what the matrix differs from the one that was reviewed: `-` before what was there, `+` before what is. Where the
/// matrix has some defects only, the others are not compared.
pub fn differences(matrix: &Matrix, reviewed: &str) -> Vec<String> {
    let old: BTreeMap<&str, &str> = reviewed.lines().filter_map(|line| Some((id_of(line)?, line))).collect();
    let new = by_id(matrix);
    let mut differences = Vec::new();
    for (id, line) in &new {
        match old.get(id) {
            Some(known) if known == line => {}
            known => {
                differences.extend(known.map(|known| format!("- {known}")));
                differences.push(format!("+ {line}"));
            }
        }
    }
    if matrix.has_all {
        let gone = old.iter().filter(|(id, _)| !new.contains_key(*id));
        differences.extend(gone.map(|(_, line)| format!("- {line}")));
    }
    differences
}

fn by_id(matrix: &Matrix) -> BTreeMap<&'static str, String> {
    matrix.rows.iter().map(|row| (row.id, reviewed_line(row))).collect()
}

/// The defect of a line, where it is about one.
fn id_of(line: &str) -> Option<&str> {
    let (id, _) = line.split_once(" (")?;
    id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-').then_some(id)
}

/// `id (requirements): cases | other cases / cases that are Blocked by one of these`
fn reviewed_line(row: &Row) -> String {
    let mut line = format!("{} ({}):", row.id, row.requirements.join(", "));
    if row.result != Result::Caught {
        line.push_str(&format!(" {}", word(row.result)));
    }
    for (mark, kills) in [("", &row.caught_by), (" |", &row.collateral)] {
        if !kills.is_empty() {
            line.push_str(&format!("{mark} {}", names(kills)));
        }
    }
    if !row.settled.is_empty() {
        line.push_str(&format!(" / {}", row.settled.join(", ")));
    }
    line
}

/// The line of one defect for who watches: not all of the cases that catch it.
pub fn line(row: &Row) -> String {
    let mut line = format!("{}: {}", row.id, word(row.result));
    if !row.caught_by.is_empty() {
        let hidden = row.caught_by.len().saturating_sub(NAMED);
        let mut first: Vec<&Kill> = row.caught_by.iter().collect();
        first.sort_by_key(|kill| std::cmp::Reverse(kill.red));
        let named = names(first.into_iter().take(NAMED));
        let more = if hidden > 0 { format!(" and {hidden} more") } else { String::new() };
        line.push_str(&format!(" by {named}{more}"));
    }
    if !row.collateral.is_empty() {
        line.push_str(&format!(" | {}", names(&row.collateral)));
    }
    line
}

/// What is wrong: defects that are not caught, cases that prove nothing; empty where nothing is. Cases that no defect
/// turns red are told where the matrix has all defects, for else nothing is known of them.
pub fn wrong(matrix: &Matrix) -> String {
    let mut text = String::new();
    let mut section = |title: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            text.push_str(&format!("\n{title} ({})\n", lines.len()));
            lines.iter().for_each(|line| text.push_str(&format!("  {line}\n")));
        }
    };
    let red = matrix.red_without_defect.iter().map(|(case, why)| format!("{case}: {why}"));
    section("Cases that do not pass though nothing is wrong", red.collect());
    section("Defects that are not caught as they should be", matrix.wrong().map(told).collect());
    if matrix.has_all {
        section("Cases that no defect turns red", matrix.idle_cases().map(str::to_owned).collect());
    }
    text
}

fn told(row: &Row) -> String {
    let errors = row.errors.iter().map(|error| format!("\n    could not judge: {error}"));
    format!("{} (breaks {}){}", line(row), row.requirements.join(", "), errors.collect::<String>())
}

/// One line with the counts.
pub fn summary(matrix: &Matrix) -> String {
    let count = |result| matrix.rows.iter().filter(|row| row.result == result).count();
    let collateral = matrix.rows.iter().filter(|row| !row.collateral.is_empty()).count();
    format!(
        "{} defects: {} caught, {} too mildly, {} by other requirements, {} missed, {} with other cases red; \
         {} cases, {} turned red by none\n",
        matrix.rows.len(),
        count(Result::Caught),
        count(Result::TooMild),
        count(Result::CaughtByOthers),
        count(Result::Missed),
        collateral,
        matrix.cases.len(),
        matrix.idle_cases().count(),
    )
}

fn word(result: Result) -> &'static str {
    match result {
        Result::Caught => "caught",
        Result::TooMild => "TOO MILD",
        Result::CaughtByOthers => "CAUGHT BY OTHERS",
        Result::Missed => "MISSED",
    }
}

fn names<'a>(kills: impl IntoIterator<Item = &'a Kill>) -> String {
    let name = |kill: &Kill| match kill.red {
        Red::Told => format!("?{}", kill.case),
        Red::Warned => format!("~{}", kill.case),
        Red::Failed => kill.case.clone(),
    };
    kills.into_iter().map(name).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kill(case: &str, red: Red) -> Kill {
        Kill { case: case.to_owned(), red, because: String::new() }
    }

    fn matrix() -> Matrix {
        let row = |id, requirements, caught_by, collateral| Row {
            id,
            area: "area",
            requirements,
            result: Result::Caught,
            caught_by,
            collateral,
            settled: vec!["g/h/i".to_owned()],
            told: Vec::new(),
            blocked: 3,
            errors: Vec::new(),
        };
        let rows = vec![
            row(
                "z-defect",
                &["7644-1", "7644-2"],
                vec![kill("a/b/c", Red::Failed)],
                vec![kill("d/e/f", Red::Warned)],
            ),
            row("a-defect", &["7644-1"], vec![kill("a/b/c", Red::Told)], Vec::new()),
        ];
        let cases = BTreeMap::from([("x/y/z".to_owned(), Vec::new())]);
        Matrix {
            rows,
            cases,
            red_without_defect: BTreeMap::new(),
            skipped: Default::default(),
            has_all: false,
        }
    }

    #[test]
    fn what_is_reviewed_is_sorted_and_whole() {
        let text = reviewed(&matrix());
        let lines: Vec<&str> =
            text.lines().skip_while(|line| line.starts_with('#') || line.is_empty()).collect();
        let expected = [
            "a-defect (7644-1): ?a/b/c / g/h/i",
            "z-defect (7644-1, 7644-2): a/b/c | ~d/e/f / g/h/i",
            "no defect turns red: x/y/z",
        ];
        assert_eq!(lines, expected);
        assert!(differences(&matrix(), &text).is_empty());
    }

    #[test]
    fn every_difference_is_told() {
        let text = "b-defect (7644-1): q/r/s\nz-defect (7644-1, 7644-2): a/b/c\n";
        let expected = [
            "+ a-defect (7644-1): ?a/b/c / g/h/i",
            "- z-defect (7644-1, 7644-2): a/b/c",
            "+ z-defect (7644-1, 7644-2): a/b/c | ~d/e/f / g/h/i",
        ];
        assert_eq!(differences(&matrix(), text), expected, "defects that were not run are not compared");
    }
}
