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

/// Sends `request` over so many connections and gives the time of each exchange. Error: any answer but a 2xx.
pub async fn load(
    address: SocketAddr,
    request: &[u8],
    connections: u64,
    until: Until,
) -> io::Result<Vec<Duration>> {
    let tasks: Vec<_> = (0..connections)
        .map(|_| tokio::spawn(connection(address, request.to_vec(), until, connections)))
        .collect();
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await.map_err(io::Error::other)??);
    }
    Ok(times)
}

async fn connection(
    address: SocketAddr,
    request: Vec<u8>,
    until: Until,
    connections: u64,
) -> io::Result<Vec<Duration>> {
    let mut times = Vec::new();
    let started = Instant::now();
    let going = |done: usize| match until {
        Until::After(limit) => started.elapsed() < limit,
        Until::Count(count) => (done as u64) < count.div_ceil(connections),
    };
    let mut stream = None;
    let mut answer = Vec::with_capacity(16 * 1024);
    while going(times.len()) {
        let sent = Instant::now();
        let mut open = match stream.take() {
            Some(open) => open,
            None => connect(address).await?,
        };
        open.write_all(&request).await?;
        let keeps_open = receive(&mut open, &mut answer).await?;
        times.push(sent.elapsed());
        // A server without keep-alive is measured with its connecting: that is what its clients get.
        stream = keeps_open.then_some(open);
    }
    Ok(times)
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
        return Err(io::Error::other(format!("answered {:?}", text.lines().next())));
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
