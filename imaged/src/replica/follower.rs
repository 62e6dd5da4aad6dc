//! The thread that follows a primary, change by change.

use std::sync::Arc;
use std::time::Duration;

use imageserver::ImageServer;
use imageserver::catalog::CatalogError;
use prost::Message;
use rpc::image_signature::ImageSigners;
use sysio::clock::now_ms;
use transfer::TransferError;
use transfer::fetch::Remote;
use wire::ErrorClass;
use wire::proto::ImageRecord;
use wire::proto::image_change::State;

use super::ahead::{Ahead, EarlyImage, Followers};
use super::decide::{Action, Here, decide};
use super::position::PositionFile;
use super::postponed::Postponed;
use super::report::Reports;
use super::{ReplicaError, Selection};

/// Waits after a failure: doubled each time, up to the longest.
const RETRY_FIRST: Duration = Duration::from_millis(500);
const RETRY_LAST: Duration = Duration::from_secs(30);

/// Limit on a record: more than a server accepts from a client, and what it adds.
const RECORD_LEN_MAX: usize = 2 << 20;

/// Difference of the clocks of primary and replica that is logged.
const CLOCK_DIFFERENCE_TOLD: Duration = Duration::from_secs(60);

pub(super) struct Follower {
    pub server: ImageServer,
    pub signers: ImageSigners,
    pub remote: Arc<Remote>,
    pub selection: Selection,
    pub position: PositionFile,
    pub postponed: Postponed,
    pub ahead: Ahead,
    pub reports: Arc<Reports>,
}

impl Follower {
    /// Follows until the process ends, or a person must decide how to go on.
    pub(super) fn run(mut self) {
        let mut retry = RETRY_FIRST;
        loop {
            let before = self.reports.report().changes;
            let Err(error) = self.follow();
            self.reports.failed(&error);
            if !error.may_pass() {
                tracing::error!("{error}");
                return;
            }
            // A failure after progress is a new one.
            retry = if self.reports.report().changes > before { RETRY_FIRST } else { retry };
            tracing::warn!(
                "following {} failed, next attempt in {retry:?}: {error}",
                self.remote.address()
            );
            std::thread::park_timeout(retry);
            retry = (retry * 2).min(RETRY_LAST);
        }
    }

    /// Follows until something fails.
    fn follow(&mut self) -> Result<std::convert::Infallible, ReplicaError> {
        self.meet()?;
        self.postponed = Postponed::default();
        self.ahead.forget_ended();
        let remote = Arc::clone(&self.remote);
        let mut written = self.position.read()?;
        self.reports.followed(written.clone().unwrap_or_default());
        let mut subscription = remote.follow(written.clone())?;
        loop {
            let answer = subscription.next_answer().map_err(|error| self.noticed(error))?;
            self.reports.heard();
            for state in answer.changes.into_iter().filter_map(|change| change.state) {
                self.take(state)?;
            }
            for (_, state) in self.postponed.take_due() {
                self.take(state)?;
            }
            answer.coming.into_iter().try_for_each(|record| self.fetch_ahead(record))?;
            self.reports.postponed(self.postponed.len());
            // An answer without news repeats the position, which need not be written again.
            let is_new = answer.position.is_some() && answer.position != written;
            if let Some(position) = answer.position.filter(|_| is_new && self.postponed.len() == 0)
            {
                self.position.write(&position)?;
                self.reports.followed(position.clone());
                written = Some(position);
            }
        }
    }

    /// Asks the primary who it is, and compares what both must agree on.
    fn meet(&self) -> Result<(), ReplicaError> {
        let info = self.remote.server_info()?;
        let ours = self.server.store().algorithm().to_string();
        if info.algorithm != ours {
            return Err(ReplicaError::OtherAlgorithm { primary: info.algorithm, here: ours });
        }
        let difference_ms = info.now_ms.saturating_sub(now_ms());
        self.reports.clock_differs(difference_ms);
        if Duration::from_millis(difference_ms.unsigned_abs()) > CLOCK_DIFFERENCE_TOLD {
            tracing::warn!(
                "the clock of the primary {} differs from this machine's by {} s: set one of them right",
                self.remote.address(),
                difference_ms / 1000
            );
        }
        Ok(())
    }

