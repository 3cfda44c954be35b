//! Selecting cases: patterns over case id, section, tag, level and requirement.
//! Must not know why a selected case may still be skipped.

use std::collections::BTreeSet;

use crate::event::CaseInfo;
use crate::nearest::nearest;
use crate::spec::Level;

/// What the user wants to run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Patterns, one of which a case must match; empty selects all. A pattern is an id or a part of its path
    /// (`rfc7644/filter`), an id with `*` and `?`, a section (`7644 3.4.2.2`), a tag, a level, or a requirement;
    /// `id:`, `section:`, `tag:`, `level:` and `requirement:` before it say which.
    pub only: Vec<String>,
    /// Patterns, none of which a case may match.
    pub skip: Vec<String>,
    /// Tags, one of which a case must have; empty: any.
    pub tags: Vec<String>,
    /// Levels, one of which a case must have, as patterns: `MUST`, `SHOULD NOT`; empty: any.
    pub levels: Vec<String>,
    /// Only what changes nothing.
    pub read_only: bool,
}

/// A selection that nothing can be made of: the user's mistake.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    #[error("nothing is called `{pattern}`{}", near.as_ref().map(|w| format!("; did you mean `{w}`?")).unwrap_or_default())]
    UnknownPattern { pattern: String, near: Option<String> },
    #[error(
        "no case has the tag `{tag}`{}; there are {}",
        near.as_ref().map(|w| format!(" (did you mean `{w}`?)")).unwrap_or_default(),
        known.join(", ")
    )]
    UnknownTag { tag: String, near: Option<String>, known: Vec<String> },
    #[error("no case is selected{}", match selection { s if s.is_empty() => String::new(), s => format!(" by {s}") })]
    NothingSelected { selection: String },
}

impl Selection {
    /// The cases of `all` that are wanted, by index.
    pub(super) fn choose(&self, all: &[CaseInfo]) -> Result<Vec<usize>, PlanError> {
        for pattern in self.only.iter().chain(&self.skip) {
            if !all.iter().any(|info| matches(pattern, info)) {
                return Err(PlanError::UnknownPattern { pattern: pattern.clone(), near: near(pattern, all) });
            }
        }
        for tag in &self.tags {
            if !all.iter().any(|info| matches_tag(tag, info)) {
                let known: BTreeSet<&String> = all.iter().flat_map(|info| &info.tags).collect();
                let near = nearest(tag, known.iter().map(|tag| tag.as_str())).map(str::to_owned);
                let known = known.into_iter().cloned().collect();
                return Err(PlanError::UnknownTag { tag: tag.clone(), near, known });
            }
        }
        let wanted = |info: &CaseInfo| {
            (self.tags.is_empty() || self.tags.iter().any(|tag| matches_tag(tag, info)))
                && (self.levels.is_empty() || self.levels.iter().any(|level| matches_level(level, info)))
                && (self.only.is_empty() || self.only.iter().any(|pattern| matches(pattern, info)))
                && !self.skip.iter().any(|pattern| matches(pattern, info))
        };
        let chosen: Vec<usize> = (0..all.len()).filter(|&i| all.get(i).is_some_and(wanted)).collect();
        match chosen.is_empty() {
            true => Err(PlanError::NothingSelected { selection: self.to_string() }),
            false => Ok(chosen),
        }
    }
}

impl std::fmt::Display for Selection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let only = self.only.iter().map(|pattern| format!("--only {pattern}"));
        let skip = self.skip.iter().map(|pattern| format!("--skip {pattern}"));
        let tags = self.tags.iter().map(|tag| format!("--tag {tag}"));
        let levels = self.levels.iter().map(|level| format!("--level {}", level.to_ascii_lowercase()));
        f.write_str(&only.chain(skip).chain(tags).chain(levels).collect::<Vec<_>>().join(" "))
    }
}

fn matches(pattern: &str, info: &CaseInfo) -> bool {
    match pattern.split_once(':') {
        Some(("id", rest)) => matches_id(rest, &info.id),
        Some(("section", rest)) => matches_section(rest, info),
        Some(("tag", rest)) => matches_tag(rest, info),
        Some(("level", rest)) => matches_level(rest, info),
        Some(("requirement", rest)) => matches_requirement(rest, info),
        _ => {
            matches_id(pattern, &info.id)
                || matches_section(pattern, info)
                || matches_tag(pattern, info)
                || matches_level(pattern, info)
                || matches_requirement(pattern, info)
        }
    }
}

