//! A simulated AWS for publishers: its process, and the settings with which a publisher uses it.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use crate::error::RigError;
use crate::processes::Processes;
use crate::server::{ANY_PORT, Server, StatusPages, log_path};

/// Starts `awssim` with a configuration (TOML). `folder`, which must exist, gets its state and its log.
///
/// # Errors
/// If the configuration cannot be written, or `awssim` does not start. The error then contains its log.
#[allow(
    clippy::disallowed_methods,
    reason = "the configuration of a simulator need not survive a crash"
)]
pub fn start(processes: &Arc<Processes>, folder: &Path, config: &str) -> Result<Server, RigError> {
    let path = folder.join("awssim.toml");
    std::fs::write(&path, config).map_err(RigError::io(&path))?;
    let log = log_path(folder, "awssim");
    Server::start(processes, ("awssim", ANY_PORT), StatusPages::Off, &log, |command| {
        command.arg("--state").arg(folder.join("awssim")).arg("--config").arg(&path);
    })
}

/// Makes a command use the simulator at `address` (`ADDRESS:PORT`) as AWS, with the credentials of an account.
pub fn use_as_aws<'a>(command: &'a mut Command, address: &str, account: &str) -> &'a mut Command {
    command
        .env("AWS_ENDPOINT_URL", format!("http://{address}"))
        .env("AWS_ACCESS_KEY_ID", format!("AKIASIM{account}"))
        .env("AWS_SECRET_ACCESS_KEY", "simulated")
        .env("AWS_EC2_METADATA_DISABLED", "true")
}

/// Returns a publisher's configuration (TOML) with the given accounts. Each pair is an account's name and its id.
pub fn publisher_config<N: AsRef<str>>(accounts: impl IntoIterator<Item = (N, N)>) -> String {
    let mut text = "[aws]\nrole = \"publisher\"\n".to_owned();
    for (name, id) in accounts {
        let (name, id) = (name.as_ref(), id.as_ref());
        text.push_str(&format!("[aws.accounts.{name}]\nid = \"{id}\"\n"));
    }
    text
}
