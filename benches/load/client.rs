//! The load: connections that send a request, read the answer and send the next.

use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// When a connection ends.
#[derive(Debug, Clone, Copy)]
pub enum Until {
    After(Duration),
    Count(u64),
}

/// How long an attempt may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// What came of a load.
#[derive(Debug, Default)]
pub struct Done {
    /// Of each exchange, failed attempts before it included.
    pub times: Vec<Duration>,
    /// Attempts that were refused, reset or not answered in time.
    pub failed: u64,
}

/// Sends `request` over so many connections. Error: an answer but a 2xx.
pub async fn load(address: SocketAddr, request: &[u8], connections: u64, until: Until) -> io::Result<Done> {
    let tasks: Vec<_> = (0..connections)
        .map(|_| tokio::spawn(connection(address, request.to_vec(), until, connections)))
        .collect();
    let mut all = Done::default();
    for task in tasks {
        let done = task.await.map_err(io::Error::other)??;
        all.times.extend(done.times);
        all.failed += done.failed;
    }
    Ok(all)
}

async fn connection(
    address: SocketAddr,
    request: Vec<u8>,
    until: Until,
    connections: u64,
) -> io::Result<Done> {
    let mut done = Done::default();
    let started = Instant::now();
    let going = |done: &Done| match until {
        Until::After(limit) => started.elapsed() < limit,
        Until::Count(count) => (done.times.len() as u64) < count.div_ceil(connections),
    };
    let mut stream = None;
    let mut answer = Vec::with_capacity(16 * 1024);
    let mut sent = started;
    while going(&done) {
        let attempt = exchange(address, &mut stream, &request, &mut answer);
        match tokio::time::timeout(PATIENCE, attempt).await {
            Ok(Ok(())) => {
                let now = Instant::now();
                done.times.push(now - sent);
                sent = now;
            }
            Ok(Err(error)) if error.kind() == io::ErrorKind::InvalidData => return Err(error),
            _ => {
                done.failed += 1;
                stream = None;
            }
        }
    }
    Ok(done)
}

/// One attempt. A server without keep-alive is measured with its connecting: that is what its clients get.
async fn exchange(
    address: SocketAddr,
    stream: &mut Option<TcpStream>,
    request: &[u8],
    answer: &mut Vec<u8>,
) -> io::Result<()> {
    let mut open = match stream.take() {
        Some(open) => open,
        None => connect(address).await?,
    };
    open.write_all(request).await?;
    let keeps_open = receive(&mut open, answer).await?;
    *stream = keeps_open.then_some(open);
    Ok(())
}

async fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// Reads one answer whole and says whether the connection stays open.
pub async fn receive(stream: &mut TcpStream, answer: &mut Vec<u8>) -> io::Result<bool> {
    answer.clear();
    let head = loop {
        if stream.read_buf(answer).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if let Some(end) = answer.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
    };
    let text = String::from_utf8_lossy(&answer[..head]).to_ascii_lowercase();
    if text.as_bytes().get(9) != Some(&b'2') {
        let told = format!("answered {:?}", text.lines().next().unwrap_or_default());
        return Err(io::Error::new(io::ErrorKind::InvalidData, told));
    }
    let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    let length: usize = field("content-length:").and_then(|length| length.parse().ok()).unwrap_or_default();
    while answer.len() < head + length {
        if stream.read_buf(answer).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(text.starts_with("http/1.1") && field("connection:") != Some("close"))
}
