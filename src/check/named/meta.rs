//! The times in `meta` among themselves (RFC 7643 §3.1).
//! Must not compare with a clock.

use std::time::Duration;

use serde_json::Value;

use crate::check::judge::Context;
use crate::check::{Problem, json};
use crate::http::Response;
use crate::schema::date_time::{Moment, moment};

use super::support::{differs, document, each_resource};

pub fn modified_is_created(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    judge(response, context, "the same moment as", |created, modified| created == modified)
}

/// Servers that write a resource twice while they make it differ by milliseconds.
pub fn modified_near_created(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let near = |created: Moment, modified: Moment| created.distance(modified) < Duration::from_secs(1);
    judge(response, context, "less than a second from", near)
}

pub fn modified_not_before_created(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    judge(response, context, "not before", |created, modified| modified >= created)
}

/// Judges each resource that has both times, readable.
fn judge(
    response: &Response,
    context: &Context<'_>,
    relation: &str,
    holds: impl Fn(Moment, Moment) -> bool,
) -> Vec<Problem> {
    let document = document(response);
    let judge = |(pointer, resource): (String, &Value)| {
        let meta = json::get(resource, "meta")?;
        let (created, modified) = (json::get_text(meta, "created")?, json::get_text(meta, "lastModified")?);
        let broken = !holds(moment(created)?, moment(modified)?);
        let expected = format!("{relation} meta.created, {created}");
        let at = format!("{pointer}/meta/lastModified");
        broken.then(|| differs(&at, &expected, json::get(meta, "lastModified"), context))
    };
    each_resource(response, &document).filter_map(judge).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{answer, with_context};
    use serde_json::json;

    fn counts(modified: &str) -> (usize, usize, usize) {
        let meta = json!({ "created": "2020-01-01T00:00:00Z", "lastModified": modified });
        let user = answer(201, json!({ "id": "1", "meta": meta }));
        with_context(|context| {
            let count = |check: fn(&Response, &Context<'_>) -> Vec<Problem>| check(&user, context).len();
            (count(modified_is_created), count(modified_near_created), count(modified_not_before_created))
        })
    }

    #[test]
    fn times_in_meta() {
        assert_eq!(counts("2020-01-01T01:00:00.000+01:00"), (0, 0, 0));
        assert_eq!(counts("2020-01-01T00:00:00.5Z"), (1, 0, 0));
        assert_eq!(counts("2020-01-01T00:00:01Z"), (1, 1, 0));
        assert_eq!(counts("2019-12-31T23:59:00Z"), (1, 1, 1));
        assert_eq!(counts("soon"), (0, 0, 0));
    }
}
