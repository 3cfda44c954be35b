//! Small words with a grammar of their own: needs, ids, statuses.
//! Must not know where they stand.

use crate::nearest::nearest;
use crate::suite::model::StatusPattern;

/// What is wrong with a word.
pub struct Wrong {
    pub message: String,
    pub expected: &'static str,
    pub help: Option<String>,
}

/// What a schema says of an attribute (RFC 7643 §7), and a need can ask for.
const CHARACTERISTICS: [&str; 7] =
    ["type", "multiValued", "required", "caseExact", "mutability", "returned", "uniqueness"];

/// `patch`, `Group`, `User.title`, `User.title caseExact=false`, `urn:…`, `credential second`, `hook seed-user`,
/// `fact saas`, each with `not` before it.
pub fn need(need: &str, features: &[String]) -> Result<(), Wrong> {
    // What `for_each` binds is known when the case is planned.
    if need.contains("{{") {
        return Ok(());
    }
    let plain = need.strip_prefix("not ").unwrap_or(need).trim();
    let (first, rest) = plain.split_once(' ').unwrap_or((plain, ""));
    if matches!(first, "credential" | "hook" | "fact") {
        return match rest.trim() {
            "" => Err(Wrong {
                message: format!("`{need}` names nothing"),
                expected: "a name is expected behind it",
                help: Some(format!("write `{first} NAME`")),
            }),
            _ => Ok(()),
        };
    }
    if let Some((name, _)) = rest.split_once('=').filter(|_| first.contains('.')) {
        if CHARACTERISTICS.contains(&name) {
            return Ok(());
        }
        let near = nearest(name, CHARACTERISTICS).map(|near| format!("did you mean `{near}`?"));
        return Err(Wrong {
            message: format!("attributes have no characteristic `{name}`"),
            expected: "a characteristic of RFC 7643 §7 is expected",
            help: near.or_else(|| Some(format!("there are {}", CHARACTERISTICS.join(", ")))),
        });
    }
    let resource = plain.starts_with(|c: char| c.is_ascii_uppercase()) || plain.starts_with("urn:");
    if features.iter().any(|feature| feature == plain) || (resource && !plain.contains(' ')) {
        return Ok(());
    }
    let help = match nearest(plain, features.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("the features are {}", features.join(", ")),
    };
    Err(Wrong {
        message: format!("nothing is called `{plain}` that a target could offer"),
        expected: "a feature, a resource type, `credential …`, `hook …` or `fact …` is expected",
        help: Some(help),
    })
}

/// Lower case, digits and single hyphens.
pub fn is_case_id(id: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    id.split('-').all(part)
}

/// The nearest case id that is well-formed.
pub fn case_id_of(id: &str) -> String {
    let words = id.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-")
}

/// `200` or `2xx`.
pub fn is_status(pattern: &StatusPattern) -> bool {
    match pattern {
        StatusPattern::Code(code) => (100..600).contains(code),
        StatusPattern::Class(class) => {
            matches!(class.as_bytes(), [b'1'..=b'5', b'x' | b'X', b'x' | b'X'])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_case_can_need() {
        let features = ["patch".to_owned(), "changePassword".to_owned()];
        for right in [
            "patch",
            "not patch",
            "Group",
            "User.emails.type",
            "credential second",
            "fact version 18",
            "User.userName caseExact=false",
            "urn:x",
        ] {
            assert!(need(right, &features).is_ok(), "{right}");
        }
        for wrong in ["ptach", "hook", "not ", "user", "User title", "User.title size=3", "User x=1"] {
            assert!(need(wrong, &features).is_err(), "{wrong}");
        }
    }

    #[test]
    fn ids_of_cases() {
        for right in ["a", "eq-ignores-case", "401-has-challenge"] {
            assert!(is_case_id(right), "{right}");
        }
        for wrong in ["", "A", "a_b", "a--b", "-a", "a-", "ä"] {
            assert!(!is_case_id(wrong), "{wrong}");
        }
        assert_eq!(case_id_of("Eq_ignores  case"), "eq-ignores-case");
    }

    #[test]
    fn statuses() {
        for right in [StatusPattern::Code(200), StatusPattern::Class("4xx".to_owned())] {
            assert!(is_status(&right), "{right:?}");
        }
        for wrong in
            [StatusPattern::Code(99), StatusPattern::Code(600), StatusPattern::Class("200".to_owned())]
        {
            assert!(!is_status(&wrong), "{wrong:?}");
        }
    }
}