/// The whole id, with or without its suffix; whole segments at its front or its end; or a glob over all of it.
fn matches_id(pattern: &str, id: &str) -> bool {
    let plain = id.split('[').next().unwrap_or(id);
    if pattern.contains(['*', '?']) {
        return glob(pattern, id) || glob(pattern, plain);
    }
    let pattern = pattern.trim_end_matches('/');
    let in_segments = |id: &str| {
        id == pattern
            || id.strip_prefix(pattern).is_some_and(|rest| rest.starts_with('/'))
            || id.strip_suffix(pattern).is_some_and(|rest| rest.ends_with('/'))
    };
    !pattern.is_empty() && (in_segments(id) || in_segments(plain))
}

/// `RFC 7644 §3.4.2`, `7644 3.4.2`, `7644-3.4.2` or `§3.4.2`: that section and those below it.
fn matches_section(pattern: &str, info: &CaseInfo) -> bool {
    let Some(section) = &info.section else { return false };
    let (wanted, here) = (numbers(pattern), numbers(section));
    let (Some(last), Some(section)) = (wanted.last(), here.last()) else { return false };
    if wanted.len() > 2 {
        return false;
    }
    // A single number without a dot or a sign is that of a document.
    if wanted.len() == 1 && !pattern.contains('§') && !last.contains('.') {
        return here.first() == Some(last);
    }
    let within =
        section == last || section.strip_prefix(last.as_str()).is_some_and(|rest| rest.starts_with('.'));
    let of_document = wanted.len() < 2 || wanted.first() == here.first();
    within && of_document
}

/// The words of a section that begin with a digit: `7644`, `3.4.2`. Empty where another word stands among them.
fn numbers(text: &str) -> Vec<String> {
    let words =
        text.split([' ', '§', '-']).filter(|word| !word.is_empty() && !word.eq_ignore_ascii_case("rfc"));
    let words: Vec<String> = words.map(str::to_owned).collect();
    match words.iter().all(|word| word.starts_with(|c: char| c.is_ascii_digit())) {
        true => words,
        false => Vec::new(),
    }
}

fn matches_tag(pattern: &str, info: &CaseInfo) -> bool {
    info.tags.iter().any(|tag| tag.eq_ignore_ascii_case(pattern))
}

/// `MUST` is MUST and MUST NOT; `"MUST NOT"` is that alone.
fn matches_level(pattern: &str, info: &CaseInfo) -> bool {
    match pattern.to_ascii_uppercase().as_str() {
        "MUST" => matches!(info.level, Level::Must | Level::MustNot),
        "MUST NOT" => info.level == Level::MustNot,
        "SHOULD" => matches!(info.level, Level::Should | Level::ShouldNot),
        "SHOULD NOT" => info.level == Level::ShouldNot,
        "MAY" => info.level == Level::May,
        _ => false,
    }
}

fn matches_requirement(pattern: &str, info: &CaseInfo) -> bool {
    info.requirements.iter().any(|id| match pattern.contains('*') {
        true => glob(pattern, &id.0),
        false => id.0 == pattern,
    })
}

/// `*` is any characters, `/` included; `?` is one.
pub(crate) fn glob(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(c) if *c == '?' || text.get(t) == Some(c) => {
                p += 1;
                t += 1;
            }
            _ => match star {
                Some((at, from)) => {
                    star = Some((at, from + 1));
                    p = at + 1;
                    t = from + 1;
                }
                None => return false,
            },
        }
    }
    pattern.iter().skip(p).all(|c| *c == '*')
}

