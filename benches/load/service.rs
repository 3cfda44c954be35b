//! The servers under load that this project starts: the same service, on plain hyper and on the long-lived server.

use std::io::{self, BufRead, Write};
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use jiff::Timestamp;
use scimspec::http::{Request, Response};
use scimspec::mock::seed::Population;
use scimspec::mock::serve::{Options, Server};
use scimspec::mock::{Answer, Scim, Service, Settings, Token};
use serde_json::Value;

use crate::{plain, process};

/// Serves one of the subjects, `plain scim`, until standard input ends; tells the base URL in the first line of
/// standard output.
pub fn child(role: &str) -> io::Result<()> {
    let (server, service) = role.split_once(' ').unwrap_or_default();
    let service: Arc<dyn Service> = if service == "scim" { Arc::new(scim(USERS)?) } else { Arc::new(Fixed) };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let base_url = runtime.block_on(async {
        if server == "plain" {
            return plain::start(service).await;
        }
        let mut options = Options::default();
        if server == "logged" {
            options.access_log = Some(Box::new(io::sink()));
        }
        let server = Server::bind(options, service).await?;
        let base_url = server.base_url();
        tokio::spawn(server.run(std::future::pending::<()>()));
        Ok(base_url)
    })?;
    let mut out = io::stdout();
    writeln!(out, "{base_url}")?;
    out.flush()?;
    io::stdin().lock().lines().for_each(drop);
    Ok(())
}

/// The mock with so many generated users and the one that is asked for.
fn scim(users: usize) -> io::Result<Scim> {
    let tokens = vec![Token::new(process::TOKEN)];
    let scim = Scim::new(Settings { tokens, ..Settings::default() });
    let now = Timestamp::now();
    let user: Value = serde_json::from_slice(USER)?;
    let load = |batch: &[Value]| scim.load(Settings::DEFAULT_TENANT, batch, now).map_err(io::Error::other);
    load(&[user])?;
    Population { users, groups: users / 100, seed: 1 }.in_batches(load)?;
    Ok(scim)
}

/// How long it takes to make people up, and to make them up and load them.
pub fn generation(users: usize) -> io::Result<String> {
    let groups = users / 100;
    let started = Instant::now();
    Population { users, groups, seed: 1 }.resources().map(std::hint::black_box).for_each(drop);
    let generated = started.elapsed();
    let started = Instant::now();
    let scim = scim(users)?;
    let loaded = started.elapsed();
    let mut request = Request::new("GET", FILTER);
    request.headers.set("Authorization", format!("Bearer {}", process::TOKEN));
    let started = Instant::now();
    let answer = scim.handle(&request, Timestamp::now());
    let filtered = started.elapsed();
    let Answer::Http(response) = answer else { return Err(io::ErrorKind::InvalidData.into()) };
    let found = response.json().map(|found| found["totalResults"].clone());
    Ok(format!(
        "{users} users and {groups} groups: generated in {generated:.2?}, generated and loaded in {loaded:.2?}. \
         `{FILTER}` among them: {filtered:.2?}, totalResults {}.",
        found.unwrap_or_default()
    ))
}

/// Users in the service under load.
const USERS: usize = 10_000;
const FILTER: &str = "/scim/v2/Users?filter=userName%20eq%20%22juergen.mueller17@example.com%22&count=10";

/// A service with nothing to do, so that what is measured is the server around it.
struct Fixed;

impl Service for Fixed {
    fn handle(&self, _: &Request, _: Timestamp) -> Answer {
        let mut response = Response::new(200);
        response.headers.set("Content-Type", "application/scim+json");
        response.headers.set("ETag", "W/\"3694e05e9dff591\"");
        response
            .headers
            .set("Location", "https://example.com/scim/v2/Users/2819c223-7f76-453a-919d-413861904646");
        response.body = Bytes::from_static(USER);
        Answer::Http(response)
    }
}

const USER: &[u8] = include_bytes!("user.json");
