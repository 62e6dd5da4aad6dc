//! The thread that tells the primary how far this replica has followed.

use std::sync::Arc;
use std::time::Duration;

use transfer::fetch::Remote;
use wire::proto::ReportReplicaRequest;

use super::report::{Report, Reports};

/// Interval of reports while nothing happens.
const TELL_EVERY: Duration = Duration::from_secs(15);

/// Longest text of a report in bytes; the primary refuses more than 512.
const TEXT_LEN_MAX: usize = 400;

/// Tells until the process ends. A primary that cannot be told is no failure: following itself shows it.
pub(super) fn run(remote: &Remote, reports: &Arc<Reports>, port: u16) {
    let (place, mut told) = (place(port), None);
    loop {
        let report = reports.wait_for_news(told.as_ref(), TELL_EVERY);
        told.clone_from(&report.followed);
        // Before the primary was heard there is nothing to tell.
        if report.heard.is_none() {
            continue;
        }
        if let Err(error) = remote.report_replica(request(&place, report)) {
            tracing::debug!("the primary takes no report: {error}");
        }
    }
}

fn request(place: &str, report: Report) -> ReportReplicaRequest {
    let problem = match report.problem.as_str() {
        "" if report.postponed > 0 => &report.image_problem,
        problem => problem,
    };
    let problem = problem.replace(char::is_control, " ");
    let end = problem.floor_char_boundary(TEXT_LEN_MAX);
    ReportReplicaRequest {
        place: place.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        followed: report.followed,
        postponed: report.postponed as u64,
        problem: problem[..end].to_owned(),
    }
}

/// Returns this machine's name and the port that this server listens at.
fn place(port: u16) -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    format!("{}:{port}", host.trim())
}
