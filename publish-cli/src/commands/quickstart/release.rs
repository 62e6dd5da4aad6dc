//! A simulated AWS, and publishing to it with the real command.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Context as _;
use publisher::whole_file;
use rig::{Daemons, Server, simulator};
use serde::Serialize;
use serde_json::Value;
use wire::name::ImageName;

use super::workplace::Workplace;

/// Names and numbers of the two simulated accounts.
const ACCOUNTS: [(&str, &str); 2] = [("dev", "111111111111"), ("prod", "222222222222")];
const CONFIG: &str =
    "regions = [\"us-east-1\", \"eu-central-1\"]\n# Twenty times as fast as AWS.\nspeed = 20.0\n";

/// A simulated AWS. Dropping this ends it.
#[derive(Debug)]
pub(super) struct Aws {
    server: Server,
    config: PathBuf,
}

/// Result of publishing one revision to all targets.
#[derive(Debug, Serialize)]
pub(super) struct ReleaseTotals {
    /// AMIs made, one per target.
    pub amis: usize,
    /// Blocks uploaded to all targets together. `blocks_total` counts the blocks of the disk once for each target.
    pub blocks_put: u64,
    pub blocks_total: u64,
}

impl Aws {
    pub(super) fn start(workplace: &Workplace) -> anyhow::Result<Self> {
        let server = simulator::start(workplace.processes(), workplace.path(), CONFIG)?;
        let config = workplace.path().join("config.toml");
        whole_file::write(&config, simulator::publisher_config(ACCOUNTS).as_bytes())?;
        Ok(Self { server, config })
    }

    /// Publishes an image to all targets with `publish-cli publish` as a child process.
    pub(super) fn publish(
        &self,
        workplace: &Workplace,
        daemons: &Daemons,
        image: &ImageName,
        no_boot: bool,
    ) -> anyhow::Result<ReleaseTotals> {
        let mut command = Command::new(std::env::current_exe()?);
        simulator::use_as_aws(&mut command, &self.server.address, ACCOUNTS[0].1)
            .env("XDG_STATE_HOME", workplace.path())
            .args(["--json", "--quiet", "--imaged", daemons.imaged_address()])
            .args(["--unpackd", daemons.unpackd_address()])
            .arg("--tls-dir")
            .arg(daemons.tls_dir("publish"))
            .arg("--config")
            .arg(&self.config)
            .args(["publish", image.as_str(), "--via", "direct", "--target", "*/*"])
            .arg("--work-dir")
            .arg(workplace.path());
        if no_boot {
            command.arg("--no-boot");
        }
        let text = workplace.processes().output(&mut command)?;
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
