//! Configuration: accounts, regions, durations, quotas.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The simulated parts of AWS. Every field has a default: two accounts, three regions, durations like those of AWS.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Accounts by number (12 digits).
    pub accounts: BTreeMap<String, Account>,
    /// Regions that exist, enabled or not; a call in any other region is refused.
    pub regions: Vec<String>,
    /// How long calls and changes of state take.
    pub timing: Timing,
    /// Rate limits and maximum numbers.
    pub quota: Quota,
    /// Share of calls that fail with a throttling error for no reason, 0 to 1.
    pub throttled: f64,
    /// Bytes per second of all request bodies together; `None` is unlimited.
    pub bandwidth: Option<f64>,
    /// Seconds by which AWS's clock is ahead of this machine's; negative if AWS's clock is behind.
    pub skew_s: i64,
    /// Prefixes of regions that do not support a TPM on arm64 yet.
    pub without_arm_tpm: Vec<String>,
    /// Speed of the simulator's clock relative to real time.
    pub speed: f64,
}

/// A simulated AWS account. By default, its snapshots are encrypted, and its AMIs cannot be made public.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Account {
    /// Whether snapshots are encrypted even if the request does not ask for encryption.
    pub encryption_by_default: bool,
    /// Regions that the account has not enabled.
    pub not_opted_in: Vec<String>,
    /// The external id that a caller of AssumeRole must pass; `None` if the account requires no external id.
    pub external_id: Option<String>,
    /// Names of the account's roles; `None` accepts every name.
    pub roles: Option<Vec<String>>,
    /// IAM policy document for the account's callers; `None` allows everything.
    pub policy: Option<serde_json::Value>,
    /// KMS keys, in addition to the default keys of the regions.
    pub keys: Vec<Key>,
    /// Seconds that a role's session lasts. *Source:* AWS's limit of an hour for a role that assumes another role.
    pub session_s: u64,
    /// Whether EC2 refuses to make the account's AMIs public, in every region.
    pub blocks_public_access: bool,
}

/// A customer's KMS key. In addition, each region has AWS's own default key.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Key {
    /// The key's ARN, which also names its account and region.
    pub arn: String,
    /// A second name by which KMS finds the key, such as `alias/images`; `None` for a key without an alias.
    pub alias: Option<String>,
    /// Whether the key's policy denies its use to all callers.
    pub is_denied: bool,
    /// The key's state in KMS's words: `Enabled`, `Disabled`, `PendingDeletion`.
    pub state: String,
    /// The key spec; snapshots accept only `SYMMETRIC_DEFAULT`.
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

/// Durations of operations, in milliseconds of the simulator's clock. A pair is a range. A hash of an id, such as the
/// snapshot's, chooses the duration in the range.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Timing {
    /// Time from CompleteSnapshot until the snapshot is completed; a range.
    pub snapshot_ms: [u64; 2],
    /// Time from RegisterImage until the AMI is available.
    pub ami_ms: u64,
    /// Time from the creation of a snapshot or AMI until calls find it.
    pub visible_after_ms: u64,
    /// Duration of a PutSnapshotBlock call, without the transfer of its body; a range in real milliseconds.
    pub put_ms: [u64; 2],
    /// Duration of every other call; a range in real milliseconds.
    pub call_ms: [u64; 2],
    /// Time from the moment when EC2 reports a snapshot as `completed` until the EBS direct APIs can read it; a range.
    pub readable_ms: [u64; 2],
    /// Time from DeregisterImage until the AMI's snapshot no longer counts as used; a range.
    pub in_use_ms: [u64; 2],
    /// Time for which lists still show a deleted snapshot or a deregistered AMI.
    pub listed_ms: u64,
    /// Time from PutParameter until a parameter of type `aws:ec2:image` has its value; a range.
    pub parameter_ms: [u64; 2],
    /// Time after DeleteParameter during which a new parameter of the same name is deleted too.
    /// *Source:* DeleteParameter: callers have to wait at least 30 seconds.
    pub parameter_gone_ms: u64,
    /// Seconds that the block tokens of a list stay valid. *Source:* ListSnapshotBlocks: seven days.
    pub token_s: u64,
}

impl Timing {
    /// Chooses a duration in a range; the same name always gets the same duration.
    pub fn between(range: [u64; 2], name: &str) -> u64 {
        let [least, most] = range;
        let digest = crate::blocks::sha256(name.as_bytes());
        let number = digest[..8].iter().fold(0, |number, byte| number << 8 | u64::from(*byte));
        least + number % (most.saturating_sub(least) + 1)
    }
}

/// Quotas of an account and region; rates are calls per second. *Source:* the documented default quotas.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Quota {
    /// PutSnapshotBlock calls; GetSnapshotBlock calls have a separate quota of the same rate.
    pub blocks_per_s: f64,
    /// StartSnapshot calls; CompleteSnapshot calls have a separate quota of the same rate.
    pub snapshots_per_s: f64,
    /// ListSnapshotBlocks and ListChangedBlocks calls together.
    pub lists_per_s: f64,
    /// All calls of EC2, STS, SSM, KMS and the portal together.
    pub calls_per_s: f64,
    /// Maximum number of pending snapshots at one time.
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
    /// Returns whether the account has a role; with `roles` unset it has every role.
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
    /// Parses the TOML text of a configuration file.
    ///
    /// # Errors
    /// Invalid TOML, unknown keys, account numbers without 12 digits.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let config: Self = toml::from_str(text)?;
        for id in config.accounts.keys() {
            let is_number = id.len() == 12 && id.bytes().all(|byte| byte.is_ascii_digit());
            anyhow::ensure!(is_number, "'{id}' is not an account's number: expected 12 digits");
        }
        Ok(config)
    }
}
