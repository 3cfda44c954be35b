//! Access log and recording of real traffic.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use scimspec::mock::serve::Options;
use serde_json::Value;

use crate::support::{Client, start};

#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn log_and_recording_tell_every_exchange_and_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.har");
    let log = Kept::default();
    let server = start(Options {
        record: Some(file.clone()),
        access_log: Some(Box::new(log.clone())),
        tokens: vec!["planted-token".to_owned()],
        body_limit: 500,
        ..Options::default()
    })
    .await;
    let mut client = Client::connect(server.address).await;
    let authorised = "Host: mock.example\r\nAuthorization: Bearer planted-token\r\n";
    client.send(&format!("GET /Users?token=planted-token HTTP/1.1\r\n{authorised}\r\n")).await;
    assert_eq!(client.receive().await.status(), 200);
    let body = r#"{"userName":"bjensen","password":"planted-password"}"#;
    let head = format!("POST /Users HTTP/1.1\r\n{authorised}Content-Type: application/scim+json\r\n");
    client.send(&format!("{head}Content-Length: {}\r\n\r\n{body}", body.len())).await;
    assert_eq!(client.receive().await.status(), 200);
    client.send(&format!("{head}Content-Length: 600\r\n\r\n{}", "x".repeat(600))).await;
    assert_eq!(client.receive().await.status(), 413);
    client.send(&format!("DELETE /wire HTTP/1.1\r\n{authorised}\r\n")).await;
    client.rest().await;
    server.stop().await;

    let recording = std::fs::read_to_string(file).unwrap();
    let har: Value = serde_json::from_str(&recording).unwrap();
    let told: Vec<_> = har["log"]["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| format!("{} {}", entry["request"]["method"], entry["response"]["status"]))
        .collect();
    assert_eq!(told, [r#""GET" 200"#, r#""POST" 200"#, r#""POST" 413"#, r#""DELETE" 204"#]);
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let lines: Vec<_> =
        log.lines().map(|line| line.split(' ').skip(1).take(3).collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(
        lines,
        ["GET /Users?token=[redacted] 200", "POST /Users 200", "POST /Users 413", "DELETE /wire 204"]
    );
    for text in [recording, log] {
        assert!(!text.contains("planted"), "{text}");
    }
}
