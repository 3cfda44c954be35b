//! The types of the suite language. `schemas/suite.schema.json` is made from them, so every doc comment
//! here is what an editor shows to the author of a suite.
//! Knows nothing of how a suite is read or run.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::spec::{RequirementId, Weight};

/// A place in a suite: file, line and column, counted from 1.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    pub file: Arc<str>,
    pub line: usize,
    pub column: usize,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// A suite: the cases of one section, one flow or one API.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Suite {
    /// `rfc7644/filter`: the path of the file below its folder of suites, without `.yaml`.
    #[serde(skip)]
    pub id: String,
    #[serde(skip)]
    pub place: Place,
    /// Title, as the report shows it.
    pub suite: String,
    /// Where its requirements stand: `RFC 7644 §3.4.2.2`.
    pub section: Option<String>,
    /// What the suite is about, for people.
    pub description: Option<String>,
    /// Words to select cases by.
    #[serde(default)]
    pub tags: Vec<String>,
    /// What the target must offer for any case of the suite to run.
    #[serde(default)]
    pub needs: Vec<String>,
    /// What every case of the suite presumes, those that are named here excepted; see `presumes` of a case.
    #[serde(default, deserialize_with = "one_or_many")]
    #[schemars(with = "OneOrMany<String>")]
    pub presumes: Vec<String>,
    /// The base that paths of the suite are relative to, one of the profile's; `scim` where absent.
    pub base: Option<String>,
    /// The client that the suite plays, an identity provider's, or several that send the same: `okta-wizard`. Its cases decide
    /// whether the server works with it. `read` and `list` are then no requests of the client, but scimspec's own look at
    /// what came of them.
    #[serde(default, deserialize_with = "one_or_many")]
    #[schemars(with = "OneOrMany<String>")]
    pub client: Vec<String>,
    /// Header fields of every request of the client; `null` takes a default one away. Those of a step are laid over them.
    /// A Content-Type goes with bodies only.
    #[serde(default)]
    pub headers: Map<String, Value>,
    /// `true`: the client encodes query parameters as forms are, a space as +.
    #[serde(default)]
    pub form_query: bool,
    /// The credential of its steps and fixtures where they name none; `target` where absent.
    #[serde(rename = "as")]
    pub principal: Option<String>,
    /// Resources made once for the suite, when the first case asks for them, and deleted after its last.
    /// Cases that change a resource make their own.
    #[serde(default)]
    pub fixtures: BTreeMap<String, Fixture>,
    /// The cases, in the order in which a reader should meet them.
    pub cases: Vec<Case>,
}

/// A resource made before a case and deleted after it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fixture {
    #[serde(skip)]
    pub place: Place,
    /// Name of the resource type: `User`, `Group`, or one of the target's own.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// Attributes laid over a minimal valid resource. Those that the target's schema does not have,
    /// or does not let clients write, are left out.
    pub with: Option<Value>,
    /// How many to make; `{{ name[0].id }}` is the first, `{{ index }}` its number in `with`.
    pub count: Option<u32>,
    /// The credential that makes it, by name.
    #[serde(rename = "as")]
    pub principal: Option<String>,
    /// Whether the server may refuse it, because nobody can know its rules for these attributes: the cases that
    /// use it are then skipped, not blocked.
    #[serde(default)]
    pub may_be_refused: bool,
    /// In a case: all cases of the suite whose shared fixture has the same name and comes to the same definition use one
    /// resource, deleted after the last case of the suite. None of them changes it.
    #[serde(default)]
    pub shared: bool,
    /// The fixtures that its templates use, filled when the suite is loaded.
    #[serde(skip)]
    pub uses: BTreeSet<String>,
}

