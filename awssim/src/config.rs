//! Accounts, regions, how long things take, quotas.

use std::collections::BTreeMap;

use serde::Deserialize;

/// What is simulated. Every part has a default: two accounts, three regions, times as AWS has them.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Accounts by number.
    pub accounts: BTreeMap<String, Account>,
    /// Regions of all accounts.
    pub regions: Vec<String>,
    /// How long things take.
    pub timing: Timing,
    /// How fast and how much.
    pub quota: Quota,
    /// The part of calls that is throttled for no reason, 0 to 1.
    pub throttled: f64,
    /// How many times faster than real the clock goes.
    pub speed: f64,
}

/// An account.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Account {
    /// Whether new snapshots are encrypted without saying so.
    pub encryption_by_default: bool,
    /// Regions that it may not use.
    pub not_opted_in: Vec<String>,
    /// What AssumeRole must say.
    pub external_id: Option<String>,
}

/// How long things take, in milliseconds on the simulator's clock.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Timing {
    /// From CompleteSnapshot to completed: between these, by the snapshot's id.
    pub snapshot_ms: [u64; 2],
    /// From RegisterImage to available.
    pub ami_ms: u64,
    /// For so long what was made is not found.
    pub visible_after_ms: u64,
}

/// How fast and how much. *Source:* the documented default quotas.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Quota {
    /// PutSnapshotBlock and GetSnapshotBlock, a second, in an account and region.
    pub blocks_per_s: f64,
    /// StartSnapshot and CompleteSnapshot.
    pub snapshots_per_s: f64,
    /// Lists of blocks.
    pub lists_per_s: f64,
    /// Calls to EC2, STS and SSM.
    pub calls_per_s: f64,
    /// Snapshots that are being made at a time.
    pub pending_snapshots: usize,
}

impl Default for Config {
    fn default() -> Self {
        let accounts = ["111111111111", "222222222222"];
        Self {
            accounts: accounts.map(|id| (id.to_owned(), Account::default())).into(),
            regions: ["us-east-1", "eu-central-1", "af-south-1"].map(str::to_owned).to_vec(),
            timing: Timing::default(),
            quota: Quota::default(),
            throttled: 0.0,
            speed: 1.0,
        }
    }
}

impl Default for Account {
    fn default() -> Self {
        let not_opted_in = vec!["af-south-1".to_owned()];
        Self { encryption_by_default: true, not_opted_in, external_id: None }
    }
}

impl Default for Timing {
    fn default() -> Self {
        Self { snapshot_ms: [10_000, 60_000], ami_ms: 3000, visible_after_ms: 500 }
    }
}

impl Default for Quota {
    fn default() -> Self {
        Self {
            blocks_per_s: 1000.0,
            snapshots_per_s: 10.0,
            lists_per_s: 50.0,
            calls_per_s: 50.0,
            pending_snapshots: 100,
        }
    }
}

impl Config {
    /// Reads a configuration file's text.
    ///
    /// # Errors
    /// Unknown keys, numbers of accounts that are none.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let config: Self = toml::from_str(text)?;
        for id in config.accounts.keys() {
            let is_number = id.len() == 12 && id.bytes().all(|byte| byte.is_ascii_digit());
            anyhow::ensure!(is_number, "'{id}' is no account: 12 digits");
        }
        Ok(config)
    }
}
