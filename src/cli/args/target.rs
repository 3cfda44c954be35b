//! Options that say who the target is, how to reach it, and what it is known to offer.
//! Must not read the files and variables that they name.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args as Options;

use super::value::{self, SecretSource};

#[derive(Debug, Default, Options)]
#[command(next_help_heading = "Credentials")]
pub struct TargetArgs {
    /// Bearer token; SCIMSPEC_TOKEN where no other credential is given
    #[arg(long, value_name = "TOKEN|@FILE|env:NAME", group = "login")]
    pub token: Option<SecretSource>,
    /// File with the bearer token
    #[arg(long, value_name = "FILE", group = "login")]
    pub token_file: Option<PathBuf>,
    /// Whole value of the Authorization header
    #[arg(long, value_name = "VALUE|@FILE|env:NAME", group = "login")]
    pub authorization: Option<SecretSource>,
    /// User and password for basic authentication
    #[arg(long, value_name = "USER:PASSWORD|@FILE|env:NAME", group = "login")]
    pub basic: Option<SecretSource>,
    /// Token endpoint for OAuth 2.0 client credentials
    #[arg(long, value_name = "URL", group = "login", requires = "oauth_client_id")]
    pub oauth_token_url: Option<String>,
    /// Client id at the token endpoint
    #[arg(long, value_name = "ID", requires = "oauth_token_url")]
    pub oauth_client_id: Option<String>,
    /// Client secret at the token endpoint; SCIMSPEC_CLIENT_SECRET where absent
    #[arg(long, value_name = "SECRET|@FILE|env:NAME", requires = "oauth_token_url")]
    pub oauth_client_secret: Option<SecretSource>,
    /// Scopes to ask the token endpoint for, with spaces between them
    #[arg(long, value_name = "SCOPES", requires = "oauth_token_url")]
    pub oauth_scope: Option<String>,
    /// Send no credential
    #[arg(long, group = "login")]
    pub anonymous: bool,
    // Headers and credentials are parsed later: what clap refuses, it quotes, and a secret must not be quoted.
    /// Further header field of every request
    #[arg(long, value_name = "NAME: VALUE", action = clap::ArgAction::Append)]
    pub header: Vec<String>,
    /// Bearer token of another principal that cases ask for by name: second, limited, admin
    #[arg(long, value_name = "NAME=TOKEN|NAME=@FILE|NAME=env:VARIABLE", action = clap::ArgAction::Append)]
    pub credential: Vec<String>,

    /// PEM file of a certificate authority to trust beside those of the system
    #[arg(long, value_name = "FILE", help_heading = "Connection")]
    pub cacert: Option<PathBuf>,
    /// PEM file of the client certificate
    #[arg(long, value_name = "FILE", help_heading = "Connection")]
    pub cert: Option<PathBuf>,
    /// PEM file of the client certificate's key, where it is not in --cert
    #[arg(long, value_name = "FILE", requires = "cert", help_heading = "Connection")]
    pub key: Option<PathBuf>,
    /// Accept any certificate
    #[arg(long, help_heading = "Connection")]
    pub insecure: bool,
    /// HTTP proxy; those of the environment are not used
    #[arg(long, value_name = "URL", help_heading = "Connection")]
    pub proxy: Option<String>,
    /// How long one request may take: 30s, or in a simulation as long as its client waits
    #[arg(long, value_name = "DURATION", value_parser = value::duration, help_heading = "Connection")]
    pub timeout: Option<Duration>,
    /// How long connecting may take
    #[arg(long, value_name = "DURATION", default_value = "10s", value_parser = value::duration, help_heading = "Connection")]
    pub connect_timeout: Duration,
    /// Offer HTTP/2
    #[arg(long, help_heading = "Connection")]
    pub http2: bool,
    /// At most so many requests a second
    #[arg(long, value_name = "NUMBER", value_parser = value::rate, help_heading = "Connection")]
    pub rate: Option<f64>,
    /// What discovery does not tell and cases ask for: writable-me lets them write to /Me
    #[arg(long, value_name = "NAME[=VALUE]", help_heading = "What the target offers")]
    pub fact: Vec<String>,
    /// Group that a profile for groups is about, by its full path
    #[arg(long, value_name = "PATH", help_heading = "What the target offers")]
    pub group: Option<String>,
    /// Command that does what only an administrator can, for cases that need it: JSON on stdin, JSON on stdout
    #[arg(long, value_name = "NAME=COMMAND", help_heading = "What the target offers", action = clap::ArgAction::Append)]
    pub hook: Vec<String>,
}

#[derive(Debug, Default, Options)]
#[command(next_help_heading = "What the target offers")]
pub struct DiscoveryArgs {
    /// Features to take as offered, or with not- before them as not offered: filter,patch,not-sort
    #[arg(long, value_name = "FEATURES", value_delimiter = ',')]
    pub assume: Vec<String>,
    /// ServiceProviderConfig to use instead of the target's
    #[arg(long, value_name = "FILE")]
    pub service_provider_config: Option<PathBuf>,
    /// ResourceTypes to use instead of the target's
    #[arg(long, value_name = "FILE")]
    pub resource_types: Option<PathBuf>,
    /// Schemas to use instead of the target's
    #[arg(long, value_name = "FILE")]
    pub schemas: Option<PathBuf>,
    /// JSON file with what new resources must have on this target: { "User": { "title": "x" } }
    #[arg(long, value_name = "FILE")]
    pub user_template: Option<PathBuf>,
    /// Domain of the mail addresses of new users
    #[arg(long, value_name = "DOMAIN")]
    pub mail_domain: Option<String>,
}
