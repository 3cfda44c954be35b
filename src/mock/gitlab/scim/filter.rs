//! The filters that GitLab reads: three words, of which the first two must be ones that it knows.
//! Knows no account.

/// What a filter asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    All,
    ExternUid(String),
    Username(String),
    /// A filter that GitLab says it does not support.
    Unsupported,
    /// One of which it is not known what GitLab answers.
    Unknown,
}

/// Reads a filter. What stands behind the third word is dropped.
pub fn read(filter: Option<&str>) -> Wanted {
    let filter = filter.unwrap_or_default();
    let mut words = filter.split_whitespace();
    let Some(attribute) = words.next() else { return Wanted::All };
    let (operator, value) = (words.next(), words.next().unwrap_or_default());
    let value = value.replace('"', "");
    if operator != Some("eq") || value.is_empty() {
        return Wanted::Unsupported;
    }
    match (attribute, value.to_ascii_lowercase().as_str()) {
        ("id" | "externalId", "true") => Wanted::Unknown,
        ("id" | "externalId", "false") => Wanted::Unsupported,
        ("id" | "externalId", _) => Wanted::ExternUid(value),
        ("userName", _) => Wanted::Username(value),
        _ => Wanted::Unsupported,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_gitlab_understands() {
        let uid = || Wanted::ExternUid("X".to_owned());
        for (filter, wanted) in [
            ("", Wanted::All),
            ("  ", Wanted::All),
            ("id eq \"X\"", uid()),
            ("externalId eq \"X\"", uid()),
            ("id eq X", uid()),
            ("userName eq \"a@x\"", Wanted::Username("a@x".to_owned())),
            ("userName eq \"A\" and active eq true", Wanted::Username("A".to_owned())),
            ("id eq \"X Y\"", uid()),
            ("id eq \"true\"", Wanted::Unknown),
        ] {
            assert_eq!(read(Some(filter)), wanted, "{filter}");
        }
        assert_eq!(read(None), Wanted::All);
    }

    #[test]
    fn what_it_refuses() {
        for filter in [
            "id ne \"X\"",
            "userName co \"X\"",
            "userName sw \"X\"",
            "userName pr",
            "id EQ \"X\"",
            "username eq \"X\"",
            "displayName eq \"X\"",
            "active eq true",
            "emails.value eq \"X\"",
            "userName eq \"\"",
            "id eq \"false\"",
            "id",
            "nothing eq \"X\"",
        ] {
            assert_eq!(read(Some(filter)), Wanted::Unsupported, "{filter}");
        }
    }
}
