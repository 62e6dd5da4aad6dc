//! A simulated AWS, and publishing to it with the real command.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Context as _;
use publisher::whole_file;
use serde::Serialize;
use serde_json::Value;
use wire::name::ImageName;

use super::daemons::{Daemons, ServerProcess};
use super::workplace::Workplace;

/// Names and numbers of the two simulated accounts.
const ACCOUNTS: [(&str, &str); 2] = [("dev", "111111111111"), ("prod", "222222222222")];
const CONFIG: &str =
    "regions = [\"us-east-1\", \"eu-central-1\"]\n# Twenty times as fast as AWS.\nspeed = 20.0\n";

/// A simulated AWS. Dropping this ends it.
#[derive(Debug)]
pub(super) struct Aws {
    server: ServerProcess,
    config: PathBuf,
    imaged: String,
    unpackd: String,
    tls_dir: PathBuf,
}

/// Result of publishing one revision to all targets.
#[derive(Debug, Serialize)]
pub(super) struct ReleaseTotals {
    /// AMIs made, one per target.
    pub amis: usize,
    /// Blocks uploaded, and blocks of the disk, summed over all targets.
    pub blocks_put: u64,
    pub blocks_total: u64,
}

impl Aws {
    pub(super) fn start(workplace: &Workplace, daemons: &Daemons) -> anyhow::Result<Self> {
        let folder = workplace.path();
        let simulated = folder.join("awssim.toml");
        whole_file::write(&simulated, CONFIG.as_bytes())?;
        let server = ServerProcess::start(workplace, "awssim", |command| {
            command.arg("--state").arg(folder.join("awssim")).arg("--config").arg(&simulated);
        })?;
        let config = folder.join("config.toml");
        let accounts = ACCOUNTS.map(|(name, id)| format!("[aws.accounts.{name}]\nid = \"{id}\"\n"));
        let text = format!("[aws]\nrole = \"publisher\"\n{}", accounts.concat());
        whole_file::write(&config, text.as_bytes())?;
        Ok(Self {
            server,
            config,
            imaged: daemons.imaged.clone(),
            unpackd: daemons.unpackd.clone(),
            tls_dir: daemons.tls_dir.clone(),
        })
    }

    /// Publishes an image to all targets with `publish-cli publish` as a child process.
    pub(super) fn publish(
        &self,
        workplace: &Workplace,
        image: &ImageName,
        no_boot: bool,
    ) -> anyhow::Result<ReleaseTotals> {
        let mut command = Command::new(std::env::current_exe()?);
        command
            .env("AWS_ENDPOINT_URL", format!("http://{}", self.server.address))
            .env("AWS_ACCESS_KEY_ID", format!("AKIASIM{}", ACCOUNTS[0].1))
            .env("AWS_SECRET_ACCESS_KEY", "simulated")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("XDG_STATE_HOME", workplace.path())
            .args(["--json", "--quiet", "--imaged", &self.imaged, "--unpackd", &self.unpackd])
            .arg("--tls-dir")
            .arg(&self.tls_dir)
            .arg("--config")
            .arg(&self.config)
            .args(["publish", image.as_str(), "--via", "direct", "--target", "*/*"])
            .arg("--work-dir")
            .arg(workplace.path());
        if no_boot {
            command.arg("--no-boot");
        }
        let text = workplace.run_for_output(&mut command)?;
        let document: Value = serde_json::from_slice(&text)
            .context("publish-cli printed a result that is not JSON")?;
        let results = document["results"].as_array().cloned().unwrap_or_default();
        let sum = |name: &str| results.iter().filter_map(|result| result[name].as_u64()).sum();
        Ok(ReleaseTotals {
            amis: results.iter().filter(|result| result["AmiId"] != "").count(),
            blocks_put: sum("BlocksPut"),
            blocks_total: sum("BlocksTotal"),
        })
    }
}
