//! A server under load: its process, its address, the request that it gets.

use std::io;
use std::net::SocketAddr;
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

use crate::client;

pub const TOKEN: &str = "scimspec-bench-token";

pub struct Subject {
    pub name: &'static str,
    pub address: SocketAddr,
    /// GET of one user.
    pub request: Vec<u8>,
    pub is_other: bool,
    /// The subject that this one is compared with.
    pub beside: Option<usize>,
    process: u32,
    /// Ends with this value: its standard input closes.
    _child: Option<Child>,
}

impl Subject {
    /// Starts this program again as one of its servers.
    pub async fn child(name: &'static str, role: &str, beside: Option<usize>) -> io::Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["child", role])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let out = child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
        let base_url = BufReader::new(out).lines().next_line().await?.unwrap_or_default();
        let process = child.id().unwrap_or_default();
        let mut subject = Self::at(name, &base_url, process, beside)?;
        subject._child = Some(child);
        Ok(subject)
    }

    /// A server that already runs: `BASE_URL PROCESS_ID`.
    pub async fn other(name: &'static str, told: &str, beside: Option<usize>) -> io::Result<Self> {
        let (base_url, process) = told.split_once(' ').ok_or(io::ErrorKind::InvalidInput)?;
        let mut subject =
            Self::at(name, base_url, process.trim().parse().map_err(io::Error::other)?, beside)?;
        subject.is_other = true;
        let id = subject.create(base_url).await?;
        subject.request = get(base_url, &id);
        Ok(subject)
    }

    fn at(name: &'static str, base_url: &str, process: u32, beside: Option<usize>) -> io::Result<Self> {
        let host = base_url.split('/').nth(2).unwrap_or_default();
        let address = host.parse().map_err(|_| io::Error::other(format!("no address in {base_url:?}")))?;
        let request = get(base_url, "2819c223-7f76-453a-919d-413861904646");
        Ok(Self { name, address, request, is_other: false, beside, process, _child: None })
    }

    /// Creates the user that is then read.
    async fn create(&self, base_url: &str) -> io::Result<String> {
        let body = include_str!("user.json");
        let head = head("POST", base_url, "Users");
        let request = format!(
            "{head}Content-Type: application/scim+json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut stream = TcpStream::connect(self.address).await?;
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        client::receive(&mut stream, &mut answer).await?;
        let text = String::from_utf8_lossy(&answer).into_owned();
        let json: serde_json::Value = serde_json::from_str(text.split("\r\n\r\n").nth(1).unwrap_or_default())
            .map_err(io::Error::other)?;
        json["id"].as_str().map(str::to_owned).ok_or_else(|| io::Error::other("no id in the created user"))
    }

    /// Kilobytes of resident memory, where the system tells.
    pub fn memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process)).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.trim().trim_end_matches("kB").trim().parse().ok()
    }

    /// Seconds of processor time so far, where the system tells.
    pub fn processor(&self) -> Option<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.process)).ok()?;
        let mut fields = stat.rsplit(')').next()?.split_whitespace().skip(11);
        let user: f64 = fields.next()?.parse().ok()?;
        let system: f64 = fields.next()?.parse().ok()?;
        // Linux tells user space in hundredths of a second, whatever its own clock is.
        Some((user + system) / 100.0)
    }
}

fn head(method: &str, base_url: &str, path: &str) -> String {
    let (_, after_scheme) = base_url.split_once("//").unwrap_or_default();
    let (host, base) = after_scheme.split_at(after_scheme.find('/').unwrap_or(after_scheme.len()));
    let base = base.trim_end_matches('/');
    format!(
        "{method} {base}/{path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {TOKEN}\r\n\
         User-Agent: scimspec-bench\r\nAccept: application/scim+json\r\n"
    )
}

fn get(base_url: &str, id: &str) -> Vec<u8> {
    format!("{}\r\n", head("GET", base_url, &format!("Users/{id}"))).into_bytes()
}
