//! `scimspec mock`: the built-in mock as a server of its own, until it is interrupted.
//! Must not know what the service does.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::json;

use super::args::{Format, MockArgs};
use super::{mock_gitlab, print, settings};
use crate::harness::{Failure, gitlab, mock};
use crate::mock::defects;
use crate::mock::json_list::JsonList;
use crate::mock::seed::Population;
use crate::mock::serve::{self, Latency, Options, Ready, Stop, TlsFiles};
use crate::mock::{Scim, Service, Settings as MockSettings, Token, definitions};
use crate::profile::{self, Profile};

pub fn run(args: MockArgs) -> Result<u8, Failure> {
    let profile = profile::select([args.profile.as_str()])?.in_dialects(&args.dialect);
    let given = args.token.as_ref().map(|source| settings::secret(source, "--token")).transpose()?;
    let given = given.map(|token| token.expose().to_owned());
    if profile.mock.service == gitlab::SERVICE {
        return of_gitlab(&args, &profile, given);
    }
    refuse_foreign(&args, &profile)?;
    let token = given.unwrap_or_else(mock::fresh_token);
    let settings = service_settings(&args, &token)?;
    let tokens = settings.tokens.iter().map(|token| token.value.clone()).collect();
    let options = server_options(&args, tokens);
    let service = mock::service(&profile, settings, &args.defect, |scim| fill(scim, &args))?;
    defects::check(&args.defect, &profile.mock.service).map_err(Failure::Usage)?;
    serve_until_stopped(options, service, |ready| announce(args.format, ready, &token))
}

/// Serves the mock of GitLab, which has a base path for each of its APIs.
fn of_gitlab(args: &MockArgs, profile: &Profile, token: Option<String>) -> Result<u8, Failure> {
    defects::check(&args.defect, gitlab::SERVICE).map_err(Failure::Usage)?;
    let prepared = mock_gitlab::prepare(args, profile, token)?;
    let options = Options { base_path: String::new(), ..server_options(args, prepared.tokens.clone()) };
    let service = prepared.service.clone();
    serve_until_stopped(options, service, |ready| {
        // The bases were filled in before the port was opened, so nothing can be wrong with them now.
        let _ = prepared.announce(args.format, ready);
    })
}

/// Options that only mean something to the mock of a product.
fn refuse_foreign(args: &MockArgs, profile: &Profile) -> Result<(), Failure> {
    let product = &args.product;
    let given = [
        ("--switch", !product.switch.is_empty()),
        ("--group", product.group.is_some()),
        ("--hooks", product.hooks),
    ];
    match given.iter().find(|(_, given)| *given) {
        Some((option, _)) => {
            Err(Failure::Usage(format!("{option} is not for the mock of profile {}", profile.label())))
        }
        None => Ok(()),
    }
}

fn serve_until_stopped(
    options: Options,
    service: Arc<dyn Service>,
    ready: impl FnOnce(&Ready),
) -> Result<u8, Failure> {
    let runtime = tokio::runtime::Runtime::new().map_err(Failure::world)?;
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

fn server_options(args: &MockArgs, tokens: Vec<String>) -> Options {
    let server = &args.server;
    let tls = server.tls_cert.clone().zip(server.tls_key.clone());
    Options {
        listen: args.listen.clone(),
        tokens,
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
