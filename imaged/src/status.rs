//! The status pages: the images and the space that they take.
//!
//! ```text
//! overview     figures from the image records and the store's counters         (pure)
//! pages        the pages for people: /, /stream/NAME
//! exposition   the metrics for Prometheus: /metrics                            docs/metrics.md
//! ```

pub mod exposition;
mod overview;
mod pages;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query};
use axum::routing::get;
use imageserver::ImageServer;
use imageserver::upload::FREE_MIN;
use rpc::gate::Gatekeeper;
use statuspage::cached::Cached;
use statuspage::daemon::certificate_tile;
use statuspage::server::{Problem, make, routes};

use crate::join::Joins;
use crate::replica::Reports;
use crate::upkeep::Schedule;
use overview::Overview;
use pages::MoreFigures;

/// What all pages are made from; the overview is up to a second old.
#[derive(Debug)]
struct Looker {
    server: ImageServer,
    last: Cached<Overview>,
    /// What following a primary reports, if this server follows one.
    replica: Option<Arc<Reports>>,
    joins: Joins,
    schedule: Schedule,
    keeper: Gatekeeper,
}

impl Looker {
    fn overview(&self) -> Result<Arc<Overview>, String> {
        self.last.get(|| {
            let records = self.server.catalog().list(None).map_err(|error| error.to_string())?;
            let free = self.server.store().free_space().map_err(|error| error.to_string())?;
            Ok(Overview::new(records, self.server.store().stats(), free.bytes))
        })
    }

    fn health(&self) -> Result<(), String> {
        self.server.catalog().check().map_err(|error| error.to_string())?;
        let free = self.server.store().free_space().map_err(|error| error.to_string())?.bytes;
        if free < FREE_MIN {
            return Err(format!(
                "only {free} bytes are free where the store is, and uploads are refused below {FREE_MIN}: free some space"
            ));
        }
        Ok(())
    }

    fn page(&self) -> Result<Arc<Overview>, Problem> {
        self.overview().map_err(Problem::Failed)
    }
}

/// Query of a page that shows one part of a long table: the index of the part's first row.
#[derive(Debug, Default, serde::Deserialize)]
struct From {
    #[serde(default)]
    from: usize,
}

/// Returns the routes of a server's status pages, `/healthz` and `/metrics`.
pub fn router(
    server: &ImageServer,
    replica: Option<Arc<Reports>>,
    joins: &Joins,
    schedule: Schedule,
    keeper: &Gatekeeper,
) -> Router {
    let (server, joins, keeper) = (server.clone(), joins.clone(), keeper.clone());
    let looker =
        Arc::new(Looker { server, last: Cached::default(), replica, joins, schedule, keeper });
    let (all, one, health, metrics) = (looker.clone(), looker.clone(), looker.clone(), looker);
    let overview = async move |Query(From { from }): Query<From>| {
        make(move || {
            let figures = MoreFigures {
                schedule: all.schedule,
                replica: all.replica.as_deref(),
                joins: all.joins.counts(),
                certificate: certificate_tile(&all.keeper),
            };
            Ok(pages::overview(&*all.page()?, &all.server, &figures, from))
        })
        .await
    };
    let stream = async move |Path(name): Path<String>, Query(From { from }): Query<From>| {
        make(move || {
            let overview = one.page()?;
            let stream = overview.streams.get(&name);
            let missing = || Problem::Missing(format!("There is no stream named {name}."));
            Ok(pages::stream(&name, stream.ok_or_else(missing)?, from))
        })
        .await
    };
    let pages = Router::new().route("/", get(overview)).route("/stream/{*name}", get(stream));
    routes(
        pages,
        move || health.health(),
        move || {
            let replica = metrics.replica.as_deref();
            let overview = metrics.overview()?;
            let joins = metrics.joins.counts();
            exposition::write(&overview, &metrics.server, replica, joins, &metrics.keeper)
        },
    )
}
