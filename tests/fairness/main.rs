//! Nobody is accused falsely: servers that behave otherwise than the mock and still as the RFCs permit, each judged by every suite.

mod hostile;
mod judge;
mod variants;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};

use judge::{accusations, judge, line};
use variants::Variant;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let fair = variants::all().into_iter().map(|variant| {
        let (name, rare) = (variant.name.clone(), variant.rare);
        Trial::test(name, move || is_judged_fairly(&variant)).with_ignored_flag(rare)
    });
    let bounded = hostile::all().into_iter().map(|hostile| {
        Trial::test(hostile.variant.name.clone(), move || hostile::is_judged_within_bounds(&hostile))
    });
    libtest_mimic::run(&arguments, fair.chain(bounded).collect()).exit_code()
}

/// Nothing fails, nothing warns that need not, nothing errs, nothing waits for something broken; and there is something to judge.
fn is_judged_fairly(variant: &Variant) -> Result<(), Failed> {
    let report = judge(variant);
    if let Some(why) = report.aborted() {
        return Err(format!("the run was broken off: {why}").into());
    }
    let rightly = |id: &str| variant.warns.iter().any(|case| id.split('[').next() == Some(*case));
    let accused: Vec<String> =
        accusations(&report).into_iter().filter(|result| !rightly(&result.case.id)).map(line).collect();
    if !accused.is_empty() {
        return Err(format!("{} accusations\n{}", accused.len(), accused.join("\n")).into());
    }
    let passed =
        report.cases.iter().filter(|result| result.outcome == scimspec::event::Outcome::Passed).count();
    if passed < variant.passes {
        return Err(format!("only {passed} cases passed: the run is hardly one").into());
    }
    Ok(())
}
