//! The yardstick: a service on hyper's HTTP/1 connection and nothing else.

use std::convert::Infallible;
use std::io;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use scimspec::http::Request;
use scimspec::mock::{Answer, Service};
use tokio::net::TcpListener;

/// Serves in the background and gives the base URL.
pub async fn start(service: Arc<dyn Service>) -> io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let base_url = format!("http://{}/scim/v2", listener.local_addr()?);
    tokio::spawn(async move {
        loop {
            let Ok((stream, _)) = listener.accept().await else { continue };
            let _ = stream.set_nodelay(true);
            let service = Arc::clone(&service);
            tokio::spawn(async move {
                let answer = service_fn(|message| answer(Arc::clone(&service), message));
                let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await;
            });
        }
    });
    Ok(base_url)
}

async fn answer(
    service: Arc<dyn Service>,
    message: hyper::Request<Incoming>,
) -> Result<hyper::Response<Full<Bytes>>, Infallible> {
    let (parts, body) = message.into_parts();
    let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
    let mut request = Request::new(parts.method.as_str(), target);
    request.body = body;
    for (name, value) in &parts.headers {
        request.headers.append(name.as_str(), String::from_utf8_lossy(value.as_bytes()));
    }
    let Answer::Http(response) = service.handle(&request, Timestamp::now()) else {
        return Ok(hyper::Response::default());
    };
    let mut message = hyper::Response::builder().status(response.status);
    for (name, value) in response.headers.iter() {
        message = message.header(name, value);
    }
    Ok(message.body(Full::new(response.body)).unwrap_or_default())
}
