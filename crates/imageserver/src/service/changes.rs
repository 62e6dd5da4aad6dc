//! Sending the changes of the catalog to those that follow it.

use std::collections::BTreeSet;
use std::time::Duration;

use prost::Message;
use rpc::authority::Permit;
use tokio::sync::mpsc::Sender;
use tonic::Status;
use wire::name::ImageName;
use wire::proto::image_change::State;
use wire::proto::{ChangePosition, FollowChangesResponse, ImageChange, ImageRecord, RemovedImage};

use super::convert::{blocking, catalog_status};
use super::is_stopping;
use crate::catalog::{CatalogChange, CatalogChanges, Position};
use crate::server::{ImageServer, Shared};

/// Changes in one answer, at most.
const PAGE_COUNT_MAX: usize = 256;

/// Bytes of an answer from which on it is cut to half as many changes: a record may have some hundred KiB of findings
/// and settings.
const PAGE_LEN_MAX: usize = 4 << 20;

/// Interval of empty answers while nothing changes, by which both sides notice that the other is gone.
const ALIVE_EVERY: Duration = Duration::from_secs(15);

/// Answers that wait for a follower that reads slowly.
pub(super) const ANSWERS_WAITING_MAX: usize = 4;

/// Sends changes until the follower goes, or an error, which is sent too.
pub(super) async fn send_changes(
    server: ImageServer,
    permit: Permit,
    after: Option<ChangePosition>,
    answers: Sender<Result<FollowChangesResponse, Status>>,
) {
    let result = follow(&server, &permit, after, &answers).await;
    if let Err(status) = result {
        answers.send(Err(status)).await.ok();
    }
}

async fn follow(
    server: &ImageServer,
    permit: &Permit,
    after: Option<ChangePosition>,
    answers: &Sender<Result<FollowChangesResponse, Status>>,
) -> Result<(), Status> {
    let mut seen = after.map(position).transpose()?;
    let mut news = server.catalog().changes();
    let mut coming_news = server.shared.arrivals.changes();
    let mut told = BTreeSet::new();
    loop {
        // Before the look, so that a change that comes after it wakes the wait below.
        news.borrow_and_update();
        coming_news.borrow_and_update();
        let shared = server.shared.clone();
        let found = blocking(move || read_page(&shared, seen)).await?;
        let is_end = seen == Some(found.position) || found.changes.is_empty();
        seen = Some(found.position);
        let mut answer = answer(found, permit);
        answer.coming = coming(&server.shared, permit, &mut told);
        if answers.send(Ok(answer)).await.is_err() {
            return Ok(());
        }
        if is_end {
            tokio::select! {
                () = answers.closed() => return Ok(()),
                () = server.shared.stopped() => return Err(is_stopping()),
                changed = tokio::time::timeout(ALIVE_EVERY, news.changed()) => {
                    if matches!(changed, Ok(Err(_))) {
                        return Ok(());
                    }
                }
                changed = coming_news.changed() => {
                    if changed.is_err() {
                        return Ok(());
                    }
                }
            }
        }
    }
}

/// Returns the images that begin to come and that the caller may replicate, each once.
fn coming(shared: &Shared, permit: &Permit, told: &mut BTreeSet<String>) -> Vec<ImageRecord> {
    let mut records = shared.arrivals.records();
    // An image that failed to come may come again.
    told.retain(|name| records.iter().any(|record| record.name == *name));
    records.retain(|record| is_allowed(permit, &record.name) && told.insert(record.name.clone()));
    records
}

fn is_allowed(permit: &Permit, name: &str) -> bool {
    name.parse::<ImageName>().is_ok_and(|name| permit.allows(&name.stream()))
}

/// Reads the next changes, as many as fit an answer, and at least one if there is any.
fn read_page(shared: &Shared, seen: Option<Position>) -> Result<CatalogChanges, Status> {
    let mut count = PAGE_COUNT_MAX;
    loop {
        let found = shared.catalog.changes_after(seen, count);
        let found = found.map_err(|error| catalog_status(&error))?;
        let len_of = |change: &CatalogChange| match change {
            CatalogChange::Image(record) => record.encoded_len(),
            CatalogChange::Removed { name, manifest } => name.len() + manifest.len(),
        };
        let len: usize = found.changes.iter().map(len_of).sum();
        if len <= PAGE_LEN_MAX || found.changes.len() <= 1 {
            return Ok(found);
        }
        count = found.changes.len() / 2;
    }
}

/// Makes the answer for a caller: changes of streams that it is not allowed to replicate are left out.
fn answer(found: CatalogChanges, permit: &Permit) -> FollowChangesResponse {
    let state = |change: CatalogChange| match change {
        CatalogChange::Image(record) => {
            is_allowed(permit, &record.name).then_some(State::Image(*record))
        }
        CatalogChange::Removed { name, manifest } => {
            is_allowed(permit, &name).then_some(State::Removed(RemovedImage { name, manifest }))
        }
    };
    let changes = found.changes.into_iter().filter_map(state);
    let changes = changes.map(|state| ImageChange { state: Some(state) }).collect();
    let Position { history, sequence } = found.position;
    let position = ChangePosition { history: history.to_vec().into(), sequence };
    FollowChangesResponse { changes, position: Some(position), coming: Vec::new() }
}

fn position(sent: ChangePosition) -> Result<Position, Status> {
    let history = sent.history.as_ref().try_into();
    let history = history.map_err(|_| rpc::status::invalid("the id of a history has 16 bytes"))?;
    Ok(Position { history, sequence: sent.sequence })
}
