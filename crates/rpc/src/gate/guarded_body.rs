//! The body of an answer: it ends early when the caller's certificate is revoked, and its end is counted.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::HeaderMap;
use http_body::Frame;
use tonic::Status;
use tonic::body::Body;

use crate::calls::OpenCall;

pub(super) struct GuardedBody {
    inner: Body,
    /// Ends when the caller's certificate is revoked; `None` after that.
    revoked: Option<Pin<Box<dyn Future<Output = Status> + Send>>>,
    open: OpenCall,
}

impl GuardedBody {
    pub(super) fn new(
        inner: Body,
        revoked: Pin<Box<dyn Future<Output = Status> + Send>>,
        open: OpenCall,
    ) -> Self {
        Self { inner, revoked: Some(revoked), open }
    }
}

/// Returns the result that headers or trailers hold, if they hold one.
pub(super) fn result_of(headers: &HeaderMap) -> Option<&'static str> {
    Status::from_header_map(headers).map(|status| crate::status::result(&status))
}

impl http_body::Body for GuardedBody {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let Some(revoked) = &mut self.revoked else { return Poll::Ready(None) };
        if let Poll::Ready(status) = revoked.as_mut().poll(context) {
            self.revoked = None;
            self.open.end(crate::status::result(&status));
            let mut trailers = HeaderMap::new();
            // Fails only for a text that no header can hold; then the answer ends without a status, as a broken one.
            return match status.add_header(&mut trailers) {
                Ok(()) => Poll::Ready(Some(Ok(Frame::trailers(trailers)))),
                Err(status) => Poll::Ready(Some(Err(status))),
            };
        }
        let frame = Pin::new(&mut self.inner).poll_frame(context);
        if let Poll::Ready(Some(Ok(frame))) = &frame
            && let Some(result) = frame.trailers_ref().and_then(result_of)
        {
            self.open.end(result);
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.revoked.is_none() || self.inner.is_end_stream()
    }
}
