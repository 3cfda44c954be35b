//! The servers under load that this project starts: the same service, on plain hyper and on the long-lived server.

use std::io::{self, BufRead, Write};
use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use scimspec::http::{Request, Response};
use scimspec::mock::serve::{Options, Server};
use scimspec::mock::{Answer, Service};

use crate::plain;

/// Serves one of the subjects until standard input ends; tells the base URL in the first line of standard output.
pub fn child(name: &str) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let service: Arc<dyn Service> = Arc::new(OneUser);
    let base_url = runtime.block_on(async {
        if name == "plain" {
            return plain::start(service).await;
        }
        let mut options = Options::default();
        if name == "logged" {
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

/// A service with nothing to do, so that what is measured is the server around it.
struct OneUser;

impl Service for OneUser {
    fn handle(&self, request: &Request, _: Timestamp) -> Answer {
        let created = request.method == "POST";
        let mut response = Response::new(if created { 201 } else { 200 });
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
