//! Follows another imaged, the primary: its images come here, with their content, and its removals, tags and expiry
//! times are followed.
//!
//! ```text
//! position   how far the primary's log has been followed: a file that survives a crash
//! decide     what a change asks for, given what is here                              (pure)
//! content    an image's objects, durable before the catalog shows the image
//! report     what the status page and the metrics show
//! ```
//!
//! # Crashes
//! ```text
//! 1 objects durable   2 the catalog shows the image   3 the position moves on
//! ```
//! A change is done again after a crash before step 3, and finds what is here: objects are not fetched twice, and an
//! image that is here is not added twice.

mod content;
mod decide;
mod position;
mod report;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use imageserver::ImageServer;
use imageserver::catalog::CatalogError;
use rpc::tls::TlsDir;
use sysio::clock::now_ms;
use tokio::runtime::Handle;
use transfer::TransferError;
use transfer::fetch::Remote;
use wire::ErrorClass;
use wire::proto::image_change::State;

pub use self::decide::{Follows, Selection};
pub use self::report::{Report, Reports};

use self::decide::{Action, Here, decide};
use self::position::PositionFile;

/// Waits after a failure: doubled each time, up to the longest.
const RETRY_FIRST: Duration = Duration::from_millis(500);
const RETRY_LAST: Duration = Duration::from_secs(30);

/// What a replica follows, and how.
#[derive(Debug, Clone)]
pub struct Primary {
    /// `HOST:PORT` of the primary.
    pub address: String,
    /// Folder with the certificate to show to it; `None`: the server's own.
    pub tls_dir: Option<PathBuf>,
    /// The streams and kinds of changes that are followed.
    pub selection: Selection,
}

/// The reason why a change could not be followed.
#[derive(Debug, thiserror::Error)]
pub enum ReplicaError {
    /// The primary failed or sent something that is damaged; or the store here failed.
    #[error(transparent)]
    Transfer(#[from] TransferError),
    /// The catalog here failed.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// The file with the position failed.
    #[error("{}: {source}", path.display())]
    Position {
        /// The file.
        path: PathBuf,
        /// The operating system's answer, which decides the class.
        source: std::io::Error,
    },
    /// The primary's log is not the one that was followed.
    #[error(
        "the primary {primary} went back in time: it was restored from a backup, or lost its catalog. Nothing is \
         followed, and nothing is removed here. Compare both (`publish-cli image list`), then remove {} to follow it \
         anew: images that only this server has stay", path.display()
    )]
    WentBack {
        /// Address of the primary.
        primary: String,
        /// The file with the position.
        path: PathBuf,
    },
    /// The primary's store uses another digest algorithm than the store here.
    #[error(
        "the primary names objects by {primary}, and the store here by {here}: make a new data folder with --digest {primary}"
    )]
    OtherAlgorithm {
        /// Algorithm of the primary.
        primary: String,
        /// Algorithm of the store here.
        here: String,
    },
}

impl ReplicaError {
    /// Returns the class of the error.
    pub fn class(&self) -> ErrorClass {
        match self {
            Self::Transfer(error) => error.class(),
            Self::Catalog(error) => error.class(),
            Self::Position { source, .. } => ErrorClass::of_io(source),
            Self::WentBack { .. } => ErrorClass::Conflict,
            Self::OtherAlgorithm { .. } => ErrorClass::Refused,
        }
    }

    /// Tells whether following goes on by itself once something else changed.
    fn may_pass(&self) -> bool {
        !matches!(self, Self::WentBack { .. } | Self::OtherAlgorithm { .. })
    }
}

/// Follows a primary for as long as the process runs, on a thread of its own; returns what it reports.
///
/// # Errors
/// If the TLS folder cannot be used.
pub fn start(
    server: ImageServer,
    primary: Primary,
    tls: &TlsDir,
    data_dir: &Path,
    runtime: Handle,
) -> anyhow::Result<Arc<Reports>> {
    let channel = rpc::client::connect_lazily(&primary.address, tls)?;
    let remote = Remote::new(primary.address.clone(), channel, runtime);
    let reports = Arc::new(Reports::new(primary.address.clone()));
    let position = PositionFile::new(data_dir);
    let follower = Follower { server, primary, remote, position, reports: Arc::clone(&reports) };
    std::thread::Builder::new().name("replica".to_owned()).spawn(move || follower.run())?;
    Ok(reports)
}

struct Follower {
    server: ImageServer,
    primary: Primary,
    remote: Remote,
    position: PositionFile,
    reports: Arc<Reports>,
}

impl Follower {
    fn run(self) {
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
                self.primary.address
            );
            std::thread::park_timeout(retry);
            retry = (retry * 2).min(RETRY_LAST);
        }
    }

    /// Follows until something fails.
    fn follow(&self) -> Result<std::convert::Infallible, ReplicaError> {
        let (theirs, ours) = (self.remote.algorithm()?, self.server.store().algorithm());
        if theirs != ours {
            let (primary, here) = (theirs.to_string(), ours.to_string());
            return Err(ReplicaError::OtherAlgorithm { primary, here });
        }
        let mut at = self.position.read()?;
        let mut subscription = self.remote.follow(at.clone())?;
        loop {
            let answer = subscription.next_answer().map_err(|error| self.noticed(error))?;
            self.reports.heard();
            for state in answer.changes.into_iter().filter_map(|change| change.state) {
                self.apply_change(state)?;
            }
            // An answer without news repeats the position, which need not be written again.
            if let Some(position) = answer.position.filter(|position| at.as_ref() != Some(position))
            {
                self.position.write(&position)?;
                at = Some(position);
            }
        }
    }

    fn noticed(&self, error: TransferError) -> ReplicaError {
        if error.class() == ErrorClass::Conflict {
            let (primary, path) = (self.primary.address.clone(), self.position.path().to_owned());
            return ReplicaError::WentBack { primary, path };
        }
        error.into()
    }

    fn apply_change(&self, state: State) -> Result<(), ReplicaError> {
        let catalog = self.server.catalog();
        let action = decide(state, &self.primary.selection, now_ms(), |name| {
            Ok::<_, CatalogError>(match catalog.check_name(name) {
                Ok(Some(record)) => Here::Image(Box::new(record)),
                Ok(None) => Here::Nothing,
                Err(CatalogError::Removed(_)) => Here::Removed,
                Err(error) => return Err(error),
            })
        })?;
        match action {
            Action::Nothing => return Ok(()),
            Action::Add(name, record) => {
                let fetched = content::fetch(&self.remote, self.server.store(), &name, &record)?;
                catalog.add(&name, &record)?;
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
