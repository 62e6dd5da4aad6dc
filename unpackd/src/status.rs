//! The status pages: volumes, and what patches did.
//!
//! ```text
//! pages        what people see: /
//! exposition   what Prometheus reads: /metrics      docs/metrics.md
//! ```

mod exposition;
mod pages;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use statuspage::server::{Problem, make, routes};

use crate::manager::Manager;

/// Makes the pages of a daemon that fetches from `imaged`.
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
