//! The built-in catalogue: every requirement by id, in the order of the sections.
//! Knows no suite and no profile.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use super::{Requirement, RequirementId};
use crate::nearest::nearest;

/// The embedded files, in the order in which a report tells them.
const FILES: [&str; 9] = [
    include_str!("rfc7643.json"),
    include_str!("rfc7644.json"),
    include_str!("rfc9865.json"),
    include_str!("http.json"),
    include_str!("okta.json"),
    include_str!("entra.json"),
    include_str!("idp.json"),
    include_str!("scimspec.json"),
    include_str!("gitlab.json"),
];

#[allow(clippy::expect_used, reason = "the files are part of the binary, and a test reads them")]
static BUILTIN: LazyLock<Catalogue> = LazyLock::new(|| {
    let files = FILES.iter().map(|file| serde_json::from_str::<Vec<Requirement>>(file));
    let requirements: Result<Vec<_>, _> = files.collect();
    let requirements = requirements.expect("the embedded catalogue is well-formed").into_iter().flatten();
    let fixes: BTreeMap<String, String> =
        serde_json::from_str(FIXES_OF_GITLAB).expect("the embedded advice is well-formed");
    Catalogue::new(requirements.map(|row| with_fix(row, &fixes)))
});

/// What helps where a GitLab does otherwise: a text for each matter, because its rows are mended together.
const FIXES_OF_GITLAB: &str = include_str!("gitlab-fixes.json");

/// A row of GitLab's with the text of its matter, where it has none of its own.
fn with_fix(mut row: Requirement, fixes: &BTreeMap<String, String>) -> Requirement {
    if row.fix.is_none() && row.origin == "GitLab" {
        row.fix = fixes.get(&row.section).cloned();
    }
    row
}

/// Requirements, found by id.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    requirements: Vec<Requirement>,
    by_id: HashMap<RequirementId, usize>,
}