/// One claim about the server.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Case {
    #[serde(skip)]
    pub place: Place,
    /// Name within the suite, in lower case with hyphens; it never changes.
    pub id: String,
    /// The claim, as a sentence about a server that is right.
    pub title: String,
    /// The requirement that the case verifies, or several, the most specific first. The first decides the outcome.
    #[serde(deserialize_with = "one_or_many")]
    #[schemars(with = "OneOrMany<RequirementId>")]
    pub verifies: Vec<RequirementId>,
    /// Lowers what a breach does to the case, never raises it.
    pub weight: Option<Weight>,
    /// Cases without which this claim says nothing new: where one of them fails, this case, if it fails too, is
    /// blocked by the requirement of that one, so that one mistake is told once. Ids of the same suite, or
    /// with the suite before them: `rfc7644/delete/deleted-is-404`.
    #[serde(default, deserialize_with = "one_or_many")]
    #[schemars(with = "OneOrMany<String>")]
    pub presumes: Vec<String>,
    /// What the case does and why, for `explain`.
    pub description: Option<String>,
    /// How servers are usually mended, for the person with the red test.
    pub fix: Option<String>,
    #[serde(default)]
    pub tags: Vec<String>,
    /// What the target must offer: `patch`, `Group`, `User.title`, `not sort`, `credential second`, `hook seed-user`.
    #[serde(default)]
    pub needs: Vec<String>,
    /// Resources made for this case alone.
    #[serde(default)]
    pub fixtures: BTreeMap<String, Fixture>,
    /// Repeats the case for each thing that it selects.
    pub for_each: Option<ForEach>,
    /// Runs by itself, when no other case of the run is at work.
    #[serde(default)]
    pub alone: bool,
    /// The exchanges, in order.
    #[serde(default)]
    pub steps: Vec<Step>,
    /// Instead of steps: a claim about every exchange of the whole run.
    pub watch: Option<Watch>,
    /// The fixtures of the suite and of the case that its steps use, filled when the suite is loaded.
    #[serde(skip)]
    pub uses: BTreeSet<String>,
}

/// What a case is repeated for. Exactly one of the keys.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ForEach {
    /// Attributes of the target's own schemas; in templates `{{ attribute.path }}`, `.name`, `.with`, `.sample` ….
    pub attribute: Option<AttributeQuery>,
    /// The target's own resource types; in templates `{{ resource_type.name }}`, `.endpoint`, `.schema`.
    pub resource_type: Option<ResourceTypeQuery>,
    /// Things listed here; in templates `{{ item }}`. A mapping among them has an `id`, which names the case.
    pub item: Option<Vec<Value>>,
}

/// Selects attributes and sub-attributes by their characteristics (RFC 7643 §2.2, §7).
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AttributeQuery {
    /// Resource types; all of the target's where absent.
    #[serde(default, deserialize_with = "one_or_many")]
    #[schemars(with = "OneOrMany<String>")]
    pub of: Vec<String>,
    /// Only those in the core schema (`true`) or only those in extensions (`false`).
    pub core: Option<bool>,
    /// Only those in schemas of the target's own (`true`), or only those in schemas of RFC 7643 (`false`).
    pub own: Option<bool>,
    /// `string`, `boolean`, `decimal`, `integer`, `dateTime`, `binary`, `reference`, `complex`.
    #[serde(default, rename = "type", deserialize_with = "one_or_many")]
    #[schemars(with = "OneOrMany<String>")]
    pub types: Vec<String>,
    #[serde(default, deserialize_with = "one_or_many")]
    #[schemars(with = "OneOrMany<String>")]
    pub mutability: Vec<String>,
    #[serde(default, deserialize_with = "one_or_many")]
    #[schemars(with = "OneOrMany<String>")]
    pub returned: Vec<String>,
    #[serde(default, deserialize_with = "one_or_many")]
    #[schemars(with = "OneOrMany<String>")]
    pub uniqueness: Vec<String>,
    pub multi_valued: Option<bool>,
    pub required: Option<bool>,
    pub case_exact: Option<bool>,
    /// Sub-attributes too (`true`), only top-level attributes (`false`, the default).
    #[serde(default)]
    pub sub_attributes: bool,
    /// Only sub-attributes, those of this kind of complex attribute.
    pub parts_of: Option<Parent>,
    /// At most so many of each data type in each schema, single and multi-valued ones counted apart.
    pub most: Option<usize>,
    /// Names or paths to leave out.
    #[serde(default)]
    pub except: Vec<String>,
}

/// The complex attribute around a sub-attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Parent {
    Single,
    MultiValued,
}

/// Selects resource types of the target.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResourceTypeQuery {
    /// Names to leave out.
    #[serde(default)]
    pub except: Vec<String>,
    /// Only these names.
    #[serde(default)]
    pub only: Vec<String>,
    /// Only those whose base schema is one of these.
    #[serde(default, deserialize_with = "one_or_many")]
    #[schemars(with = "OneOrMany<String>")]
    pub schema: Vec<String>,
}

