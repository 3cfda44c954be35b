//! `scimspec list`: what there is.
//! Must not ask a target: cases that are repeated for what a target has stand there once.

use serde::Serialize;
use serde_json::json;

use super::args::{Format, ListArgs, Listed};
use super::{print, settings};
use crate::check::{across, named};
use crate::event::CaseInfo;
use crate::harness::Failure;
use crate::harness::suites;
use crate::mock::defects::{self, Defect};
use crate::mock::dialect;
use crate::mock::gitlab::Version;
use crate::mock::scim::leniency::Leniency;
use crate::plan::{self, Plan};
use crate::profile;
use crate::schema::Registry;
use crate::spec::{Catalogue, Level};
use crate::suite::known::FEATURES;
use crate::target::Capabilities;

pub fn run(args: ListArgs) -> Result<u8, Failure> {
    let text = match args.what {
        Listed::Cases => cases(&args)?,
        Listed::Suites => all_suites(&args)?,
        Listed::Requirements => requirements(args.format)?,
        Listed::Profiles => profiles(args.format)?,
        Listed::Checks => checks(args.format)?,
        Listed::Capabilities => capabilities(args.format)?,
        Listed::Defects => all_defects(args.format)?,
        Listed::Dialects => dialects(args.format)?,
    };
    print::out(&text)?;
    Ok(0)
}

/// Rows as indented JSON, or as lines of cells in columns.
fn table<T: Serialize>(
    format: Format,
    rows: &[T],
    cells: impl Fn(&T) -> Vec<String>,
) -> Result<String, Failure> {
    if format == Format::Json {
        return Ok(serde_json::to_string_pretty(rows).map_err(Failure::world)? + "\n");
    }
    let lines: Vec<Vec<String>> = rows.iter().map(cells).collect();
    let columns = lines.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column| {
        lines.iter().filter_map(|line| line.get(column)).map(|cell: &String| cell.chars().count()).max()
    };
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    let line = |cells: &Vec<String>| {
        let padded = cells.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned() + "\n"
    };
    Ok(lines.iter().map(line).collect())
}

fn planned(args: &ListArgs) -> Result<Plan, Failure> {
    let profile = profile::select(args.selection.profile.iter().map(String::as_str))?;
    let suites = suites::of_profile(&profile, &args.selection.suites, &Registry::builtin())?;
    let selection = settings::selection(&args.selection);
    let mut plan = plan::build(&suites, Catalogue::builtin(), &selection, &Capabilities::default())?;
    // In the order of the files, not in that of a run.
    plan.cases.sort_by(|a, b| (&a.info.suite, a.case).cmp(&(&b.info.suite, b.case)));
    Ok(plan)
}

#[derive(Serialize)]
struct CaseRow {
    id: String,
    title: String,
    suite: String,
    section: Option<String>,
    level: Level,
    requirements: Vec<String>,
    tags: Vec<String>,
    /// Whether it is repeated for what the target has.
    repeated: bool,
    place: String,
}

fn cases(args: &ListArgs) -> Result<String, Failure> {
    let row = |planned: &plan::PlannedCase| {
        let CaseInfo { id, title, suite, section, level, requirements, tags, place, .. } =
            planned.info.clone();
        let requirements = requirements.into_iter().map(|id| id.0).collect();
        let repeated = planned.case().for_each.is_some();
        CaseRow { id, title, suite, section, level, requirements, tags, repeated, place }
    };
    let rows: Vec<CaseRow> = planned(args)?.cases.iter().map(row).collect();
    table(args.format, &rows, |row| {
        let id =
            if row.repeated && !row.id.ends_with(']') { format!("{}[…]", row.id) } else { row.id.clone() };
        vec![id, row.level.to_string(), row.requirements.join(" "), row.title.clone()]
    })
}

#[derive(Serialize)]
struct SuiteRow {
    id: String,
    title: String,
    section: Option<String>,
    cases: usize,
}

fn all_suites(args: &ListArgs) -> Result<String, Failure> {
    let mut rows: Vec<SuiteRow> = Vec::new();
    for planned in planned(args)?.cases {
        match rows.last_mut() {
            Some(row) if row.id == planned.info.suite => row.cases += 1,
            _ => rows.push(SuiteRow {
                id: planned.info.suite,
                title: planned.info.suite_title,
                section: planned.info.section,
                cases: 1,
            }),
        }
    }
    table(args.format, &rows, |row| {
        vec![
            row.id.clone(),
            row.cases.to_string(),
            row.section.clone().unwrap_or_default(),
            row.title.clone(),
        ]
    })
}

fn requirements(format: Format) -> Result<String, Failure> {
    let rows: Vec<_> = Catalogue::builtin().iter().collect();
    table(format, &rows, |row| {
        vec![row.id.0.clone(), row.level.to_string(), row.feature.clone(), row.asks.clone()]
    })
}

fn profiles(format: Format) -> Result<String, Failure> {
    let mut rows = Vec::new();
    for name in profile::names() {
        let profile = profile::find(name)?;
        rows.push(json!({ "name": name, "versions": profile.versions, "title": profile.title, "about": profile.about }));
    }
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    table(format, &rows, |row| vec![text(&row["name"]), text(&row["title"]), text(&row["about"])])
}

fn checks(format: Format) -> Result<String, Failure> {
    let answers = named::all().iter().map(|check| (check.name, check.doc));
    let runs = across::all().iter().map(|check| (check.name, check.doc));
    let rows: Vec<_> = answers.chain(runs).map(|(name, doc)| json!({ "name": name, "about": doc })).collect();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    table(format, &rows, |row| vec![text(&row["name"]), text(&row["about"])])
}

#[derive(Serialize)]
struct DialectRow {
    dialect: &'static str,
    lenient: &'static str,
    about: &'static str,
}

/// A line for each leniency of each dialect; one for a dialect without.
fn dialects(format: Format) -> Result<String, Failure> {
    let told = |leniency: &Leniency| Leniency::ALL.iter().find(|(_, known, _)| known == leniency);
    let rows = dialect::ALL.iter().flat_map(|(dialect, lenient)| {
        let of =
            |(name, _, about): &'static (&str, Leniency, &str)| DialectRow { dialect, lenient: name, about };
        let mut rows: Vec<DialectRow> = lenient.iter().filter_map(told).map(of).collect();
        if rows.is_empty() {
            rows.push(DialectRow { dialect, lenient: "", about: "what the RFCs have and no more" });
        }
        rows
    });
    let rows: Vec<DialectRow> = rows.collect();
    table(format, &rows, |row| vec![row.dialect.to_owned(), row.lenient.to_owned(), row.about.to_owned()])
}

fn all_defects(format: Format) -> Result<String, Failure> {
    #[derive(Serialize)]
    struct Row {
        id: &'static str,
        service: &'static str,
        area: &'static str,
        requirements: &'static [&'static str],
        about: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        version: Option<&'static str>,
    }
    let row = |defect: &'static Defect| {
        let &Defect { id, area, requirements, about, version, .. } = defect;
        let version = version.map(Version::as_str);
        Row { id, service: defects::service_of(defect), area, requirements, about, version }
    };
    let rows: Vec<Row> = defects::all().map(row).collect();
    table(format, &rows, |row| {
        vec![row.area.to_owned(), row.id.to_owned(), row.requirements.join(" "), row.about.to_owned()]
    })
}

fn capabilities(format: Format) -> Result<String, Failure> {
    table(format, &FEATURES, |name| vec![(*name).to_owned()])
}
