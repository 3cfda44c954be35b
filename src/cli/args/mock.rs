//! The options of `mock`.
//! Reads no file.

use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;
use std::time::Duration;

use clap::Args as Options;

use super::{Format, value};
use crate::mock::Feature;
use crate::mock::defects::{ACTIONS, Switch};

#[derive(Debug, Options)]
#[command(after_help = defects_help())]
pub struct MockArgs {
    /// Address to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    pub listen: String,
    /// Bearer token to demand; made up where none is given
    #[arg(long, value_name = "TOKEN|@FILE|env:NAME")]
    pub token: Option<value::SecretSource>,
    /// JSON list of further tokens: [{ "token": "x", "user": "userName or id", "tenant": "acme", "readOnly": true }]
    #[arg(long, value_name = "FILE")]
    pub tokens: Option<PathBuf>,
    /// Profile to serve, by NAME or NAME@VERSION
    #[arg(long, value_name = "NAME", default_value = crate::profile::DEFAULT)]
    pub profile: String,
    /// Switch a defect on: an id of `scimspec list defects`, or a general one with its aim; can be repeated
    #[arg(long, value_name = "ID|ACTION@METHOD PATH[=VALUE]")]
    pub defect: Vec<Switch>,
    /// Identity providers whose dialects it understands: strict, okta, entra, onelogin …; the profile's where absent
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub dialect: Vec<String>,
    /// Form of the line that tells base URL and token
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,

    #[command(flatten)]
    pub product: ProductArgs,
    #[command(flatten)]
    pub data: DataArgs,
    #[command(flatten)]
    pub offer: OfferArgs,
    #[command(flatten)]
    pub server: ServerArgs,
}

#[derive(Debug, Options)]
#[command(next_help_heading = "Mock of GitLab")]
pub struct ProductArgs {
    /// Setting of the instance: saas, instance_saml, group_saml, licensed, scim_group_sync, seats_available,
    /// restricted_access, user_cap_reached, each true or false, and email_confirmation; can be repeated
    #[arg(long, value_name = "NAME[=VALUE]")]
    pub switch: Vec<String>,
    /// Group whose URL and token are told
    #[arg(long, value_name = "PATH")]
    pub group: Option<String>,
    /// Let everybody call hooks, by POST /scimspec/hooks/NAME with their arguments as JSON
    #[arg(long)]
    pub hooks: bool,
}

#[derive(Debug, Options)]
#[command(next_help_heading = "Starting data")]
pub struct DataArgs {
    /// JSON list of resources to begin with, each with its `schemas`; for GitLab of accounts, groups and SAML links
    #[arg(long, value_name = "FILE")]
    pub data: Option<PathBuf>,
    /// Users to make up
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub users: usize,
    /// Groups of them to make up
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub groups: usize,
    /// The same seed makes up the same people
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub seed: u64,
}

#[derive(Debug, Options)]
#[command(next_help_heading = "What it offers")]
pub struct OfferArgs {
    /// Features to switch off: patch, bulk, filter, sort, etag, changePassword, cursor, index, search, me, root-query
    #[arg(long, value_delimiter = ',', value_name = "FEATURES")]
    pub without: Vec<Feature>,
    /// JSON list of further schemas; one of a known id replaces it
    #[arg(long, value_name = "FILE")]
    pub schemas: Option<PathBuf>,
    /// JSON list of further resource types; one of a known name replaces it
    #[arg(long, value_name = "FILE")]
    pub resource_types: Option<PathBuf>,
    /// Resources on a page where a query does not say how many
    #[arg(long, value_name = "NUMBER")]
    pub page_size: Option<NonZeroUsize>,
    /// Resources on a page at most
    #[arg(long, value_name = "NUMBER")]
    pub max_page_size: Option<NonZeroUsize>,
}

#[derive(Debug, Options)]
#[command(next_help_heading = "How it serves")]
pub struct ServerArgs {
    /// Waiting time added to each answer
    #[arg(long, value_name = "DURATION", value_parser = value::duration, default_value = "0s")]
    pub latency: Duration,
    /// Further waiting time at most, by chance
    #[arg(long, value_name = "DURATION", value_parser = value::duration, default_value = "0s")]
    pub jitter: Duration,
    /// Requests a second for each token; more are answered 429 with Retry-After
    #[arg(long, value_name = "NUMBER")]
    pub rate_limit: Option<NonZeroU32>,
    /// PEM file with the certificate, to serve HTTPS
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// PEM file with the certificate's key
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// Write a line for each request to stderr
    #[arg(long)]
    pub log: bool,
    /// HAR file of what clients send and get, without secrets
    #[arg(long, value_name = "FILE")]
    pub record: Option<PathBuf>,
}

fn defects_help() -> String {
    let width = ACTIONS.iter().map(|(name, value, _)| name.len() + value.len()).max().unwrap_or(0);
    let mut help = String::from(
        "General defects have an aim, ACTION@METHOD PATH[=VALUE]. METHOD may be *, PATH is below the base URL and * in \
        it stands for any characters: --defect 'answer-status@POST /Users=200' --defect 'lose-write@PATCH /Users/*'\n\n\
        Actions:\n",
    );
    for (name, value, about) in ACTIONS {
        help.push_str(&format!("  {:<width$}  {about}\n", format!("{name}{value}")));
    }
    help
}