/// One exchange, or one hook, or one pause. Exactly one of the keys from `get` to `wait` says which.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    #[serde(skip)]
    pub place: Place,
    /// GET of this path: below the base, percent-encoded by scimspec where a template put something in.
    pub get: Option<String>,
    /// POST to this path.
    pub post: Option<String>,
    /// PUT to this path.
    pub put: Option<String>,
    /// PATCH of this path.
    pub patch: Option<String>,
    /// DELETE of this path.
    pub delete: Option<String>,
    /// HEAD of this path.
    pub head: Option<String>,
    /// OPTIONS of this path.
    pub options: Option<String>,
    /// Any other method: `{ method: TRACE, path: /Users }`.
    pub send: Option<Send>,
    /// GET of one resource, as a means to see what a claim is about: the case is blocked, not failed, where the
    /// answer is not 200 with one resource in it. Repeated for the run's grace period until `expect` holds.
    pub read: Option<String>,
    /// GET of a query, as a means: blocked where the answer is not 200 with a ListResponse.
    /// Pages are walked where `finds`, `misses` or `order` needs them. Repeated like `read`.
    pub list: Option<String>,
    /// What a profile or the user provides: seed a user, advance the clock, rotate a token.
    pub hook: Option<String>,
    /// A pause: `1100ms`, `2s`.
    pub wait: Option<String>,

    /// The base that the path is relative to; the suite's where absent.
    pub base: Option<String>,
    /// Who asks: `target` (the default), `none`, `wrong`, `second`, `admin`, or another credential by name.
    #[serde(rename = "as")]
    pub principal: Option<String>,
    /// The header field that the credential goes in, where that is not its own: `Authorization`, where it is a bearer token, or
    /// `PRIVATE-TOKEN`. The case is skipped where the credential is no token.
    pub field: Option<String>,
    /// Query parameters; encoded by scimspec (space as %20).
    #[serde(default)]
    pub query: Map<String, Value>,
    /// The query exactly as it is to be sent, without its question mark; it stands before that of `query`.
    pub raw_query: Option<String>,
    /// Header fields; `null` takes a default one away.
    #[serde(default)]
    pub headers: Map<String, Value>,
    /// JSON body, sent as application/scim+json. `{ $from: …, $drop: [names], other: members }` lays members over
    /// a captured object; `{ $repeat: value, $times: 101 }` is a list of so many copies, or a text so many times as long.
    pub body: Option<Value>,
    /// application/x-www-form-urlencoded body.
    pub form: Option<Map<String, Value>>,
    /// multipart/form-data body.
    pub multipart: Option<Map<String, Value>>,
    /// Body exactly as it is to be sent.
    pub raw: Option<String>,
    /// Body exactly as it is to be sent, in base64.
    pub raw_base64: Option<String>,
    /// Arguments of a hook.
    pub with: Option<Value>,
    /// Sent over the raw HTTP/1.1 transport: nothing normalised on the way out, every byte seen on the way in.
    #[serde(default)]
    pub wire: bool,

    /// What must hold for the case to mean anything; where it does not, the case is blocked on `verifies` of it,
    /// or on the requirement for such a request. A step with neither `expect` nor `given` asks for any 2xx.
    #[serde(default, deserialize_with = "one_or_many")]
    #[schemars(with = "OneOrMany<Expect>")]
    pub given: Vec<Expect>,
    /// Where this holds, the case is skipped, with `because` as its reason.
    #[serde(default, deserialize_with = "one_or_many")]
    #[schemars(with = "OneOrMany<Expect>")]
    pub skip_if: Vec<Expect>,
    /// The claim, or several.
    #[serde(default, deserialize_with = "one_or_many")]
    #[schemars(with = "OneOrMany<Expect>")]
    pub expect: Vec<Expect>,
    /// Names for parts of the answer, for later steps.
    #[serde(default)]
    pub capture: BTreeMap<String, Capture>,
    /// Repeats the request until `expect` holds, for at most so long: `5s`.
    pub eventually: Option<String>,
    /// `false` leaves the exchange out of recorded snapshots, as are `read` and `list` in a suite with a `client`; `true` takes
    /// it in.
    pub snapshot: Option<bool>,
    /// `false` hides the exchange from the cases that watch: for an answer that the step provokes, whose fault the
    /// case itself tells.
    pub watched: Option<bool>,
}

/// A method that has no key of its own.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Send {
    pub method: String,
    pub path: String,
}

