//! What the daemons' status pages share.
//!
//! ```text
//! server    plain HTTP for those who look: GET only, few connections, each with deadlines
//! page      the frame of a page, tables, figures                              (pure)
//! chart     bars and timelines as SVG                                          (pure)
//! metrics   the exposition that Prometheus reads                               (pure)
//! cached    what is costly to count, counted once a second at most
//! ```
//!
//! Pages are made whole on the server, of HTML and SVG: they hold no script, load nothing from elsewhere,
//! and forbid the browser both. They show nothing secret (no keys, no content of images), and nothing that
//! one can ask of them changes anything; who may reach them is for the address to say at which they listen.
//!
//! *Invariant of absence:* knows nothing of images, stores or volumes.
#![forbid(unsafe_code)]

pub mod cached;
pub mod chart;
pub mod metrics;
pub mod page;
pub mod server;
