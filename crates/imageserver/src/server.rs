//! The server: the parts that its RPCs work with, opened from a data folder.

use std::path::Path;
use std::sync::Arc;

use rpc::image_signature::ImageSigners;
use store::{Store, StoreError};
use sysio::clock::now_ms;
use tokio::sync::watch;
use wire::ErrorClass;
use wire::digest::Algorithm;
use wire::name::StreamName;
use wire::proto::ImageRecord;

use crate::arrival::{ArrivingImages, ImageArrival};
use crate::catalog::{Catalog, CatalogError};
use crate::closure::Closures;
use crate::counts::Counts;
use crate::primary::Primary;
use crate::publishing::{Publishing, PublishingError};
use crate::replicas::{ReplicaState, Replicas};
use crate::upkeep::{Peer, Upkeep};
use crate::upload::Uploads;

/// An image server. A clone shares the state of its original.
#[derive(Debug, Clone)]
pub struct ImageServer {
    pub(crate) shared: Arc<Shared>,
}

#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) store: Arc<Store>,
    pub(crate) catalog: Catalog,
    pub(crate) uploads: Uploads,
    pub(crate) closures: Closures,
    pub(crate) publishing: Publishing,
    pub(crate) replicas: Replicas,
    pub(crate) arrivals: Arc<ArrivingImages>,
    pub(crate) counts: Counts,
    pub(crate) upkeep: Upkeep,
    pub(crate) signers: Option<ImageSigners>,
    pub(crate) primary: Option<Arc<dyn Primary>>,
    /// True once the server stops.
    pub(crate) stopping: watch::Sender<bool>,
}

/// What a server needs besides its data folder.
#[derive(Debug)]
pub struct Setup {
    /// Digest algorithm of a new store; an existing store keeps its own.
    pub algorithm: Algorithm,
    /// Verifies the signatures of added images. `None` for a server inside another program, whose only caller is the
    /// program itself.
    pub signers: Option<ImageSigners>,
    /// The server that this one follows.
    pub primary: Option<Arc<dyn Primary>>,
    /// Servers from which damage is healed.
    pub peers: Vec<Arc<dyn Peer>>,
}

/// The reason why a data folder could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The store cannot be opened, for example because another process writes to it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The catalog cannot be opened or repaired.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// The publishers' records cannot be opened.
    #[error(transparent)]
    Publishing(#[from] PublishingError),
}

impl OpenError {
    /// Maps the error to its class, which decides the exit code.
    pub fn class(&self) -> ErrorClass {
        match self {
            Self::Store(error) => error.class(),
            Self::Catalog(error) => error.class(),
            Self::Publishing(error) => error.class(),
        }
    }
}

impl ImageServer {
    /// Opens the server of a data folder; creates the folder if it is missing.
    ///
    /// # Errors
    /// [`OpenError`], for example if another process writes to the store.
    pub fn open(data_dir: &Path, setup: Setup) -> Result<Self, OpenError> {
        let Setup { algorithm, signers, primary, peers } = setup;
        let store = Arc::new(Store::open_or_create(&data_dir.join("store"), algorithm)?);
        let catalog = Catalog::open(&data_dir.join("catalog.redb"), Arc::clone(&store))?;
        let publishing = Publishing::open(&data_dir.join("publishing.redb"))?;
        let (uploads, closures, counts, replicas, arrivals, stopping) = Default::default();
        let upkeep = Upkeep::new(Arc::clone(&store), peers, data_dir);
        Ok(Self {
            shared: Arc::new(Shared {
                store,
                upkeep,
                catalog,
                uploads,
                closures,
                publishing,
                replicas,
                arrivals,
                counts,
                signers,
                primary,
                stopping,
            }),
        })
    }

    /// Returns the store, for its statistics and its free space.
    pub fn store(&self) -> &Arc<Store> {
        &self.shared.store
    }

    /// Returns the catalog, for status pages and for programs that embed the server.
    pub fn catalog(&self) -> &Catalog {
        &self.shared.catalog
    }

    /// Returns the number of uploads under way, at most [`crate::upload::SESSIONS_MAX`].
    pub fn uploads_open(&self) -> usize {
        self.shared.uploads.count()
    }

    /// Returns the counters since the server's start.
    pub fn counts(&self) -> &Counts {
        &self.shared.counts
    }

    /// Returns the servers that follow this one, as they reported themselves in the last day.
    pub fn replicas(&self) -> Vec<ReplicaState> {
        self.shared.replicas.list(&self.shared.catalog)
    }

    /// Tells the followers of this server that an image comes, until the returned value is dropped; `None` if too many come,
    /// or this one already does. The record must have been verified.
    pub fn begin_arrival(&self, record: &ImageRecord) -> Option<ImageArrival> {
        self.shared.arrivals.begin(&self.shared.store, record)
    }

    /// Returns what looks after the store.
    pub fn upkeep(&self) -> &Upkeep {
        &self.shared.upkeep
    }

    /// Ends all calls that wait for a change or an image, so that the server can stop. Such calls end at once from then
    /// on.
    pub fn stop(&self) {
        self.shared.stopping.send_replace(true);
    }

    /// Removes expired images and unneeded publishing records, and ends idle uploads; call it periodically. Errors are
    /// logged. A primary alone decides when the images expire that this server follows, by its own clock.
    pub fn tidy(&self) {
        self.shared.uploads.expire();
        let is_ours = |stream: &StreamName| {
            let owns = |primary: &dyn Primary, stream: &StreamName| primary.owns_removals(stream);
            self.shared.primary_of(stream, owns).is_none()
        };
        if let Err(error) = self.shared.catalog.remove_expired(now_ms(), is_ours) {
            tracing::error!("failed to remove expired images: {error}");
        }
        if let Err(error) = self.shared.publishing.tidy(now_ms()) {
            tracing::error!("failed to tidy the records of publishing: {error}");
        }
    }
}

impl Shared {
    /// Waits until the server stops.
    pub(crate) async fn stopped(&self) {
        // An error means that the server is gone.
        self.stopping.subscribe().wait_for(|stopping| *stopping).await.ok();
    }

    /// Returns the primary if it decides about a stream, as `owns` says.
    pub(crate) fn primary_of(
        &self,
        stream: &StreamName,
        owns: impl Fn(&dyn Primary, &StreamName) -> bool,
    ) -> Option<&dyn Primary> {
        self.primary.as_deref().filter(|primary| owns(*primary, stream))
    }
}
