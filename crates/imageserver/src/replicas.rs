//! The replicas of a server, as they report themselves: how far each has followed, and when it was last heard.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use rpc::identity::Caller;
use tonic::Status;
use wire::proto::{ChangePosition, ReportReplicaRequest};

use crate::catalog::{Catalog, CatalogError, Position};

/// Limit on replicas; the one that was silent longest goes.
const REPLICAS_MAX: usize = 256;

/// Longest text of a report in bytes.
const TEXT_LEN_MAX: usize = 512;

/// A replica that is silent so long is forgotten.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(24 * 3600);

/// A replica, as its primary sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplicaState {
    /// `HOST:PORT`, as the replica calls itself.
    pub place: String,
    /// The identity in its certificate.
    pub identity: String,
    /// Its version.
    pub version: String,
    /// Whether it follows another history than this server's: one of them was restored from a backup.
    pub has_other_history: bool,
    /// Changes that it has not followed yet; all, if it has another history.
    pub changes_behind: u64,
    /// How long ago the first of them was made; zero if there is none.
    pub lag: Duration,
    /// Changes that failed and that it tries again.
    pub postponed: u64,
    /// Why following fails, or one of them failed last; may be empty.
    pub problem: String,
    /// Since when it has not been heard.
    pub silence: Duration,
}

/// The reports of all replicas, each the latest. A replica is known by its identity and place.
#[derive(Debug, Default)]
pub(crate) struct Replicas(Mutex<BTreeMap<(String, String), (ReportReplicaRequest, Instant)>>);

impl Replicas {
    /// Takes a report.
    ///
    /// # Errors
    /// `InvalidArgument`: a text is too long or has control characters.
    pub(crate) fn hear(&self, caller: &Caller, report: ReportReplicaRequest) -> Result<(), Status> {
        let is_good = |text: &str| text.len() <= TEXT_LEN_MAX && !text.contains(char::is_control);
        if ![&report.place, &report.version, &report.problem].into_iter().all(|text| is_good(text))
        {
            return Err(rpc::status::invalid(format!(
                "the texts of a report have at most {TEXT_LEN_MAX} bytes, in one line"
            )));
        }
        let mut all = self.0.lock();
        all.insert((caller.to_string(), report.place.clone()), (report, Instant::now()));
        all.retain(|_, (_, heard)| heard.elapsed() < FORGOTTEN_AFTER);
        if all.len() > REPLICAS_MAX {
            let silent = all.iter().min_by_key(|(_, (_, heard))| *heard);
            let silent = silent.map(|(key, _)| key.clone());
            silent.and_then(|key| all.remove(&key));
        }
        Ok(())
    }

    /// Returns the replicas, sorted by place.
    pub(crate) fn list(&self, catalog: &Catalog) -> Vec<ReplicaState> {
        let mut all = self.0.lock().clone();
        all.retain(|_, (_, heard)| heard.elapsed() < FORGOTTEN_AFTER);
        let state = |((identity, place), (report, heard)): ((String, String), _)| {
            let (report, heard): (ReportReplicaRequest, Instant) = (report, heard);
            let position = report.followed.as_ref().and_then(position);
            let behind = catalog.behind(position);
            let has_other_history = matches!(behind, Err(CatalogError::OtherHistory));
            let behind = behind.or_else(|_| catalog.behind(None));
            let (changes_behind, lag) = behind.unwrap_or_default();
            ReplicaState {
                place,
                has_other_history,
                identity,
                version: report.version,
                changes_behind,
                lag,
                postponed: report.postponed,
                problem: report.problem,
                silence: heard.elapsed(),
            }
        };
        let mut states: Vec<_> = all.into_iter().map(state).collect();
        states.sort_by(|a, b| (&a.place, &a.identity).cmp(&(&b.place, &b.identity)));
        states
    }
}

/// Reads a reported position; `None` if nothing has been followed yet.
fn position(sent: &ChangePosition) -> Option<Position> {
    let history = sent.history.as_ref().try_into().ok()?;
    Some(Position { history, sequence: sent.sequence })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_have_limits() {
        let replicas = Replicas::default();
        let (caller, report) = (Caller::of_certificate("imaged"), |place: String| {
            ReportReplicaRequest { place, ..ReportReplicaRequest::default() }
        });
        replicas.hear(&caller, report("a".repeat(TEXT_LEN_MAX + 1))).unwrap_err();
        replicas.hear(&caller, report("a\nb".to_owned())).unwrap_err();
        for at in 0..2 * REPLICAS_MAX {
            replicas.hear(&caller, report(format!("host:{at}"))).unwrap();
        }
        let all = replicas.0.lock();
        assert_eq!(all.len(), REPLICAS_MAX);
        assert!(all.contains_key(&("imaged".to_owned(), format!("host:{}", 2 * REPLICAS_MAX - 1))));
    }
}
