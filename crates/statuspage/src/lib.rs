//! Library of the daemons' status pages.
//!
//! ```text
//! server    plain HTTP for browsers and Prometheus: GET only, few connections, each with deadlines
//! page      the frame of a page, tables, figures                              (pure)
//! chart     bars as SVG                                                        (pure)
//! metrics   the exposition that Prometheus reads                               (pure)
//! daemon    what every daemon shows of itself: its certificates, its calls
//! cached    a cache of one second for values that are costly to count
//! ```
//!
//! The server renders complete pages of HTML and SVG. The pages contain no script and load nothing from elsewhere, and
//! the answers' headers forbid the browser to do either. Pages show no secrets (no keys, no content of images), and no
//! request changes anything. There is no authentication: the listening address decides who can reach the pages.
//!
//! *Boundary:* this crate knows nothing of images, stores or volumes; of the network, only what [`daemon`] shows.
#![forbid(unsafe_code)]

pub mod cached;
pub mod chart;
pub mod daemon;
pub mod metrics;
pub mod page;
pub mod server;
