//! The decisions of the service that a wrapper around it could not change from outside, right by default.
//! Decides nothing itself: the function that makes a decision asks here.

use super::leniency::Leniencies;

/// What the service does at each of its decisions. `Policy::default()` is right by the RFCs;
/// every other value makes a defect, but for those of `lenient`, which make a dialect.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Policy {
    pub credentials: Credentials,
    pub precedence: Precedence,
    pub filter_case: CaseRule,
    pub filter_values: FilterValues,
    pub filter_dates: Dates,
    pub filter_paging: FilterPaging,
    pub sort_case: CaseRule,
    pub sort_missing: SortMissing,
    pub sort_value: SortValue,
    pub sort_scope: SortScope,
    pub uniqueness: Uniqueness,
    pub required: Required,
    pub read_only: ReadOnly,
    pub immutable: Immutable,
    pub types: Types,
    pub ids: Ids,
    pub created: Created,
    pub last_modified: LastModified,
    pub put: Put,
    pub primary: Primary,
    pub patch_errors: PatchErrors,
    pub patch_matches: PatchMatches,
    pub patch_unmatched: PatchUnmatched,
    pub patch_complex: PatchComplex,
    pub patch_duplicates: PatchDuplicates,
    pub membership: Membership,
    pub deletion: Deletion,
    pub bulk_references: BulkReferences,
    pub lenient: Leniencies,
}

/// Which requests need a known bearer token (RFC 6750).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Credentials {
    #[default]
    Checked,
    /// Any text will do as a token.
    AnyBearer,
    /// The last character of a token does not count.
    Beginning,
    /// Only GET and HEAD check.
    CheckedForReads,
    /// All requests check but those whose path has this in it.
    UncheckedAt(&'static str),
    /// Who may only read may PUT.
    ReadersReplace,
}

/// How `and` and `or` bind in filters (RFC 7644 §3.4.2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Precedence {
    #[default]
    AndBeforeOr,
    LeftToRight,
}

/// How texts are compared (RFC 7643 §2.2 `caseExact`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CaseRule {
    #[default]
    BySchema,
    AlwaysExact,
    NeverExact,
}

/// Which values of a multi-valued attribute a filter looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FilterValues {
    #[default]
    All,
    FirstOnly,
}

/// How filters compare dateTimes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dates {
    #[default]
    AsMoments,
    AsText,
}

/// Whether pages are cut from the matches or the matches from a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FilterPaging {
    #[default]
    FilterFirst,
    PageFirst,
}

/// Where resources without a sort value stand (RFC 7644 §3.4.2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SortMissing {
    #[default]
    LastAscending,
    FirstAscending,
    AlwaysLast,
}

/// Which value of a multi-valued attribute is the sort key (RFC 7644 §3.4.2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SortValue {
    #[default]
    PrimaryOrFirst,
    First,
}

/// Whether the whole result is sorted, or only what is on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SortScope {
    #[default]
    WholeResult,
    PageOnly,
}

/// Whether values of unique attributes must be (RFC 7643 §7 `uniqueness`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Uniqueness {
    #[default]
    ByCaseRule,
    /// Values that differ only in case are two, whatever `caseExact` says.
    CaseExact,
    /// Values that differ only in the case of letters beyond ASCII are two.
    AsciiCase,
    Ignored,
    /// Only creation checks.
    OnCreateOnly,
}

/// Whether required attributes must have a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Required {
    #[default]
    Enforced,
    Ignored,
    /// Creation and replacement check, PATCH does not.
    IgnoredInPatch,
    /// Creation and replacement do not check the attribute of this name.
    IgnoredOf(&'static str),
}

/// What happens to readOnly attributes in POST and PUT bodies and in PATCH operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ReadOnly {
    /// Ignored in bodies, an error in PATCH.
    #[default]
    Protected,
    Stored,
    /// Attributes and sub-attributes of these names are stored from POST and PUT.
    StoredOf(&'static [&'static str]),
}

