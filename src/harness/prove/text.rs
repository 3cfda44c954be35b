//! The kill matrix as lines of text, the same at every run.
//! Decides nothing.

use super::{Kill, Matrix, Result, Row};
use crate::event::Outcome;

/// So many of the cases that catch a defect are named.
const NAMED: usize = 3;

/// One line a defect: id, result, the cases that catch it by a requirement that it breaks, and behind `|` all other
/// cases that are red because of it. `~` stands before a case that only warns.
pub fn lines(matrix: &Matrix) -> String {
    matrix.rows.iter().map(|row| line(row) + "\n").collect()
}

/// What a person reviews: the lines of the defects, and then the cases that none of them turns red.
pub fn reviewed(matrix: &Matrix) -> String {
    let idle = matrix.idle_cases().map(|case| format!("no defect turns red: {case}\n"));
    format!("{}\n{}", lines(matrix), idle.collect::<String>())
}

/// The line of one defect.
pub fn line(row: &Row) -> String {
    let mut line = format!("{}: {}", row.id, word(row.result));
    if !row.caught_by.is_empty() {
        let hidden = row.caught_by.len().saturating_sub(NAMED);
        let mut first: Vec<&Kill> = row.caught_by.iter().collect();
        first.sort_by_key(|kill| kill.outcome != Outcome::Failed);
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
    format!(
        "{} defects: {} caught, {} only warned of, {} caught by other requirements, {} missed; {} cases, {} turned red by none\n",
        matrix.rows.len(),
        count(Result::Caught),
        count(Result::OnlyWarned),
        count(Result::CaughtByOthers),
        count(Result::Missed),
        matrix.cases.len(),
        matrix.idle_cases().count(),
    )
}

fn word(result: Result) -> &'static str {
    match result {
        Result::Caught => "caught",
        Result::OnlyWarned => "ONLY WARNED",
        Result::CaughtByOthers => "CAUGHT BY OTHERS",
        Result::Missed => "MISSED",
    }
}

fn names<'a>(kills: impl IntoIterator<Item = &'a Kill>) -> String {
    let name = |kill: &Kill| match kill.outcome {
        Outcome::Warned => format!("~{}", kill.case),
        _ => kill.case.clone(),
    };
    kills.into_iter().map(name).collect::<Vec<_>>().join(", ")
}
