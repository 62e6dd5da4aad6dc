//! The status pages: volumes and patches.
//!
//! ```text
//! pages        /           the page for people
//! exposition   /metrics    the metrics for Prometheus, see docs/metrics.md
//! ```

mod exposition;
mod pages;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use rpc::gate::Gatekeeper;
use statuspage::daemon::certificate_tile;
use statuspage::server::{Problem, make, routes};

use crate::manager::Manager;

/// Returns the router of the status pages. `imaged` is the address that the page shows as source of images.
pub fn router(manager: &Arc<Manager>, imaged: &str, keeper: &Gatekeeper) -> Router {
    let (all, health, metrics) = (Arc::clone(manager), Arc::clone(manager), Arc::clone(manager));
    let imaged = imaged.to_owned();
    let (shown, counted) = (keeper.clone(), keeper.clone());
    let overview = async move || {
        make(move || {
            let volumes = all.volumes().map_err(|error| Problem::Failed(error.to_string()))?;
            let certificate = certificate_tile(&shown);
            let patches = all.history().list();
            Ok(pages::overview(&volumes, &patches, all.engine_name(), certificate, &imaged))
        })
        .await
    };
    routes(
        Router::new().route("/", get(overview)),
        move || health.volumes().map(drop).map_err(|error| error.to_string()),
        move || exposition::write(&metrics, &counted),
    )
}
