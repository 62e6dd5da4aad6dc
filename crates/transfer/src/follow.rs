//! Following an imaged: what changes in its catalog, as it changes.

use std::time::Duration;

use rpc::client::CallError;
use tonic::Streaming;
use wire::ErrorClass;
use wire::proto::{
    ChangePosition, FollowChangesRequest, FollowChangesResponse, ReportReplicaRequest,
};

use crate::TransferError;
use crate::fetch::{ANSWER_MAX, Remote};

/// Longest silence of a server that is followed: it sends an empty answer every 15 s while nothing changes.
const SILENCE_MAX: Duration = Duration::from_secs(45);

/// A subscription to the changes of an imaged's catalog. Its methods block.
#[derive(Debug)]
pub struct Subscription<'a> {
    remote: &'a Remote,
    answers: Streaming<FollowChangesResponse>,
}

impl Remote {
    /// Subscribes to the changes after a position in the server's log; `None` stands for its beginning.
    ///
    /// # Errors
    /// [`TransferError::Call`]: the server does not answer or refuses us. A position that is not in the server's log is
    /// refused by [`Subscription::next_answer`], with the class *conflict*.
    pub fn follow(&self, after: Option<ChangePosition>) -> Result<Subscription<'_>, TransferError> {
        let request = FollowChangesRequest { after };
        let mut client = self.client();
        let answers = self.within(ANSWER_MAX, client.follow_changes(request))?.into_inner();
        Ok(Subscription { remote: self, answers })
    }

    /// Tells the server that we follow how far we have come.
    ///
    /// # Errors
    /// [`TransferError::Call`].
    pub fn report_replica(&self, report: ReportReplicaRequest) -> Result<(), TransferError> {
        let mut client = self.client();
        self.within(ANSWER_MAX, client.report_replica(report)).map(drop)
    }
}

impl Subscription<'_> {
    /// Waits for the next answer. An answer without changes means that nothing changed for 15 s.
    ///
    /// # Errors
    /// [`TransferError::Call`]: the server ended the subscription, or was silent for 45 s.
    pub fn next_answer(&mut self) -> Result<FollowChangesResponse, TransferError> {
        let answer = self.remote.within(SILENCE_MAX, self.answers.message())?;
        answer.ok_or_else(|| {
            let message =
                format!("{} ended the subscription to its changes", self.remote.address());
            CallError { class: ErrorClass::Unavailable, message }.into()
        })
    }
}
