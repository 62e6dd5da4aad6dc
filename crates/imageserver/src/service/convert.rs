//! Conversion of errors to gRPC statuses.

use store::StoreError;
use tonic::Status;
use wire::ErrorClass;

use crate::catalog::CatalogError;
use crate::upload::UploadError;

/// Runs blocking work on its own thread and waits for it.
///
/// *Cancel safety:* if this future is dropped, the work still runs to its end and its result is lost.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Status> + Send + 'static,
) -> Result<T, Status> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| {
        Err(rpc::status::status(
            ErrorClass::Internal,
            format!("the thread of this call ended early: {error}"),
        ))
    })
}

pub(super) fn store_status(error: &StoreError) -> Status {
    logged(error.class(), error)
}

/// Converts an error to a status, and logs it if the operator has to act on it.
pub(super) fn logged(class: ErrorClass, error: &(dyn std::error::Error + 'static)) -> Status {
    if matches!(class, ErrorClass::Damaged | ErrorClass::Internal) {
        tracing::error!("{error}");
    }
    rpc::status::status(class, error.to_string())
}

pub(super) fn catalog_status(error: &CatalogError) -> Status {
    logged(error.class(), error)
}

pub(super) fn upload_status(error: &UploadError) -> Status {
    logged(error.class(), error)
}
