//! `scimspec explain`: what a requirement asks or a case claims, how it is checked, and how servers are mended.
//! Must not ask a target.

mod steps;

use anstyle::Style;

use super::args::ExplainArgs;
use super::print;
use crate::harness::Failure;
use crate::harness::suites;
use crate::nearest::nearest;
use crate::plan::{self, Plan, PlannedCase, Selection};
use crate::profile::{self, Profile};
use crate::schema::Registry;
use crate::spec::{Catalogue, Requirement, RequirementId, Weight};
use crate::target::Capabilities;

const BOLD: Style = Style::new().bold();

pub fn run(args: ExplainArgs) -> Result<u8, Failure> {
    let everything = Profile { suites: vec!["*".to_owned()], ..profile::find(profile::DEFAULT)? };
    let suites = suites::of_profile(&everything, &args.suites, &Registry::builtin())?;
    let catalogue = Catalogue::builtin();
    let plan = match suites.is_empty() {
        true => Plan::default(),
        false => plan::build(&suites, catalogue, &Selection::default(), &Capabilities::default())?,
    };
    let plain = args.id.split('[').next().unwrap_or_default();
    let is_case = |planned: &&PlannedCase| planned.info.id.split('[').next() == Some(plain);
    if let Some(planned) = plan.cases.iter().find(is_case) {
        print::out(&case(planned, catalogue))?;
        return Ok(0);
    }
    if let Some(row) = catalogue.get(&RequirementId(args.id.clone())) {
        print::out(&requirement(row, &plan))?;
        return Ok(0);
    }
    if let Some(told) = deviation(&args.id)? {
        print::out(&told)?;
        return Ok(0);
    }
    let near = meant(&args.id, &plan, catalogue);
    let hint = near.map(|word| format!("; did you mean `{word}`?")).unwrap_or_default();
    let lists = "`scimspec list cases` and `scimspec list requirements` show what there is";
    Err(Failure::Usage(format!("no case and no requirement is called `{}`{hint} ({lists})", args.id)))
}

/// The case or the requirement that was probably meant by `id`; a case may be called by the last part of its id.
fn meant<'a>(id: &str, plan: &'a Plan, catalogue: &'a Catalogue) -> Option<&'a str> {
    let cases = || plan.cases.iter().filter_map(|planned| planned.info.id.split('[').next());
    if id.contains('/') {
        return nearest(id, cases());
    }
    let last = |case: &'a str| case.rsplit('/').next().unwrap_or(case);
    let requirements = catalogue.iter().map(|row| row.id.0.as_str());
    let word = nearest(id, cases().map(last).chain(requirements))?;
    cases().find(|case| last(case) == word).or(Some(word))
}

/// Where a product differs from the RFCs, by the name that its profile gives it; `None` where no profile has one of this name.
fn deviation(id: &str) -> Result<Option<String>, Failure> {
    for name in profile::names() {
        let profile = profile::find(name)?;
        let mut named = profile.deviations.iter().filter(|one| one.id.eq_ignore_ascii_case(id)).peekable();
        if named.peek().is_none() {
            continue;
        }
        let mut out = format!("{BOLD}{}{BOLD:#}  {}, known deviation\n", id.to_uppercase(), profile.title);
        for one in named {
            out.push_str(&format!("\n{}\n", one.reason));
            if let Some(profile) = &one.profile {
                out.push_str(&format!("Of the profile {profile} alone.\n"));
            }
            if let Some(why) = &one.unseen {
                out.push_str(&format!("\nNo case of the suites of the RFCs shows it. {why}\n"));
                continue;
            }
            out.push_str("\nShown with --strict-rfc by\n");
            for (case, requirements) in &one.cases {
                let ids: Vec<&str> = requirements.all().iter().map(|id| id.0.as_str()).collect();
                out.push_str(&format!("  {case}: {}\n", ids.join(", ")));
            }
        }
        return Ok(Some(out));
    }
    Ok(None)
}

fn heading(row: &Requirement) -> String {
    format!("{BOLD}{}{BOLD:#}  {}, {}, {}\n", row.id, row.stands(), row.level, row.feature)
}

fn requirement(row: &Requirement, plan: &Plan) -> String {
    let mut out = heading(row);
    out.push_str(&format!("\n{}\n", row.asks));
    out.push_str(&format!("\nRests on {}. {}\n", row.rests_on(), weight(row.weight)));
    if let Some(note) = &row.note {
        out.push_str(&format!("\nNote: {note}\n"));
    }
    if let Some(fix) = &row.fix {
        out.push_str(&format!("\nHow it is mended: {fix}\n"));
    }
    let mut cases =
        plan.cases.iter().filter(|planned| planned.info.requirements.contains(&row.id)).peekable();
    let verified = if cases.peek().is_some() { "Verified by" } else { "No case verifies it." };
    out.push_str(&format!("\n{verified}\n"));
    for planned in cases {
        out.push_str(&format!("  {}: {}\n", planned.info.id, planned.info.title));
    }
    out
}

fn weight(weight: Weight) -> &'static str {
    match weight {
        Weight::Fail => "A breach fails the case.",
        Weight::Warn => "A breach warns.",
        Weight::Info => "A breach is told and does not count.",
    }
}

fn case(planned: &PlannedCase, catalogue: &Catalogue) -> String {
    let (info, case) = (&planned.info, planned.case());
    let mut out = format!("{BOLD}{}{BOLD:#}  {}\n\n{}\n", info.id, info.place, info.title);
    for text in [&info.description, &planned.suite.description].into_iter().flatten() {
        out.push_str(&format!("\n{}\n", text.trim()));
    }
    let needs: Vec<&str> = planned.suite.needs.iter().chain(&case.needs).map(String::as_str).collect();
    if !needs.is_empty() {
        out.push_str(&format!("\nNeeds {}\n", needs.join(", ")));
    }
    if !case.steps.is_empty() {
        out.push_str("\nHow it is checked\n");
        case.steps.iter().flat_map(steps::step).for_each(|line| out.push_str(&format!("{line}\n")));
    }
    if let Some(watch) = &case.watch {
        out.push_str("\nHow it is checked\n");
        steps::watch(watch).iter().for_each(|line| out.push_str(&format!("{line}\n")));
    }
    for id in &info.requirements {
        if let Some(row) = catalogue.get(id) {
            out.push_str(&format!("\n{}{}\n", heading(row), row.asks));
            if let Some(note) = &row.note {
                out.push_str(&format!("Note: {note}\n"));
            }
        }
    }
    let of_requirement = info.requirements.first().and_then(|id| catalogue.get(id)?.fix.as_ref());
    if let Some(fix) = info.fix.as_ref().or(of_requirement) {
        out.push_str(&format!("\nHow it is mended: {}\n", fix.trim()));
    }
    out
}
