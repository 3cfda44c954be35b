//! The short-lived server in process: a service on a free loopback port, until it is dropped.
//! Must not know which service it carries; the long-lived server is `serve`.

use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::thread;

use jiff::Timestamp;
use tokio::sync::oneshot;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Respond, ResponseTemplate};

use super::serve::{Options, Server, messages};
use super::{Answer, Service};
use crate::http::{Request, Response};

/// A running server.
///
/// Wiremock carries the services that answer with HTTP messages. It keeps some kilobytes for each request, which is
/// why it carries no long-lived server, and it cannot write raw bytes, which is why a service that
/// [answers with them](Service::answers_wire) is carried by `serve::Server` instead.
pub struct Shell {
    address: String,
    /// Dropping it stops the server.
    _carrier: Carrier,
}

#[expect(dead_code, reason = "held to be dropped")]
enum Carrier {
    Wiremock(MockServer),
    Own(oneshot::Sender<()>),
}

impl Shell {
    /// Starts to serve. Both carriers run on a thread of their own, so the caller's runtime may block.
    pub async fn start(service: Arc<dyn Service>) -> io::Result<Self> {
        if service.answers_wire() { own(service).await } else { wiremock(service).await }
    }

    /// `http://127.0.0.1:PORT`, without the path of the service.
    pub fn base_url(&self) -> &str {
        &self.address
    }
}

async fn wiremock(service: Arc<dyn Service>) -> io::Result<Shell> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let server = MockServer::builder().listener(listener).disable_request_recording().start().await;
    server.register(Mock::given(any()).respond_with(Adapter(service))).await;
    Ok(Shell { address: server.uri(), _carrier: Carrier::Wiremock(server) })
}

async fn own(service: Arc<dyn Service>) -> io::Result<Shell> {
    let (stop, stopped) = oneshot::channel::<()>();
    let (tell, told) = oneshot::channel();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    thread::spawn(move || {
        runtime.block_on(async {
            let options = Options { base_path: String::new(), ..Options::default() };
            match Server::bind(options, service).await {
                Ok(server) => {
                    let _ = tell.send(Ok(server.base_url()));
                    // Without a recording there is nothing that could fail at the end.
                    let _ = server.run(stopped).await;
                }
                Err(error) => drop(tell.send(Err(error))),
            }
        });
    });
    let address = told.await.map_err(io::Error::other)??;
    Ok(Shell { address, _carrier: Carrier::Own(stop) })
}

/// The service as wiremock calls it, one request at a time.
struct Adapter(Arc<dyn Service>);

impl Respond for Adapter {
    fn respond(&self, request: &wiremock::Request) -> ResponseTemplate {
        match self.0.handle(&received(request), Timestamp::now()) {
            Answer::Http(response) => sent(response),
            Answer::Wire(_) => {
                let told =
                    "the service gave raw bytes without having said that it may (Service::answers_wire)\n";
                ResponseTemplate::new(500).set_body_raw(told, "text/plain; charset=utf-8")
            }
        }
    }
}

/// The request as the service takes it. Wiremock has parsed the target as a URL of the host `localhost`: dot segments
/// are resolved, bytes that belong encoded (apostrophes, non-ASCII) are, and `*` is `/`. All else is as received.
fn received(request: &wiremock::Request) -> Request {
    let mut target = request.url.path().to_owned();
    if let Some(query) = request.url.query() {
        target.push('?');
        target.push_str(query);
    }
    let mut headers = messages::headers(&request.headers);
    // HTTP/2 has :authority in the place of Host, and an absolute-form target outranks it (RFC 9112 §3.2.2).
    if headers.get("host").is_none() || request.url.host_str() != Some("localhost") {
        headers.set("host", request.url.authority());
    }
    let method = request.method.as_str().to_owned();
    Request { method, target, headers, body: request.body.clone().into() }
}

/// The response as wiremock takes it: checked first, because wiremock panics on what HTTP cannot carry.
fn sent(response: Response) -> ResponseTemplate {
    let (status, fields, body) = messages::head(response);
    let template = fields
        .iter()
        .fold(ResponseTemplate::new(status), |template, (name, value)| template.append_header(name, value));
    // Without a media type of its own: wiremock would put it in the place of the service's Content-Type.
    template.set_body_raw(body, "")
}
