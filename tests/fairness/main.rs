//! Nobody is accused falsely: servers that behave otherwise than the mock and still as the RFCs permit, each judged by every suite.
//! Most of them by default; all of them with `--include-ignored`. And nobody is praised or spared falsely: `constant`, `roots`.

mod constant;
mod hostile;
mod judge;
mod roots;
mod variants;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use scimspec::event::{CaseResult, Outcome};

use judge::{accusations, judge, line};
use variants::Variant;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let fair = variants::all().into_iter().map(|variant| {
        let rare = variant.rare;
        Trial::test(variant.name.clone(), move || is_judged_fairly(&variant)).with_ignored_flag(rare)
    });
    let bounded = hostile::all().into_iter().map(|hostile| {
        let name = hostile.variant.name.clone();
        Trial::test(name, move || hostile::is_judged_within_bounds(&hostile))
    });
    let mute = constant::all().into_iter().map(|constant| {
        Trial::test(format!("constant/{}", constant.name), move || constant::proves_nothing(&constant))
    });
    let told = roots::ALL
        .iter()
        .map(|together| Trial::test(format!("roots/{}", together.name()), || roots::hide_nothing(together)));
    libtest_mimic::run(&arguments, fair.chain(bounded).chain(mute).chain(told).collect()).exit_code()
}

/// Nothing fails, nothing warns that need not, nothing errs, nothing waits for something broken; and there is something to judge.
fn is_judged_fairly(variant: &Variant) -> Result<(), Failed> {
    let report = judge(variant, false);
    if let Some(why) = report.aborted() {
        return Err(format!("the run was broken off: {why}").into());
    }
    let rightly = |result: &CaseResult| {
        let case = result.case.id.split('[').next();
        result.outcome == Outcome::Warned && variant.warns.iter().any(|known| case == Some(*known))
    };
    let accused: Vec<String> =
        accusations(&report).into_iter().filter(|result| !rightly(result)).map(line).collect();
    if !accused.is_empty() {
        return Err(format!("{} accusations\n{}", accused.len(), accused.join("\n")).into());
    }
    let passed = report.cases.iter().filter(|result| result.outcome == Outcome::Passed).count();
    if passed < variant.passes {
        return Err(format!("only {passed} cases passed: the run is hardly one").into());
    }
    Ok(())
}
