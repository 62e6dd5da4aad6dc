//! Settings: flags before the environment before files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::cli::Global;
use crate::failure::Failure;

/// Where servers and certificates are.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// imaged's `HOST:PORT`.
    pub imaged: Option<String>,
    /// unpackd's `HOST:PORT`.
    pub unpackd: Option<String>,
    /// The folder of certificates.
    pub tls_dir: Option<PathBuf>,
    /// AWS accounts.
    pub aws: AwsToml,
}

/// AWS accounts, as the configuration names them.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AwsToml {
    /// The role to assume in accounts that have a number.
    pub role: Option<String>,
    /// What the role's trust policy asks for.
    pub external_id: Option<String>,
    /// Where roles are assumed and accounts are asked for their regions; otherwise AWS_REGION, or the profile's.
    pub region: Option<String>,
    /// The accounts.
    #[serde(default)]
    pub accounts: BTreeMap<String, AccountToml>,
    /// Names for lists of targets: `--target @NAME`.
    #[serde(default)]
    pub groups: BTreeMap<String, Vec<String>>,
}

/// One account: a profile, or a role; its number may stand beside a profile, and any other caller is refused.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountToml {
    /// A profile of the AWS configuration files.
    pub profile: Option<String>,
    /// Its number.
    pub id: Option<String>,
    /// Another role than the others'.
    pub role: Option<String>,
    /// The role's ARN, which is taken as given.
    pub role_arn: Option<String>,
    /// Another external id than the others'.
    pub external_id: Option<String>,
    /// Keys to encrypt with instead of the account's default, by region: ARNs.
    #[serde(default)]
    pub kms_keys: BTreeMap<String, String>,
}

/// A configuration file. An unknown key is refused: a misspelt one would be silently ignored.
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
    /// Puts settings together. Flags and environment come from the parsed command line.
    ///
    /// # Errors
    /// A file that cannot be read, or that holds unknown keys.
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
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::usage(format!("configuration {}: {error}", path.display())))?;
    toml::from_str(&text)
        .map_err(|error| Failure::usage(format!("configuration {}: {error}", path.display())))
}
