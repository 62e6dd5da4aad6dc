//! Settings. Flags override environment variables, which override the configuration file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::cli::Global;
use crate::failure::Failure;

/// Addresses, certificates and AWS accounts.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Address of imaged, `HOST:PORT`; if it is `None`, only commands that need imaged fail.
    pub imaged: Option<String>,
    /// Address of unpackd, `HOST:PORT`; if it is `None`, only commands that need unpackd fail.
    pub unpackd: Option<String>,
    /// Folder with `ca.pem`, `cert.pem` and `key.pem`.
    pub tls_dir: Option<PathBuf>,
    /// AWS accounts. Only the configuration file sets them: they have no flags.
    pub aws: AwsToml,
}

/// The table `[aws]` of the configuration file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AwsToml {
    /// Name of the role to assume in each account that has an `id`, unless the account overrides it.
    pub role: Option<String>,
    /// External id to pass when assuming roles, if their trust policies require one.
    pub external_id: Option<String>,
    /// Region of the calls that assume roles and list an account's regions; default: AWS_REGION, or the profile's.
    pub region: Option<String>,
    /// Accounts by the name that targets use.
    #[serde(default)]
    pub accounts: BTreeMap<String, AccountToml>,
    /// Named lists of targets: `--target @NAME`.
    #[serde(default)]
    pub groups: BTreeMap<String, Vec<String>>,
}

/// One account: a profile, or a role. If it has a profile and an `id`, the profile's credentials must belong to the
/// account with that `id`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountToml {
    /// Name of a profile in the AWS configuration files.
    pub profile: Option<String>,
    /// The account's twelve-digit number.
    pub id: Option<String>,
    /// Name of the role, instead of the `role` of `[aws]`.
    pub role: Option<String>,
    /// Full ARN of the role, instead of a name and `id`.
    pub role_arn: Option<String>,
    /// External id, instead of the `external_id` of `[aws]`.
    pub external_id: Option<String>,
    /// ARNs of KMS keys by region; a region without a key here uses the account's default key.
    #[serde(default)]
    pub kms_keys: BTreeMap<String, String>,
}

/// A configuration file. Unknown keys are an error, because a misspelt key would otherwise be ignored.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct SettingsToml {
    imaged: Option<String>,
    unpackd: Option<String>,
    tls_dir: Option<PathBuf>,
    #[serde(default)]
    aws: AwsToml,
}

impl Settings {
    /// Loads the configuration file. The flags and environment variables in `global` override its values.
    ///
    /// # Errors
    /// The file cannot be read or parsed, or has unknown keys.
    pub fn load(global: &Global) -> anyhow::Result<Self> {
        let file = match &global.config {
            Some(path) => Some(read(path)?),
            None => {
                default_paths().iter().find(|path| path.exists()).map(|p| read(p)).transpose()?
            }
        };
        let file = file.unwrap_or_default();
        Ok(Self {
            imaged: global.imaged.clone().or(file.imaged),
            unpackd: global.unpackd.clone().or(file.unpackd),
            tls_dir: global.tls_dir.clone().or(file.tls_dir),
            aws: file.aws,
        })
    }
}

fn default_paths() -> Vec<PathBuf> {
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let of_user = home.map(|home| home.join(".config/imprint/config.toml"));
    of_user.into_iter().chain([PathBuf::from("/etc/imprint/config.toml")]).collect()
}

fn read(path: &Path) -> anyhow::Result<SettingsToml> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        Failure::usage(format!("the configuration file {} cannot be read: {error}", path.display()))
    })?;
    toml::from_str(&text).map_err(|error| {
        Failure::usage(format!("the configuration file {} is malformed: {error}", path.display()))
    })
}