impl ReadOnly {
    /// Whether what POST and PUT send for the readOnly attribute called `name` is stored.
    pub fn stores(self, name: &str) -> bool {
        match self {
            Self::Protected => false,
            Self::Stored => true,
            Self::StoredOf(names) => names.contains(&name),
        }
    }
}

/// What PUT and PATCH do with immutable attributes that have a value (RFC 7643 §7 `mutability`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Immutable {
    #[default]
    Kept,
    Overwritten,
    /// PUT is refused where the body has one, whatever its value.
    RefusedInPut,
    /// PUT sets none that has no value yet.
    SetAtCreationOnly,
}

/// Whether values must have the type that the schema names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Types {
    #[default]
    Checked,
    Unchecked,
    /// POST and PUT check, PATCH does not.
    UncheckedInPatch,
    /// The attribute of this name is not checked.
    UncheckedOf(&'static str),
}

impl Types {
    /// Whether a value of another type is stored in the attribute called `name`.
    pub fn lets_pass(self, name: &str) -> bool {
        match self {
            Self::Checked | Self::UncheckedInPatch => false,
            Self::Unchecked => true,
            Self::UncheckedOf(other) => name == other,
        }
    }
}

/// How ids are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ids {
    #[default]
    Random,
    /// The client's, where it sends one.
    Client,
    /// 1, 2, 3 … for each resource type on its own.
    CounterPerType,
    /// Of the userName, where there is one.
    OfUserName,
}

/// Where `meta.created` comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Created {
    #[default]
    Creation,
    Client,
    /// Moves with every PUT.
    LastPut,
    /// Moves with every PATCH.
    LastPatch,
}

/// When `meta.lastModified` moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LastModified {
    #[default]
    OnChange,
    Never,
    /// Also where a write changed nothing.
    OnEveryWrite,
}

/// What PUT does with what is stored (RFC 7644 §3.5.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Put {
    #[default]
    Replaces,
    /// Attributes that are absent from the body keep their values.
    KeepsOmitted,
    /// Attributes that are null or `[]` in the body keep their values.
    KeepsUnassigned,
    /// Values of multi-valued attributes are added to those stored.
    AppendsValues,
}

/// What becomes of other primary values when PATCH sets one (RFC 7644 §3.5.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Primary {
    #[default]
    Single,
    /// Several may be primary, in POST and PUT too.
    Kept,
    /// PATCH leaves others primary.
    KeptInPatch,
    /// Several may be primary in POST and PUT.
    KeptInBodies,
}

/// What becomes of the operations before one that fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PatchErrors {
    #[default]
    Atomic,
    KeepEarlier,
    /// Those behind it are carried out too.
    GoOn,
}

/// How many of the values that a path's filter selects an operation changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PatchMatches {
    #[default]
    All,
    FirstOnly,
    /// `remove` only the first, all else all.
    FirstRemoved,
    /// `replace` only the first, all else all.
    FirstReplaced,
}

/// What `replace` does where the path's filter selects nothing (RFC 7644 §3.5.2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PatchUnmatched {
    #[default]
    NoTarget,
    Adds,
}

/// What `replace` of a complex attribute does with the sub-attributes that are not named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PatchComplex {
    #[default]
    KeepsOthers,
    DropsOthers,
}

/// What `add` does with a value that is there already (RFC 7644 §3.5.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PatchDuplicates {
    #[default]
    Dropped,
    Stored,
}

/// How `Group.members` and `User.groups` hang together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Membership {
    #[default]
    InStep,
    /// Groups keep members that were deleted.
    KeepsDeleted,
    /// `User.groups` stays empty.
    OneWay,
    /// Members need not exist.
    Dangling,
}

/// What DELETE leaves behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Deletion {
    #[default]
    Removes,
    /// Gone by its URL, but still in lists.
    StaysInLists,
    /// Gone, but its unique values stay taken.
    KeepsUniqueValues,
}

/// What becomes of `bulkId:` references (RFC 7644 §3.7.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BulkReferences {
    #[default]
    Resolved,
    /// Stored as they came.
    Literal,
    /// Resolved in the core schema, not in extensions.
    CoreOnly,
}
