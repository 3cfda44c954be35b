//! Servers that give one and the same answer to everything: a case that has seen nothing of SCIM must not pass.
//! Knows which cases pass rightly, because such an answer is what they ask for.

use std::collections::BTreeSet;

use libtest_mimic::Failed;
use scimspec::event::{CaseResult, Outcome};
use scimspec::http::Response;

use crate::judge::judge;
use crate::variants::Variant;

/// A server, and the ids of the cases that pass on it, without what `for_each` adds.
pub struct Constant {
    pub name: &'static str,
    status: u16,
    content_type: Option<&'static str>,
    body: &'static str,
    passes: &'static [&'static str],
}

/// What is true of any server that answers with one JSON object: its status, its bytes and its header fields are what these cases ask
/// about.
const OF_JSON: [&str; 4] = [
    "http/semantics/content-has-a-type",
    "rfc7644/errors/unusual-requests-do-not-fail-the-server",
    "rfc7644/media-type/bodies-are-json",
    "rfc7644/media-type/bodies-are-utf8",
];

pub fn all() -> [Constant; 6] {
    let page = "<!doctype html><title>Welcome</title>";
    [
        Constant {
            name: "200-with-a-page",
            status: 200,
            content_type: Some("text/html"),
            body: page,
            passes: &[],
        },
        Constant {
            name: "200-with-an-empty-object",
            status: 200,
            content_type: Some("application/scim+json"),
            body: "{}",
            passes: &OF_JSON,
        },
        Constant {
            name: "200-with-another-object",
            status: 200,
            content_type: Some("application/json"),
            body: r#"{"status":"ok"}"#,
            passes: &OF_JSON,
        },
        Constant { name: "500", status: 500, content_type: None, body: "", passes: &[] },
        Constant { name: "401", status: 401, content_type: None, body: "", passes: &[] },
        Constant { name: "404", status: 404, content_type: None, body: "", passes: &[] },
    ]
}

impl Constant {
    fn answer(&self) -> Response {
        let mut response = Response::new(self.status);
        if let Some(content_type) = self.content_type {
            response.headers.set("Content-Type", content_type);
        }
        response.body = self.body.into();
        response
    }
}

/// No case passes but those that are known to.
pub fn proves_nothing(constant: &Constant) -> Result<(), Failed> {
    let answer = constant.answer();
    let report = judge(&Variant::new(constant.name).refuses(move |_| Some(answer.clone())), false);
    if report.cases.is_empty() && report.aborted().is_none() {
        return Err("no case was judged, and the run does not say why".into());
    }
    let passed: BTreeSet<&str> = report.cases.iter().filter(is_praise).map(id).collect();
    let known: BTreeSet<&str> = constant.passes.iter().copied().collect();
    let differences: Vec<String> = passed
        .difference(&known)
        .map(|case| format!("{case} passes and has seen nothing"))
        .chain(known.difference(&passed).map(|case| format!("{case} does not pass any more")))
        .collect();
    if differences.is_empty() { Ok(()) } else { Err(differences.join("\n").into()) }
}

/// Whether a case says that the server does something right.
fn is_praise(result: &&CaseResult) -> bool {
    result.outcome == Outcome::Passed && result.findings.is_empty()
}

fn id(result: &CaseResult) -> &str {
    result.case.id.split('[').next().unwrap_or(&result.case.id)
}
