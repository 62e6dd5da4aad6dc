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
use statuspage::server::{Problem, make, routes};

use crate::manager::Manager;

/// Returns the router of the status pages. `imaged` is the address that the page shows as source of images.
pub fn router(manager: &Arc<Manager>, imaged: &str) -> Router {
    let (all, health, metrics) = (Arc::clone(manager), Arc::clone(manager), Arc::clone(manager));
    let imaged = imaged.to_owned();
    let overview = async move || {
        make(move || {
            let volumes = all.volumes().map_err(|error| Problem::Failed(error.to_string()))?;
            Ok(pages::overview(&volumes, &all.history().list(), all.engine_name(), &imaged))
        })
        .await
    };
    routes(
        Router::new().route("/", get(overview)),
        move || health.volumes().map(drop).map_err(|error| error.to_string()),
        move || exposition::write(&metrics),
    )
}
