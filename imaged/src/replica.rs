//! Follows another imaged, the primary: its images come here, with their content, and its removals, tags and expiry
//! times are followed.
//!
//! ```text
//! follower   the thread that follows, change by change
//! ahead      images that the primary itself still fetches
//! position   how far the primary's log has been followed: a file that survives a crash
//! decide     what a change asks for, given what is here                              (pure)
//! postponed  changes that failed, to be tried again
//! forward    images that are added here go to the primary first
//! report     what the status page and the metrics show
//! tell       how far this replica has come, told to the primary
//! ```
//!
//! # Crashes
//! ```text
//! 1 objects durable   2 the catalog shows the image   3 the position moves on
//! ```
//! A change is done again after a crash before step 3, and finds what is here: objects are not fetched twice, and an
//! image that is here is not added twice.

mod ahead;
mod decide;
mod follower;
mod forward;
mod position;
mod postponed;
mod report;
mod tell;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use imageserver::ImageServer;
use imageserver::catalog::CatalogError;
use rpc::current::Current;
use rpc::image_signature::{ImageSigners, SignatureError};
use rpc::tls::TlsDir;
use tokio::runtime::Handle;
use transfer::TransferError;
use transfer::fetch::Remote;
use wire::ErrorClass;

pub use self::decide::{Follows, Selection};
pub use self::report::{Report, Reports};

use self::ahead::Ahead;
use self::follower::Follower;
use self::forward::ForwardTarget;
use self::position::PositionFile;
use self::postponed::Postponed;
use crate::upkeep::HealingPeer;

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
    /// The image's signature is refused.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// Too many changes wait to be tried again.
    #[error(
        "{} changes of the primary could not be followed: see the log for each",
        postponed::COUNT_MAX
    )]
    TooManyPostponed,
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
            Self::Signature(error) => error.class(),
            Self::OtherAlgorithm { .. } | Self::TooManyPostponed => ErrorClass::Refused,
        }
    }

    /// Returns whether following goes on by itself once something else changed.
    fn may_pass(&self) -> bool {
        !matches!(self, Self::WentBack { .. } | Self::OtherAlgorithm { .. })
    }

    /// Returns whether the failure concerns one image, so that others can be followed meanwhile.
    fn is_of_one_image(&self) -> bool {
        let classes =
            [ErrorClass::NotFound, ErrorClass::Refused, ErrorClass::Damaged, ErrorClass::Conflict];
        let is_of_content = matches!(self, Self::Transfer(_) | Self::Catalog(_));
        matches!(self, Self::Signature(_)) || is_of_content && classes.contains(&self.class())
    }
}

/// The connection of a replica to its primary.
#[derive(Debug)]
pub struct Link {
    remote: Arc<Remote>,
    selection: Selection,
}

impl Link {
    /// Prepares the connection; the first call makes it. `tls` is shown unless the primary has a TLS folder of its own.
    /// Must be called within a tokio runtime.
    ///
    /// # Errors
    /// If the TLS folder cannot be used.
    pub fn new(primary: Primary, tls: &Current<TlsDir>, runtime: Handle) -> anyhow::Result<Self> {
        let own = primary.tls_dir.as_deref().map(TlsDir::follow).transpose()?;
        let channel =
            rpc::client::connect_lazily(&primary.address, own.unwrap_or_else(|| tls.clone()))?;
        let remote = Arc::new(Remote::new(primary.address, channel, runtime));
        Ok(Self { remote, selection: primary.selection })
    }

    /// Returns the primary, for a server that forwards to it what is added.
    pub fn primary(&self) -> Arc<dyn imageserver::Primary> {
        let (remote, selection) = (Arc::clone(&self.remote), self.selection.clone());
        Arc::new(ForwardTarget { remote, selection })
    }

    /// Returns the primary as a server from which damage is healed.
    pub fn peer(&self) -> HealingPeer {
        HealingPeer::new(Arc::clone(&self.remote))
    }

    /// Follows the primary for as long as the process runs, on threads of its own; returns what it reports. `port` is the one
    /// that this server listens at.
    ///
    /// # Errors
    /// If the thread cannot be started.
    pub fn follow(
        self,
        server: ImageServer,
        signers: ImageSigners,
        data_dir: &Path,
        port: u16,
    ) -> std::io::Result<Arc<Reports>> {
        let reports = Arc::new(Reports::new(self.remote.address().to_owned()));
        let (remote, told) = (Arc::clone(&self.remote), Arc::clone(&reports));
        let tell = std::thread::Builder::new().name("replica-tell".to_owned());
        tell.spawn(move || tell::run(&remote, &told, port))?;
        let follower = Follower {
            server,
            signers,
            remote: self.remote,
            selection: self.selection,
            position: PositionFile::new(data_dir),
            postponed: Postponed::default(),
            ahead: Ahead::default(),
            reports: Arc::clone(&reports),
        };
        std::thread::Builder::new().name("replica".to_owned()).spawn(move || follower.run())?;
        Ok(reports)
    }
}
