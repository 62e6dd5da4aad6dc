//! From errors of the parts to statuses: one exhaustive match each.

use rpc::status::Meaning;
use store::{ErrorKind, StoreError};
use tonic::Status;

use crate::catalog::CatalogError;
use crate::upload::UploadError;

/// Runs work that blocks, and waits for it.
///
/// *Cancel safety:* dropped, the work runs to its end and its result is lost.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Status> + Send + 'static,
) -> Result<T, Status> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|error| Err(Status::internal(format!("a worker ended: {error}"))))
}

pub(super) fn store_status(error: &StoreError) -> Status {
    let meaning = match error.kind() {
        ErrorKind::NotFound => Meaning::NotFound,
        ErrorKind::Conflict | ErrorKind::Full | ErrorKind::Refused => Meaning::Refused,
        ErrorKind::Corrupt => Meaning::Damaged,
        ErrorKind::System => Meaning::Internal,
    };
    if meaning == Meaning::Damaged || meaning == Meaning::Internal {
        tracing::error!("{error}");
    }
    meaning.status(error.to_string())
}

pub(super) fn catalog_status(error: &CatalogError) -> Status {
    match error {
        CatalogError::Missing(_) | CatalogError::EmptyStream(_) => {
            Meaning::NotFound.status(error.to_string())
        }
        CatalogError::Removed(_) => Status::already_exists(error.to_string()),
        CatalogError::Store(StoreError::ImageExists { .. }) => {
            Status::already_exists(error.to_string())
        }
        CatalogError::Store(error) => store_status(error),
        CatalogError::Database(_) => {
            tracing::error!("{error}");
            Meaning::Internal.status(error.to_string())
        }
        CatalogError::Damaged(_) => {
            tracing::error!("{error}");
            Meaning::Damaged.status(error.to_string())
        }
    }
}

pub(super) fn upload_status(error: &UploadError) -> Status {
    match error {
        UploadError::TooMany | UploadError::Full { .. } => {
            Status::resource_exhausted(error.to_string())
        }
        UploadError::Unknown | UploadError::NotShown(_) | UploadError::Mismatch(_) => {
            Meaning::Refused.status(error.to_string())
        }
        UploadError::CopyDiffers { .. } => {
            tracing::error!("{error}");
            Meaning::Damaged.status(error.to_string())
        }
        UploadError::Store(error) => store_status(error),
    }
}