/// The nearest of all the words that a pattern could have been.
fn near(pattern: &str, all: &[CaseInfo]) -> Option<String> {
    let plain = pattern.split_once(':').map_or(pattern, |(_, rest)| rest);
    let words = all.iter().flat_map(|info| {
        let name = info.id.rsplit('/').next().unwrap_or_default();
        let tags = info.tags.iter().map(String::as_str);
        let requirements = info.requirements.iter().map(|id| id.0.as_str());
        [info.id.as_str(), info.suite.as_str(), name].into_iter().chain(tags).chain(requirements)
    });
    let levels = ["MUST", "MUST NOT", "SHOULD", "SHOULD NOT", "MAY"];
    nearest(plain, words.chain(levels)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::RequirementId;

    fn info(id: &str, section: &str, tag: &str) -> CaseInfo {
        CaseInfo {
            id: id.into(),
            suite: id.rsplit_once('/').map(|(suite, _)| suite.to_owned()).unwrap_or_default(),
            suite_title: "A".into(),
            section: Some(section.into()),
            title: "a".into(),
            description: None,
            fix: None,
            tags: vec![tag.into()],
            clients: Vec::new(),
            requirements: vec![RequirementId("7644-3.4.2.2-36".into())],
            presumes: Vec::new(),
            level: Level::MustNot,
            place: "suites/a.yaml:1".into(),
        }
    }

    #[test]
    fn ids_match_by_whole_segments_and_globs() {
        let case = info("rfc7644/filter/eq-ignores-case[User.title]", "RFC 7644 §3.4.2.2", "filter");
        for yes in [
            "rfc7644",
            "rfc7644/filter",
            "rfc7644/filter/",
            "rfc7644/filter/eq-ignores-case",
            "eq-ignores-case",
            "filter/eq-ignores-case",
            "rfc7644/*/eq-*",
            "*[User.title]",
            "eq-ignores-case[User.title]",
            "rfc7644/filter/eq-ignores-cas?",
        ] {
            assert!(matches(&format!("id:{yes}"), &case), "{yes}");
        }
        for no in ["rfc76", "filter/eq", "eq", "", "*[User.emails]", "rfc7644/?"] {
            assert!(!matches(&format!("id:{no}"), &case), "{no}");
        }
    }

    #[test]
    fn sections_match_with_those_below() {
        let case = info("a/b/c", "RFC 7644 §3.4.2.2", "x");
        for yes in ["§3.4.2.2", "§3.4.2", "3.4", "7644 3.4.2", "RFC 7644 §3.4.2.2", "7644-3", "7644", "§3"]
        {
            assert!(matches(yes, &case), "{yes}");
        }
        for no in ["§3.4.2.3", "3.4.2.2.1", "7643 3.4.2", "§3.4.20", "3", "7643"] {
            assert!(!matches(no, &case), "{no}");
        }
    }

    #[test]
    fn tags_levels_and_requirements_match() {
        let case = info("a/b/c", "RFC 7644 §3", "slow");
        for yes in ["slow", "tag:Slow", "MUST", "level:must not", "7644-3.4.2.2-36", "requirement:7644-3.4.*"]
        {
            assert!(matches(yes, &case), "{yes}");
        }
        for no in ["slo", "tag:MUST", "SHOULD", "7644-3.4.2.2-3"] {
            assert!(!matches(no, &case), "{no}");
        }
    }

    #[test]
    fn a_pattern_that_matches_nothing_is_told_with_the_nearest_word() {
        let all =
            [info("rfc7644/filter/eq", "RFC 7644 §3", "slow"), info("rfc7644/patch/add", "RFC 7644 §4", "x")];
        let wrong = Selection { only: vec!["rfc7644/fliter".into()], ..Selection::default() };
        let error = wrong.choose(&all).expect_err("an unknown pattern");
        assert_eq!(error.to_string(), "nothing is called `rfc7644/fliter`; did you mean `rfc7644/filter`?");
        let none =
            Selection { only: vec!["slow".into()], skip: vec!["rfc7644".into()], ..Selection::default() };
        let error = none.choose(&all).expect_err("nothing is left");
        assert_eq!(error.to_string(), "no case is selected by --only slow --skip rfc7644");
        let one = Selection { skip: vec!["slow".into()], ..Selection::default() };
        assert_eq!(one.choose(&all), Ok(vec![1]));
    }

    #[test]
    fn tags_and_levels_narrow_what_patterns_select() {
        let mut all =
            [info("rfc7644/filter/eq", "RFC 7644 §3", "slow"), info("rfc7644/patch/add", "RFC 7644 §4", "x")];
        all[1].level = Level::Should;
        let slow =
            Selection { only: vec!["rfc7644".into()], tags: vec!["slow".into()], ..Selection::default() };
        assert_eq!(slow.choose(&all), Ok(vec![0]));
        let should = Selection { levels: vec!["SHOULD".into()], ..Selection::default() };
        assert_eq!(should.choose(&all), Ok(vec![1]));
        let wrong = Selection { tags: vec!["slwo".into()], ..Selection::default() };
        let error = wrong.choose(&all).expect_err("an unknown tag");
        assert_eq!(error.to_string(), "no case has the tag `slwo` (did you mean `slow`?); there are slow, x");
    }
}
