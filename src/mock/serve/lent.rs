//! A byte stream that its owner gets back: how raw bytes reach a socket that an HTTP library drives.
//! Knows nothing of HTTP.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Where a lent stream is found again.
pub(super) struct Owner<S>(Arc<Mutex<Option<S>>>);

/// The stream as it is lent out; dropping it gives it back.
pub(super) struct Lent<S> {
    stream: Option<S>,
    owner: Arc<Mutex<Option<S>>>,
}

/// Lends `stream` until what comes back here is dropped.
pub(super) fn lend<S>(stream: S) -> (Lent<S>, Owner<S>) {
    let owner = Arc::new(Mutex::new(None));
    (Lent { stream: Some(stream), owner: Arc::clone(&owner) }, Owner(owner))
}

impl<S> Owner<S> {
    /// The stream, once the borrower has dropped it.
    pub fn take(&self) -> Option<S> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl<S> Drop for Lent<S> {
    fn drop(&mut self) {
        *self.owner.lock().unwrap_or_else(PoisonError::into_inner) = self.stream.take();
    }
}

impl<S: Unpin> Lent<S> {
    fn stream(&mut self) -> io::Result<Pin<&mut S>> {
        // Only `drop` takes the stream out, so there always is one.
        self.stream.as_mut().map(Pin::new).ok_or_else(|| io::ErrorKind::NotConnected.into())
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Lent<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.stream()?.poll_read(cx, buf)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Lent<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.stream()?.poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream()?.poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream()?.poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.stream()?.poll_write_vectored(cx, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.as_ref().is_some_and(S::is_write_vectored)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stream_comes_back_when_dropped_and_not_before() {
        let (lent, owner) = lend(7);
        assert_eq!(owner.take(), None);
        drop(lent);
        assert_eq!(owner.take(), Some(7));
    }
}
