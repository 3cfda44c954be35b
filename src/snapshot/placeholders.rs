//! Values that differ from run to run become placeholders, numbered in the order in which they are met: `[id:1]`.
//! Must not know where in a message a text stands.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use regex::Regex;

use super::recorded::Known;

/// Shorter ids are replaced only where they stand as a segment of a path, or as a whole value.
const SHORT: usize = 6;
/// Words shorter than this are never taken for a part of a name.
const SHORTEST_PART: usize = 3;
/// Letters that a word shares with the tag of a run where it was cut from a name.
const SHARED: usize = 4;

/// Ids, and names, that are learned from one case; a server cannot make it more.
const MOST_IDS: usize = 5_000;

static DATE_TIME: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"-?\d{4,}-\d\d-\d\d(T|%54)\d\d(:|%3[Aa])\d\d(:|%3[Aa])\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?").ok()
});
/// With hyphens or without, as databases make them: 32 digits, or the 24 of an ObjectId. They are ids also where no answer of
/// the case shows them as such.
static UUID: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32}|[0-9a-f]{24})\b",
    )
    .ok()
});
/// What scimspec makes up as a telephone number: of the block that is kept for fiction.
static PHONE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"tel:\+1-201-555-01\d\d").ok());
static PORT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?P<host>localhost|127\.0\.0\.1|\[::1\]):\d+").ok());

/// The placeholders of one case.
pub struct Placeholders<'a> {
    known: Known<'a>,
    origin: String,
    ids: HashSet<String>,
    /// Names in full, in lower case, as they were met.
    names: HashSet<String>,
    numbers: HashMap<(&'static str, String), usize>,
    counts: HashMap<&'static str, usize>,
}

impl<'a> Placeholders<'a> {
    pub fn new(known: Known<'a>) -> Self {
        let ids = known.ids.iter().filter(|id| !id.is_empty()).cloned().collect();
        let origin = origin(known.base).to_owned();
        Self { known, origin, ids, names: HashSet::new(), numbers: HashMap::new(), counts: HashMap::new() }
    }

    /// Makes `id` known as an id wherever it stands.
    pub fn learn_id(&mut self, id: &str) {
        if !id.is_empty() && self.ids.len() < MOST_IDS {
            self.ids.insert(id.to_owned());
        }
    }

    /// `[kind:n]` for `value`: the same number for the same value.
    pub fn numbered(&mut self, kind: &'static str, value: &str) -> String {
        let next = self.counts.get(kind).copied().unwrap_or(0) + 1;
        let number = *self.numbers.entry((kind, value.to_owned())).or_insert(next);
        if number == next {
            self.counts.insert(kind, next);
        }
        format!("[{kind}:{number}]")
    }

    /// `[id:n]` where `text` as a whole is a known id.
    pub fn whole_id(&mut self, text: &str) -> Option<String> {
        self.ids.contains(text).then(|| self.numbered("id", text))
    }

    /// `text` with everything replaced that is known to differ from run to run, and without secrets.
    pub fn text(&mut self, text: &str) -> String {
        let text = (self.known.redact)(text);
        let text = self.urls(&text);
        // No number: whether two writes fall on the same moment differs from run to run.
        let text = replace_all(&DATE_TIME, &text, |_| "[time]".to_owned());
        let text = replace_all(&PHONE, &text, |_| "[phone]".to_owned());
        let text = replace_all(&UUID, &text, |uuid| self.numbered("id", uuid));
        let text = self.odd_ids(&text);
        self.words(&text, Self::word)
    }

    /// Like [`Placeholders::text`], for a filter or a query: words that are a part of a name are replaced too, since
    /// `sw`, `co` and `ew` take such.
    pub fn operands(&mut self, text: &str) -> String {
        let text = self.text(text);
        self.words(&text, Self::part_of_name)
    }

    fn urls(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (url, placeholder) in
            [(self.known.base.trim_end_matches('/'), "[base]"), (&self.origin, "[origin]")]
        {
            if !url.is_empty() {
                text = text.replace(url, placeholder);
            }
        }
        match PORT.as_ref() {
            Some(port) => port.replace_all(&text, "${host}:[port]").into_owned(),
            None => text,
        }
    }

    /// Ids with characters that no word has.
    fn odd_ids(&mut self, text: &str) -> String {
        let odd = |id: &&String| id.len() >= SHORT && !id.chars().all(is_word);
        let mut found: Vec<String> =
            self.ids.iter().filter(odd).filter(|id| text.contains(*id)).cloned().collect();
        // The longest first, and in one order: one id may contain another.
        found.sort_by_key(|id| (std::cmp::Reverse(id.len()), id.clone()));
        let mut text = text.to_owned();
        for id in found {
            let placeholder = self.numbered("id", &id);
            text = text.replace(&id, &placeholder);
        }
        text
    }

    fn word(&mut self, word: &str, before: Option<char>) -> Option<String> {
        let as_segment = before == Some('/');
        if self.ids.contains(word) && (word.len() >= SHORT || as_segment) {
            return Some(self.numbered("id", word));
        }
        let lower = word.to_lowercase();
        if self.known.tags.iter().any(|tag| !tag.is_empty() && lower.contains(tag.as_str())) {
            if self.names.len() < MOST_IDS {
                self.names.insert(lower);
            }
            return Some(self.numbered("name", word));
        }
        None
    }