/// A part of an answer: a JSON Pointer (`/id`, empty for the whole body), `{ header: ETag }`, or `{ bulkId: q1 }`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged, deny_unknown_fields)]
pub enum Capture {
    Pointer(String),
    Header {
        header: String,
    },
    /// The result of the bulk operation with this bulkId, wherever it stands in the answer, with the `path` below the
    /// base and the `id` that its location leads to.
    BulkResult {
        #[serde(rename = "bulkId")]
        bulk_id: String,
    },
}

/// What an answer must look like. All keys that are given must hold.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    #[serde(skip)]
    pub place: Place,
    /// The requirement that this part is about, where it is not the case's first.
    pub verifies: Option<RequirementId>,
    /// Lowers what a breach of this part does.
    pub weight: Option<Weight>,
    /// What it means when this does not hold, in one sentence about the server; for `skip_if`, why it is skipped.
    pub because: Option<String>,
    /// `200`, `2xx`, or a list of such.
    #[serde(default, deserialize_with = "one_or_many")]
    #[schemars(with = "OneOrMany<StatusPattern>")]
    pub status: Vec<StatusPattern>,
    /// Header fields by name, a matcher each: a string, `{ $absent: true }`, `{ $pattern: … }`.
    #[serde(default)]
    pub headers: Map<String, Value>,
    /// Media type of the answer, or several to choose from; parameters do not count.
    #[serde(default, deserialize_with = "one_or_many")]
    #[schemars(with = "OneOrMany<String>")]
    pub media_type: Vec<String>,
    /// Name of a JSON Schema: one of `schemas/`, or `target:User` for what the target's own /Schemas say.
    pub schema: Option<String>,
    /// Partial match of the JSON body: members that are not named do not count; see docs/suite-language.md for matchers.
    pub body: Option<Value>,
    /// `true`: no body; `false`: some body.
    pub empty: Option<bool>,
    /// A SCIM error: its status on the line and in the body, and its scimType.
    pub error: Option<ErrorExpect>,
    /// Ids, or fixtures, that must be among the Resources.
    #[serde(default)]
    pub finds: Vec<String>,
    /// Ids, or fixtures, that must not be among the Resources.
    #[serde(default)]
    pub misses: Vec<String>,
    /// Ids, or fixtures, that must be among the Resources in this order; others may stand between them.
    #[serde(default)]
    pub order: Vec<String>,
    /// Named checks in Rust, for what needs logic; `scimspec list checks` shows them.
    #[serde(default, deserialize_with = "one_or_many")]
    #[schemars(with = "OneOrMany<String>")]
    pub check: Vec<String>,
    /// One of these must hold, where the standard leaves a choice.
    #[serde(default)]
    pub any_of: Vec<Expect>,
}

/// A status, or a class of them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum StatusPattern {
    Code(u16),
    /// `2xx`
    Class(String),
}

/// The SCIM error message of RFC 7644 §3.12.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ErrorExpect {
    #[serde(default, deserialize_with = "one_or_many")]
    #[schemars(with = "OneOrMany<StatusPattern>")]
    pub status: Vec<StatusPattern>,
    /// One of these keywords; where absent, any or none.
    #[serde(default, rename = "scimType", deserialize_with = "one_or_many")]
    #[schemars(with = "OneOrMany<String>")]
    pub scim_type: Vec<String>,
}

/// A claim about every exchange of the run, whoever made it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Watch {
    #[serde(skip)]
    pub place: Place,
    /// Methods of the requests that it is about; all where absent.
    #[serde(default, deserialize_with = "one_or_many")]
    #[schemars(with = "OneOrMany<String>")]
    pub method: Vec<String>,
    /// Pattern (regular expression) that the path below the base must match.
    pub path: Option<String>,
    /// The answers that it is about; all where absent.
    pub when: Option<Expect>,
    /// What each of the answers must be.
    #[serde(default, deserialize_with = "one_or_many")]
    #[schemars(with = "OneOrMany<Expect>")]
    pub expect: Vec<Expect>,
    /// Checks that compare the answers of the whole run with one another (`scimspec list checks`).
    #[serde(default, deserialize_with = "one_or_many")]
    #[schemars(with = "OneOrMany<String>")]
    pub over_all: Vec<String>,
}

/// One thing, or a list of them.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(inline)]
pub enum OneOrMany<T> {
    One(T),
    Many(Vec<T>),
}

impl<T> OneOrMany<T> {
    /// As a list.
    pub fn all(&self) -> &[T] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
    }
}

fn one_or_many<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Ok(match OneOrMany::deserialize(deserializer)? {
        OneOrMany::One(one) => vec![one],
        OneOrMany::Many(many) => many,
    })
}
