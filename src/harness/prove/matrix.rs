//! All rows together, and the cases that none of them needs.
//! Knows no text.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::row::{Result, Row, base};
use crate::event::Outcome;
use crate::report::Report;

/// Every defect against every case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Matrix {
    /// In the order of the defects' list.
    pub rows: Vec<Row>,
    /// Ids of the defects that break each case, whether it tells that itself, only remarks it, or another tells it; a case that
    /// none breaks has never shown that it can be red.
    pub cases: BTreeMap<String, Vec<&'static str>>,
    /// Cases that are not passed though nothing is wrong, each with why.
    pub red_without_defect: BTreeMap<String, String>,
    /// Cases that the mock cannot be asked in any version that is played.
    pub skipped: BTreeSet<String>,
    /// Whether every defect is there that the suites are to catch: only then is it known which cases none turns red.
    #[serde(skip)]
    pub has_all: bool,
}

impl Matrix {
    /// `rights` are the runs against the mock without a defect, one for each version that is played.
    pub fn new<'a>(rights: impl IntoIterator<Item = &'a Report>, rows: Vec<Row>, has_all: bool) -> Self {
        let mut cases: BTreeMap<String, Vec<&'static str>> = BTreeMap::new();
        let mut red_without_defect = BTreeMap::new();
        let mut skipped = BTreeSet::new();
        // A case that has a remark though nothing is wrong has shown that it can.
        let mut telling = BTreeSet::new();
        for result in rights.into_iter().flat_map(|right| &right.cases) {
            let case = base(&result.case.id).to_owned();
            match result.outcome {
                Outcome::Passed => {
                    if !result.findings.is_empty() {
                        telling.insert(case.clone());
                    }
                    cases.entry(case).or_default();
                }
                Outcome::Skipped => {
                    skipped.insert(case);
                }
                _ => {
                    let why = result.findings.first().map(|finding| finding.message.clone());
                    let why = why.or_else(|| result.reason.clone()).unwrap_or_default();
                    red_without_defect.entry(case).or_insert(why);
                }
            }
        }
        for row in &rows {
            let red = row.caught_by.iter().chain(&row.collateral).map(|kill| &kill.case);
            for case in red.chain(&row.settled).chain(&row.told) {
                cases.entry(case.clone()).or_default().push(row.id);
            }
        }
        cases.retain(|case, by| !by.is_empty() || !telling.contains(case));
        skipped.retain(|case| !cases.contains_key(case) && !telling.contains(case));
        Self { rows, cases, red_without_defect, skipped, has_all }
    }

    /// The cases that no defect turns red.
    pub fn idle_cases(&self) -> impl Iterator<Item = &str> {
        self.cases.iter().filter(|(_, by)| by.is_empty()).map(|(case, _)| case.as_str())
    }

    /// The defects that are not caught as they should be.
    pub fn wrong(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| row.result != Result::Caught)
    }

    /// Whether every defect is caught as it should be, and every case is turned red by one.
    pub fn is_whole(&self) -> bool {
        self.red_without_defect.is_empty()
            && self.wrong().next().is_none()
            && self.idle_cases().next().is_none()
    }
}