impl Catalogue {
    /// The catalogue that scimspec carries; read at the first call.
    pub fn builtin() -> &'static Self {
        &BUILTIN
    }

    /// A catalogue of these requirements, in this order. Of two with one id the later counts.
    pub fn new(requirements: impl IntoIterator<Item = Requirement>) -> Self {
        let requirements: Vec<_> = requirements.into_iter().collect();
        let by_id = requirements.iter().enumerate().map(|(at, one)| (one.id.clone(), at)).collect();
        Self { requirements, by_id }
    }

    pub fn get(&self, id: &RequirementId) -> Option<&Requirement> {
        self.by_id.get(id).and_then(|&at| self.requirements.get(at))
    }

    /// Every requirement: RFC by RFC, in each by section, then the vendors', then scimspec's own and those of products.
    pub fn iter(&self) -> impl Iterator<Item = &Requirement> {
        self.requirements.iter()
    }

    /// The id that a wrong one most likely was meant to be.
    pub fn nearest(&self, id: &str) -> Option<&RequirementId> {
        let right = nearest(id, self.iter().map(|one| one.id.0.as_str()))?;
        self.iter().map(|one| &one.id).find(|id| id.0 == right)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::spec::{Basis, Level, Observable, Role, Weight};

    fn get(id: &str) -> &'static Requirement {
        Catalogue::builtin().get(&RequirementId(id.to_owned())).unwrap()
    }

    #[test]
    fn every_row_is_there_once() {
        let ids: HashSet<_> = Catalogue::builtin().iter().map(|one| &one.id).collect();
        assert_eq!(ids.len(), Catalogue::builtin().iter().count());
        assert_eq!(Catalogue::builtin().iter().filter(|one| one.basis != Basis::Own).count(), 566);
    }

    #[test]
    fn an_id_says_where_its_requirement_stands() {
        for one in Catalogue::builtin().iter().filter(|one| one.basis != Basis::Own) {
            let parts: Vec<_> = one.id.0.split('-').collect();
            let [rfc, section, _] = parts.as_slice() else { panic!("{}", one.id) };
            assert_eq!(one.origin, format!("RFC {rfc}"));
            // A row may name a subsection whose sentence has the keyword that its own lacks.
            assert!(one.section.starts_with(section), "{}", one.id);
        }
        let own = Catalogue::builtin().iter().filter(|one| one.basis == Basis::Own);
        for one in own.filter(|one| one.evidence.is_empty()) {
            let start = match one.origin.as_str() {
                "scimspec" => "scimspec-".to_owned(),
                // The words of its section, then its number there.
                "GitLab" => format!("GL-{}-", one.section.replace(' ', "-")),
                other => panic!("{}: {other}", one.id),
            };
            assert!(one.id.0.starts_with(&start), "{}", one.id);
        }
    }

    #[test]
    fn a_file_is_in_the_order_of_its_sections() {
        let place = |one: &Requirement| {
            let numbers: Vec<u32> = one.section.split('.').map(|part| part.parse().unwrap()).collect();
            (one.origin.clone(), numbers, one.id.0.rsplit('-').next().and_then(|n| n.parse::<u32>().ok()))
        };
        for origin in ["RFC 7643", "RFC 7644", "RFC 9865"] {
            let places: Vec<_> =
                Catalogue::builtin().iter().filter(|one| one.origin == origin).map(place).collect();
            assert!(places.is_sorted(), "{origin}");
        }
    }

    #[test]
    fn a_weight_never_exceeds_what_the_words_bear() {
        for one in Catalogue::builtin().iter() {
            let most = match one.level {
                _ if one.role == Role::Client || one.observable == Observable::No => Weight::Info,
                Level::Must | Level::MustNot => Weight::Fail,
                Level::Should | Level::ShouldNot | Level::May => Weight::Warn,
            };
            assert!(one.weight <= most, "{} weighs {:?}", one.id, one.weight);
        }
    }

    #[test]
    fn whatever_counts_says_how_it_is_mended() {
        let of_a_standard = |one: &&Requirement| one.origin.starts_with("RFC");
        let counts = Catalogue::builtin().iter().filter(|one| one.weight > Weight::Info);
        for one in counts.filter(of_a_standard) {
            let fix = one.fix.as_deref().unwrap_or_else(|| panic!("{} has no fix", one.id));
            assert!(fix.ends_with('.') || fix.ends_with('"'), "{}: {fix}", one.id);
        }
    }

    #[test]
    fn whatever_gitlab_does_says_what_helps_where_it_is_otherwise() {
        let rows = || Catalogue::builtin().iter().filter(|one| one.origin == "GitLab");
        assert_eq!(rows().find(|one| one.fix.is_none()).map(|one| &one.id), None);
        let fixes: BTreeMap<String, String> = serde_json::from_str(FIXES_OF_GITLAB).expect("texts");
        let unused = fixes.keys().find(|section| rows().all(|one| one.section != **section));
        assert_eq!(unused, None);
    }

    #[test]
    fn the_lists_of_the_identity_providers_are_whole() {
        for (list, length) in [("OKTA", 33), ("ENTRA", 24), ("IDP-COMPLAINT", 40)] {
            for number in 1..=length {
                get(&format!("{list}-{number:02}"));
            }
        }
    }

    #[test]
    fn what_rests_on_hearsay_alone_never_counts() {
        for one in Catalogue::builtin().iter().filter(|one| !one.evidence.is_empty()) {
            assert!(one.source.is_some(), "{} says nowhere where its evidence is", one.id);
            let bears = one.evidence.iter().any(|evidence| evidence.bears_a_claim());
            assert!(bears || one.weight == Weight::Info, "{} weighs {:?}", one.id, one.weight);
        }
    }

    #[test]
    fn what_is_only_concluded_of_gitlab_never_fails_a_server() {
        let rows = || Catalogue::builtin().iter().filter(|one| one.origin == "GitLab");
        assert!(rows().count() > 150);
        for one in rows() {
            let certain = one.evidence.iter().all(|evidence| evidence.bears_a_claim());
            let right = if certain { (Level::Must, Weight::Fail) } else { (Level::May, Weight::Info) };
            assert_eq!((one.level, one.weight), right, "{}", one.id);
            // The words of its section, then its number there.
            let start = format!("GL-{}-", one.section.replace(' ', "-"));
            assert!(one.id.0.starts_with(&start), "{}", one.id);
        }
    }

    #[test]
    fn a_vendors_rule_says_where_it_stands_and_on_what_it_rests() {
        assert_eq!(get("7644-3.3-05").stands(), "RFC 7644 §3.3");
        assert_eq!(get("OKTA-03").stands(), "Okta, queries");
        assert_eq!(get("OKTA-03").rests_on(), "a test of the vendor: Okta's SCIM 2.0 SPEC test, R1");
        assert_eq!(get("7644-3.3-05").rests_on(), "a sentence with a keyword of RFC 2119");
    }

    #[test]
    fn rows_keep_what_decides_verdicts() {
        let create = get("7644-3.3-05");
        assert_eq!((create.level, create.weight, create.basis), (Level::Must, Weight::Fail, Basis::Keyword));
        assert_eq!(create.section, "3.3");
        assert_eq!(get("7644-3.4.2.2-06").weight, Weight::Warn);
        assert_eq!(get("7644-3.5.1-04").weight, Weight::Warn);
        assert_eq!(get("7644-2.2-01").weight, Weight::Info);
        assert_eq!(get("scimspec-no-5xx").weight, Weight::Warn);
    }

    #[test]
    fn a_wrong_id_is_answered_with_the_nearest() {
        let near = |id| Catalogue::builtin().nearest(id).map(|id| id.0.as_str());
        assert_eq!(near("7644-3.3-5"), Some("7644-3.3-05"));
        assert_eq!(near("scimspec-no5xx"), Some("scimspec-no-5xx"));
        assert_eq!(near("banana"), None);
    }
}
