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
    /// Bytes a second that requests' bodies come in with, over all connections; none is as fast as they can.
    pub bandwidth: Option<f64>,
    /// Seconds by which AWS's clock is ahead of this machine's.
    pub skew_s: i64,
    /// Regions, or partitions by a region's beginning, that do not know arm64 with a TPM yet.
    pub without_arm_tpm: Vec<String>,
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
    /// Its roles, by name; without a list it has every role that is asked for.
    pub roles: Option<Vec<String>>,
    /// What its callers may do: an IAM policy's document; without one, everything.
    pub policy: Option<serde_json::Value>,
    /// Keys that it has beside its default ones, by ARN.
    pub keys: Vec<Key>,
    /// How long sessions of its roles last. *Source:* an hour is the limit of one role that assumes another.
    pub session_s: u64,
    /// Whether AMIs may not be made public.
    pub blocks_public_access: bool,
}

/// A KMS key.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Key {
    /// Its ARN.
    pub arn: String,
    /// Its other name: `alias/…`.
    pub alias: Option<String>,
    /// Whether its policy does not let the account's callers use it.
    pub is_denied: bool,
    /// Its state, as KMS calls it: `Enabled`, `Disabled`, `PendingDeletion`.
    pub state: String,
    /// What it is: snapshots take `SYMMETRIC_DEFAULT` alone.
    pub spec: String,
}

impl Default for Key {
    fn default() -> Self {
        Self {
            arn: String::new(),
            alias: None,
            is_denied: false,
            state: "Enabled".to_owned(),
            spec: "SYMMETRIC_DEFAULT".to_owned(),
        }
    }
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
    /// How long a put takes, beside its bytes: between these. Real time, whatever the clock's speed.
    pub put_ms: [u64; 2],
    /// The same for all other calls.
    pub call_ms: [u64; 2],
    /// From completed, as EC2 says it, until the EBS direct APIs know it: between these, by the snapshot's id.
    pub readable_ms: [u64; 2],
    /// For so long the snapshot of an AMI that was deregistered counts as used: between these, by its id.
    pub in_use_ms: [u64; 2],
    /// For so long what was deleted is still listed.
    pub listed_ms: u64,
    /// From PutParameter until a parameter of type `aws:ec2:image` has its value: between these, by the value.
    pub parameter_ms: [u64; 2],
    /// For so long a parameter that was deleted takes one of its name that is set with it. *Source:* DeleteParameter:
    /// at least 30 seconds are to be waited.
    pub parameter_gone_ms: u64,
    /// Seconds that the tokens of a list of blocks last. *Source:* ListSnapshotBlocks: seven days.
    pub token_s: u64,
}

impl Timing {
    /// A time between two, that is the same for the same name.
    pub fn between(range: [u64; 2], name: &str) -> u64 {
        let [least, most] = range;
        let digest = crate::blocks::sha256(name.as_bytes());
        let number = digest[..8].iter().fold(0, |number, byte| number << 8 | u64::from(*byte));
        least + number % (most.saturating_sub(least) + 1)
    }
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
            bandwidth: None,
            skew_s: 0,
            without_arm_tpm: vec!["cn-".to_owned()],
            speed: 1.0,
        }
    }
}

impl Default for Account {
    fn default() -> Self {
        let not_opted_in = vec!["af-south-1".to_owned()];
        Self {
            encryption_by_default: true,
            not_opted_in,
            external_id: None,
            roles: None,
            policy: None,
            keys: Vec::new(),
            session_s: 3600,
            blocks_public_access: true,
        }
    }
}

impl Account {
    /// Whether it has a role of that name.
    pub(crate) fn has_role(&self, name: &str) -> bool {
        self.roles.as_ref().is_none_or(|roles| roles.iter().any(|role| role == name))
    }
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            snapshot_ms: [10_000, 60_000],
            ami_ms: 3000,
            visible_after_ms: 1500,
            put_ms: [60, 140],
            call_ms: [20, 80],
            readable_ms: [0, 4000],
            in_use_ms: [0, 20_000],
            listed_ms: 3000,
            parameter_ms: [1000, 10_000],
            parameter_gone_ms: 30_000,
            token_s: 7 * 86_400,
        }
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
