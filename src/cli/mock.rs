//! `scimspec mock`: the built-in mock as a server of its own, until it is interrupted.
//! Must not know what the service does.

use serde_json::json;

use super::args::{Format, MockArgs};
use super::{print, settings};
use crate::harness::Failure;
use crate::harness::mock;
use crate::mock::serve::{self, Ready, Stop};
use crate::mock::{Settings as MockSettings, Token};
use crate::profile;

pub fn run(args: MockArgs) -> Result<u8, Failure> {
    let profile = profile::select([args.profile.as_str()])?;
    let token = match &args.token {
        Some(source) => settings::secret(source, "--token")?.expose().to_owned(),
        None => mock::fresh_token(),
    };
    let settings = MockSettings { tokens: vec![Token::new(token.as_str())], ..MockSettings::default() };
    let options =
        serve::Options { listen: args.listen, tokens: vec![token.clone()], ..serve::Options::default() };
    let service = mock::service(&profile, settings, &args.defect)?;
    let runtime = tokio::runtime::Runtime::new().map_err(Failure::world)?;
    let ready = |ready: &Ready| announce(args.format, ready, &token);
    let stop = runtime.block_on(serve::serve(options, service, ready)).map_err(Failure::world)?;
    Ok(match stop {
        Stop::Interrupt => 130,
        Stop::Terminate => 143,
    })
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