    fn part_of_name(&mut self, word: &str, before: Option<char>) -> Option<String> {
        let is_operand = before.is_some_and(|c| "\"'".contains(c)) && word.len() >= SHORTEST_PART;
        let lower = word.to_lowercase();
        let is_part = is_operand
            && (self.names.iter().any(|name| name.contains(&lower))
                || self.known.tags.iter().any(|tag| share(tag, &lower)));
        is_part.then(|| "[part of a name]".to_owned())
    }

    fn words(&mut self, text: &str, replace: fn(&mut Self, &str, Option<char>) -> Option<String>) -> String {
        let (mut result, mut rest, mut before) = (String::with_capacity(text.len()), text, None);
        while let Some(first) = rest.chars().next() {
            let end = rest.find(|c| is_word(c) != is_word(first)).unwrap_or(rest.len());
            let (run, tail) = rest.split_at(end);
            let replaced = if is_word(first) { replace(self, run, before) } else { None };
            result.push_str(replaced.as_deref().unwrap_or(run));
            before = run.chars().last();
            rest = tail;
        }
        result
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '-' || c == '_'
}

/// Whether two texts have a part in common that is too long for chance.
fn share(tag: &str, word: &str) -> bool {
    let letters: Vec<char> = word.chars().collect();
    letters.windows(SHARED).any(|part| tag.contains(&part.iter().collect::<String>()))
}

fn replace_all(regex: &Option<Regex>, text: &str, mut replace: impl FnMut(&str) -> String) -> String {
    let Some(regex) = regex else { return text.to_owned() };
    regex.replace_all(text, |found: &regex::Captures<'_>| replace(&found[0])).into_owned()
}

/// Scheme, host and port of a URL.
fn origin(url: &str) -> &str {
    let Some((scheme, rest)) = url.split_once("://") else { return "" };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    url.get(..scheme.len() + 3 + host.len()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with<T>(test: impl FnOnce(&mut Placeholders<'_>) -> T) -> T {
        let tags = ["r7x2q".to_owned()];
        let ids = ["7".to_owned(), "odd/id=é1".to_owned(), "01ARZ3NDEKTSV4".to_owned()];
        let redact = |text: &str| text.replace("hunter2", "[secret]");
        let known = Known {
            base: "http://127.0.0.1:4711/scim/v2/",
            tags: &tags,
            ids: &ids,
            as_sent: false,
            redact: &redact,
        };
        test(&mut Placeholders::new(known))
    }

    #[test]
    fn the_same_value_has_the_same_number() {
        with(|p| {
            let uuid = "2819c223-7f76-453a-919d-413861904646";
            assert_eq!(p.text(&format!("{uuid} 01ARZ3NDEKTSV4 {uuid}")), "[id:1] [id:2] [id:1]");
            assert_eq!(p.text("ada-r7x2q-1@example.com and r7x2q"), "[name:1]@example.com and [name:2]");
            assert_eq!(p.text("ada-r7x2q-1"), "[name:1]");
        });
    }

    #[test]
    fn ids_of_databases_are_known_by_their_form() {
        with(|p| {
            let ids =
                "fec711f994eb40fa9fbcf3b7c852bf8b FEC711F994EB40FA9FBCF3B7C852BF8B 507f1f77bcf86cd799439011";
            assert_eq!(p.text(ids), "[id:1] [id:2] [id:3]");
            assert_eq!(p.text("decade 1234567890123456"), "decade 1234567890123456");
        });
    }

    #[test]
    fn urls_times_and_secrets() {
        with(|p| {
            assert_eq!(p.text("http://127.0.0.1:4711/scim/v2/Users/7"), "[base]/Users/[id:1]");
            assert_eq!(p.text("http://127.0.0.1:4711/other localhost:99"), "[origin]/other localhost:[port]");
            assert_eq!(p.text("2020-01-01T00:00:00.123Z 2020-01-01T00:00:00+01:00"), "[time] [time]");
            assert_eq!(p.text("token hunter2"), "token [secret]");
        });
    }

    #[test]
    fn made_up_numbers_and_parts_of_unseen_names() {
        with(|p| {
            assert_eq!(p.text("tel:+1-201-555-0142"), "[phone]");
            let tag = p.known.tags.first().cloned().unwrap_or_default();
            let part: String = tag.chars().take(4).chain("-x".chars()).collect();
            assert_eq!(p.operands(&format!("userName co \"{part}\"")), "userName co \"[part of a name]\"");
            assert_eq!(p.operands("userName co \"e.com\""), "userName co \"e.com\"");
        });
    }

    #[test]
    fn short_ids_are_replaced_in_paths_alone() {
        with(|p| {
            assert_eq!(p.text("7 of 7 in /Users/7, odd/id=é1"), "7 of 7 in /Users/[id:2], [id:1]");
            assert_eq!(p.whole_id("7").as_deref(), Some("[id:2]"));
            assert_eq!(p.whole_id("8"), None);
        });
    }

    #[test]
    fn operands_may_be_parts_of_names() {
        with(|p| {
            p.text("ada-r7x2q-1");
            assert_eq!(p.operands("userName sw \"ada-r7\""), "userName sw \"[part of a name]\"");
            assert_eq!(
                p.operands("userName eq \"ADA-R7X2Q-1\" or title eq \"Pilot\""),
                "userName eq \"[name:2]\" or title eq \"Pilot\""
            );
        });
    }
}
