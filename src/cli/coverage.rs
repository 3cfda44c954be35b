//! `scimspec coverage`: which requirements the suites verify, section by section.
//! Must not ask a target.

use std::collections::BTreeMap;

use super::args::CoverageArgs;
use super::print;
use crate::harness::Failure;
use crate::harness::suites;
use crate::plan::{Standing, coverage};
use crate::profile::{self, Profile};
use crate::schema::Registry;
use crate::spec::{Basis, Catalogue, Requirement, waivers};

pub fn run(args: &CoverageArgs) -> Result<u8, Failure> {
    let everything = Profile { suites: vec!["*".to_owned()], ..profile::find(profile::DEFAULT)? };
    let suites = suites::of_profile(&everything, &args.suites, &Registry::builtin())?;
    let rows = coverage(suites.iter().map(AsRef::as_ref), Catalogue::builtin(), waivers());
    print::out(&table(&rows))?;
    let missing = rows.iter().any(|(_, standing)| *standing == Standing::Missing);
    Ok(u8::from(missing))
}

/// A line for each section, then what is waived and what is missing, and a summary as the last line.
fn table(rows: &[(&Requirement, Standing)]) -> String {
    let mut out = format!(
        "{:<22} {:>8} {:>6} {:>14} {:>7}\n",
        "section", "verified", "waived", "not observable", "missing"
    );
    for (section, [verified, waived, not_owed, missing]) in sections(rows) {
        out.push_str(&format!("{section:<22} {verified:>8} {waived:>6} {not_owed:>14} {missing:>7}\n"));
    }
    let of = |wanted: Standing| rows.iter().filter(move |(_, standing)| *standing == wanted);
    out.push_str("\nWaived\n");
    for (row, _) in of(Standing::Waived) {
        let reason = waivers().get(&row.id).map_or("", String::as_str);
        out.push_str(&format!("  {}  {}\n      {reason}\n", row.id, row.asks));
    }
    if of(Standing::Missing).next().is_some() {
        out.push_str("\nMissing\n");
    }
    for (row, _) in of(Standing::Missing) {
        out.push_str(&format!("  {}  {} ({})\n", row.id, row.asks, row.level));
    }
    out.push_str(&format!(
        "\n{} requirements: {} verified, {} waived, {} not observable from outside or optional, {} missing\n",
        rows.len(),
        of(Standing::Verified).count(),
        of(Standing::Waived).count(),
        of(Standing::NotOwed).count(),
        of(Standing::Missing).count(),
    ));
    out
}

/// Counts by standing for each section, and for each vendor, in the order of the catalogue.
fn sections(rows: &[(&Requirement, Standing)]) -> Vec<(String, [usize; 4])> {
    let mut order: Vec<(String, [usize; 4])> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for (row, standing) in rows {
        // The behaviour of a product is one line: its areas are no sections that a reader would look up.
        let is_product = row.basis == Basis::Own && row.origin != "scimspec";
        let name = if is_product { row.origin.clone() } else { row.stands() };
        let place = *places.entry(name.clone()).or_insert_with(|| {
            order.push((name, [0; 4]));
            order.len() - 1
        });
        if let Some(count) = order.get_mut(place).and_then(|(_, counts)| counts.get_mut(*standing as usize)) {
            *count += 1;
        }
    }
    order
}