    fn noticed(&self, error: TransferError) -> ReplicaError {
        if error.class() == ErrorClass::Conflict {
            let (primary, path) =
                (self.remote.address().to_owned(), self.position.path().to_owned());
            return ReplicaError::WentBack { primary, path };
        }
        error.into()
    }

    /// Begins to fetch an image that comes to the primary, if it would be added here.
    fn fetch_ahead(&mut self, record: ImageRecord) -> Result<(), ReplicaError> {
        if record.encoded_len() > RECORD_LEN_MAX {
            return Ok(());
        }
        if let Action::Add(_, record) = self.decide(State::Image(record))?
            && self.signers.verify(&record).is_ok()
        {
            self.ahead.begin(&self.server, &self.remote, *record);
        }
        Ok(())
    }

    fn decide(&self, state: State) -> Result<Action, ReplicaError> {
        let catalog = self.server.catalog();
        let action = decide(state, &self.selection, |name| {
            Ok::<_, CatalogError>(match catalog.check_name(name) {
                Ok(Some(record)) => Here::Image(Box::new(record)),
                Ok(None) => Here::Nothing,
                Err(CatalogError::Removed(_)) => Here::Removed,
                Err(error) => return Err(error),
            })
        })?;
        Ok(action)
    }

    /// Follows a change. If it fails because of its image, the change is postponed.
    fn take(&mut self, state: State) -> Result<(), ReplicaError> {
        let name = name_of(&state).to_owned();
        match self.apply_change(state.clone()) {
            Err(error) if error.is_of_one_image() => {
                tracing::error!(image = name, "failed to follow a change, trying later: {error}");
                self.reports.image_failed(&name, &error);
                self.postponed.insert(name, state)
            }
            Err(error) => Err(error),
            Ok(()) => {
                self.postponed.remove(&name);
                Ok(())
            }
        }
    }

    fn apply_change(&mut self, state: State) -> Result<(), ReplicaError> {
        if let State::Image(record) = &state
            && record.encoded_len() > RECORD_LEN_MAX
        {
            let problem = format!(
                "the primary has a record of {} bytes: it is left out",
                record.encoded_len()
            );
            tracing::error!("{problem}");
            self.reports.disagreed(problem);
            return Ok(());
        }
        let name = name_of(&state).to_owned();
        let action = self.decide(state)?;
        if !matches!(action, Action::Add(..)) {
            self.ahead.forget(&name);
        }
        let catalog = self.server.catalog();
        match action {
            Action::Nothing => return Ok(()),
            Action::Add(name, record) => {
                self.signers.verify(&record)?;
                let store = self.server.store();
                let early = self.ahead.take(name.as_str()).unwrap_or_else(|| EarlyImage {
                    hold: store.hold(),
                    bytes: 0,
                    followers: Followers::of(&self.server, &record),
                });
                let EarlyImage { hold, bytes, followers } = early;
                let fetched = bytes + self.remote.fetch_image(store, &hold, &record, &followers)?;
                catalog.add(&name, &record)?;
                followers.arrived();
                tracing::info!(image = %name, bytes = fetched, "replicated an image");
                self.reports.added(fetched);
            }
            Action::Change(name, tags, expires_at_ms) => {
                catalog.change(&name, |record| {
                    record.tags = tags;
                    record.expires_at_ms = expires_at_ms;
                })?;
            }
            Action::Remove(name) => {
                catalog.remove(&name)?;
                tracing::info!(image = %name, "removed an image, as the primary did");
            }
            Action::Disagree(problem) => {
                tracing::error!("{problem}");
                self.reports.disagreed(problem);
                return Ok(());
            }
        }
        self.reports.changed();
        Ok(())
    }
}

fn name_of(state: &State) -> &str {
    match state {
        State::Image(record) => &record.name,
        State::Removed(removed) => &removed.name,
    }
}
