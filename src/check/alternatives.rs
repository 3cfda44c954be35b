//! `any_of`: one of several expectations must hold.
//! Must not know what they are about.

use crate::http::Response;
use crate::suite::Expect;

use super::judge::{Context, judge as judge_one};
use super::{Problem, Spot};

/// Problems of one alternative that are shown.
const SHOWN: usize = 3;

/// `None` where one of `alternatives` holds, or where there are none; else one problem that tells all of them briefly.
pub fn judge(alternatives: &[Expect], response: &Response, context: &Context<'_>) -> Option<Problem> {
    let mut tried = Vec::with_capacity(alternatives.len());
    for alternative in alternatives {
        let problems = judge_one(alternative, response, context);
        if problems.is_empty() {
            return None;
        }
        tried.push(problems);
    }
    // The alternative with the fewest problems is probably the one that the server meant.
    let nearest = tried.iter().min_by_key(|problems| problems.len())?;
    let spot = nearest.first().map_or(Spot::Status, |problem| problem.spot.clone());
    let told: Vec<String> = tried
        .iter()
        .enumerate()
        .filter_map(|(i, problems)| {
            let first = problems.first()?;
            let more = match problems.len() - 1 {
                0 => String::new(),
                n => format!(" and {n} more"),
            };
            Some(format!("{}) {}{more}", i + 1, first.message))
        })
        .collect();
    Some(Problem {
        spot,
        message: format!("none of the {} permitted answers came: {}", tried.len(), told.join("; ")),
        expected: lines(&tried, |p| &p.expected),
        actual: lines(&tried, |p| &p.actual),
    })
}

fn lines(tried: &[Vec<Problem>], part: impl Fn(&Problem) -> &String) -> String {
    let mut lines = Vec::new();
    for (i, problems) in tried.iter().enumerate() {
        let parts = problems.iter().map(|p| part(p).as_str()).filter(|p| !p.is_empty());
        let parts: Vec<&str> = parts.take(SHOWN).collect();
        lines.push(format!("{}) {}", i + 1, parts.join(", ")));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::with_context;
    use crate::suite::model::{ErrorExpect, StatusPattern};

    fn judged(response: &Response) -> Option<Problem> {
        let status = |code| Expect { status: vec![StatusPattern::Code(code)], ..Expect::default() };
        let error = ErrorExpect { status: vec![StatusPattern::Code(400)], ..ErrorExpect::default() };
        let error = Expect { error: Some(error), ..Expect::default() };
        with_context(|context| judge(&[status(200), status(204), error], response, context))
    }

    #[test]
    fn one_that_holds_is_enough() {
        assert_eq!(judged(&Response::new(204)), None);
        assert_eq!(with_context(|context| judge(&[], &Response::new(500), context)), None);
    }

    #[test]
    fn all_are_told_where_none_holds() {
        let problem = judged(&Response::new(404)).unwrap();
        assert!(
            problem.message.starts_with("none of the 3 permitted answers came: 1) the status should be 200")
        );
        assert_eq!(problem.spot, Spot::Status);
        assert!(problem.expected.starts_with("1) 200\n2) 204\n3) 400"), "{}", problem.expected);
    }
}
