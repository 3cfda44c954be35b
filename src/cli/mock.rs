//! `scimspec mock`: the built-in mock as a server of its own, until it is interrupted.
//! Must not know what the service does.

use std::collections::BTreeSet;
use std::io::ErrorKind;

use jiff::Timestamp;
use serde_json::json;

use super::args::{Format, MockArgs};
use super::{print, settings};
use crate::harness::Failure;
use crate::harness::mock;
use crate::mock::json_list::JsonList;
use crate::mock::seed::Population;
use crate::mock::serve::{self, Latency, Options, Ready, Stop, TlsFiles};
use crate::mock::{Scim, Settings as MockSettings, Token, definitions};
use crate::profile;

pub fn run(args: MockArgs) -> Result<u8, Failure> {
    let profile = profile::select([args.profile.as_str()])?.in_dialects(&args.dialect);
    let token = match &args.token {
        Some(source) => settings::secret(source, "--token")?.expose().to_owned(),
        None => mock::fresh_token(),
    };
    let settings = service_settings(&args, &token)?;
    let options = server_options(&args, &settings);
    let service = mock::service(&profile, settings, &args.defect, |scim| fill(scim, &args))?;
    let runtime = tokio::runtime::Runtime::new().map_err(Failure::world)?;
    let ready = |ready: &Ready| announce(args.format, ready, &token);
    let stop = runtime.block_on(serve::serve(options, service, ready)).map_err(failure)?;
    Ok(match stop {
        Stop::Interrupt => 130,
        Stop::Terminate => 143,
    })
}

/// What was typed wrongly is the user's mistake, a port that is taken the world's.
fn failure(error: std::io::Error) -> Failure {
    match error.kind() {
        ErrorKind::InvalidInput | ErrorKind::InvalidData | ErrorKind::NotFound => Failure::usage(error),
        _ => Failure::world(error),
    }
}

fn service_settings(args: &MockArgs, token: &str) -> Result<MockSettings, Failure> {
    let mut settings = MockSettings { tokens: vec![Token::new(token)], ..MockSettings::default() };
    if let Some(file) = &args.tokens {
        definitions::add_tokens(&mut settings, file).map_err(Failure::usage)?;
    }
    if args.server.tls_cert.is_some() {
        settings.scheme = "https".to_owned();
    }
    settings.without = args.offer.without.iter().copied().collect::<BTreeSet<_>>();
    if let Some(file) = &args.offer.schemas {
        definitions::add_schemas(&mut settings, file).map_err(Failure::usage)?;
    }
    if let Some(file) = &args.offer.resource_types {
        definitions::add_resource_types(&mut settings, file).map_err(Failure::usage)?;
    }
    if let Some(most) = args.offer.max_page_size {
        settings.max_page_size = most.get();
        settings.filter_max_results = most.get();
        settings.default_page_size = settings.default_page_size.min(most.get());
    }
    if let Some(size) = args.offer.page_size {
        settings.default_page_size = size.get();
    }
    Ok(settings)
}

fn server_options(args: &MockArgs, settings: &MockSettings) -> Options {
    let server = &args.server;
    let tls = server.tls_cert.clone().zip(server.tls_key.clone());
    Options {
        listen: args.listen.clone(),
        tokens: settings.tokens.iter().map(|token| token.value.clone()).collect(),
        tls: tls.map(|(certificates, key)| TlsFiles { certificates, key }),
        latency: Latency { base: server.latency, jitter: server.jitter },
        rate_limit: server.rate_limit,
        access_log: server.log.then(|| Box::new(std::io::stderr()) as serve::Sink),
        record: server.record.clone(),
        ..Options::default()
    }
}

/// Puts the starting data into the default tenant.
fn fill(scim: &Scim, args: &MockArgs) -> Result<(), Failure> {
    let now = Timestamp::now();
    if let Some(file) = &args.data.data {
        let list = JsonList::read(file).map_err(Failure::usage)?;
        scim.load(MockSettings::DEFAULT_TENANT, list.elements(), now)
            .map_err(|refused| Failure::usage(list.refused(refused.index, refused.error.to_string())))?;
    }
    let population = Population { users: args.data.users, groups: args.data.groups, seed: args.data.seed };
    population
        .in_batches(|batch| scim.load(MockSettings::DEFAULT_TENANT, batch, now))
        .map_err(|refused| Failure::Usage(format!("the starting data do not fit the schemas: {refused}")))
}

fn announce(format: Format, ready: &Ready, token: &str) {
    let text = match format {
        Format::Json => format!("{}\n", json!({ "base_url": ready.base_url, "token": token })),
        Format::Text => {
            format!("base URL  {}\ntoken     {token}\n", ready.base_url)
        }
    };
    // A mock whose announcement nobody reads still serves.
    let _ = print::out(&text);
}
