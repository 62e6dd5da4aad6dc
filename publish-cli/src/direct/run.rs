//! The run's record: each target, its step, what was made.

use std::collections::BTreeMap;

use cloud::calls::{BootMode, NewAmi, ParameterKind, Sharee, Tags};
use cloud::target::Target;
use serde::{Deserialize, Serialize};

use super::ami_options::{AmiOptions, Imds};
use super::decide::{Basis, Expected};
use super::progress::Put;

/// A publish run. It holds all that is needed to go on with it elsewhere.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// Its id.
    pub id: String,
    /// Who began it.
    pub by: String,
    /// The image's stream.
    pub stream: String,
    /// The image.
    pub image: String,
    /// Its manifest.
    pub manifest: String,
    /// The disk's block map, by digest, in hexadecimal digits.
    pub map: String,
    /// The disk's size.
    pub size_gib: u64,
    /// What was asked for.
    pub options: Options,
    /// Its targets, in order.
    pub targets: Vec<TargetRun>,
    /// The signed statement of what went where, once all is done.
    #[serde(default)]
    pub attestation: Option<serde_json::Value>,
}

/// What was asked for, the same in all targets.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// The AMI's name.
    pub ami_name: String,
    /// `x86_64` or `arm64`.
    pub architecture: String,
    /// How it boots: AWS's word; nothing for a disk that does not.
    pub boot_mode: String,
    /// Whether it need not boot.
    pub no_boot: bool,
    /// Tags of snapshot and AMI.
    pub tags: Tags,
    /// The key to encrypt with instead of the account's default.
    pub kms_key: Option<String>,
    /// Whether snapshots may do without encryption where the account lets them.
    pub may_be_plain: bool,
    /// With which accounts and organisations to share.
    pub share: Vec<String>,
    /// Whether everybody may launch AMIs.
    #[serde(default)]
    pub public: bool,
    /// The watermark that AMIs get.
    #[serde(default)]
    pub watermark: Option<String>,
    /// When AMIs are deprecated: RFC 3339.
    pub deprecate_at: Option<String>,
    /// Whether AMIs are protected from being deregistered.
    #[serde(default)]
    pub protect: bool,
    /// The parameter that is pointed to the AMI, in each account and region.
    #[serde(default)]
    pub parameter: Option<String>,
    /// What the parameter's value is checked for.
    #[serde(default = "checked")]
    pub parameter_kind: ParameterKind,
    /// What AMIs are asked to be beside.
    #[serde(default)]
    pub ami: AmiOptions,
    /// Whether every block is read back, or some.
    pub prove_all: bool,
}

/// What parameters of earlier versions' runs are.
fn checked() -> ParameterKind {
    ParameterKind::Ami
}

impl Options {
    /// The key that a target's snapshot is encrypted with, where the configuration names one for it: none where the
    /// command asks for no encryption.
    pub fn key<'a>(&'a self, configured: Option<&'a str>) -> Option<&'a str> {
        let configured = configured.filter(|_| !self.may_be_plain);
        self.kms_key.as_deref().or(configured)
    }

    /// How the AMI boots.
    pub fn boot_mode(&self) -> BootMode {
        // Of what need not boot, too, AWS asks for a mode that its processor has.
        let default = match self.architecture.as_str() {
            "arm64" => BootMode::Uefi,
            _ => BootMode::LegacyBios,
        };
        let wanted = self.ami.boot_mode.as_deref().unwrap_or(&self.boot_mode);
        BootMode::parse(wanted).unwrap_or(default)
    }

    /// With whom it is shared.
    pub fn sharees(&self) -> Vec<Sharee> {
        let named = self.share.iter().filter_map(|text| sharee(text).ok());
        named.chain(self.public.then_some(Sharee::All)).collect()
    }

    /// The AMI of a snapshot.
    pub fn new_ami(&self, snapshot: &str, snapshot_gib: u64, description: String) -> NewAmi {
        NewAmi {
            name: self.ami_name.clone(),
            description,
            architecture: self.architecture.clone(),
            boot_mode: self.boot_mode(),
            snapshot: snapshot.to_owned(),
            root: self.ami.root(snapshot_gib),
            has_tpm: self.ami.has_tpm(&self.architecture, self.boot_mode()),
            requires_imds_v2: self.ami.imds == Imds::Required,
            uefi_data: self.ami.uefi_data.clone(),
            tags: self.tags.clone(),
        }
    }
}

/// Reads with whom to share: an account's number, or the ARN of an organisation or a unit of one.
///
/// # Errors
/// For a person: what it is not.
pub fn sharee(text: &str) -> Result<Sharee, String> {
    let is_digits = |text: &str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_digits(text) {
        return Ok(Sharee::Account(text.to_owned()));
    }
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    match &parts[..] {
        ["arn", _, "organizations", "", owner, what] if is_digits(owner) => {
            if what.starts_with("organization/o-") {
                return Ok(Sharee::Organization(text.to_owned()));
            }
            if what.starts_with("ou/o-") {
                return Ok(Sharee::Unit(text.to_owned()));
            }
        }
        _ => {}
    }
    Err(format!(
        "--share {text}: an account's twelve digits, or the ARN of an organisation or a unit \
         (arn:aws:organizations::111111111111:organization/o-…, …:ou/o-…/ou-…)"
    ))
}

/// One target of a run.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetRun {
    /// Where.
    pub target: Target,
    /// The account's number, once it is known.
    pub account_id: String,
    /// What was begun last.
    pub step: Step,
    /// How often making the snapshot was begun anew.
    pub attempt: u32,
    /// What the snapshot begins with.
    pub basis: Option<Basis>,
    /// What the snapshot must turn out to be.
    pub expected: Expected,
    /// Why everything is uploaded, where it is.
    pub why_full: Option<String>,
    /// The snapshot, once its id is known.
    pub snapshot: Option<String>,
    /// Snapshots that AWS gave up on.
    pub discarded: Vec<String>,
    /// How many blocks the snapshot needs.
    pub blocks: u32,
    /// Which of them it is known to have: those need not be put again.
    #[serde(default)]
    pub put: Put,
    /// The AMI, once its id is known.
    pub ami: Option<String>,
    /// Whether it was there before: published by another run, of the same disk and under the same name.
    #[serde(default)]
    pub was_there: bool,
    /// Whether this run protected an AMI that was there before, and nobody before it.
    #[serde(default)]
    pub protected_by_us: bool,
    /// What the parameter was before it was pointed to the AMI; empty where there was none.
    #[serde(default)]
    pub parameter_before: Option<String>,
    /// Whether AWS refused to set it the last time that it was tried.
    #[serde(default)]
    pub is_parameter_refused: bool,
    /// How far it was when undoing it was begun.
    #[serde(default)]
    pub undone_from: Option<Step>,
    /// What went wrong.
    pub error: Option<Problem>,
    /// Milliseconds by phase.
    pub phase_ms: BTreeMap<String, u64>,
}

/// What went wrong in a target.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Problem {
    /// For a person.
    pub message: String,
    /// The exit code that a run ends with in which all targets failed so.
    pub exit_code: u8,
}

/// Steps of a target, in order. Each is recorded before it is begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Nothing was begun.
    Planned,
    /// A snapshot is begun.
    Starting,
    /// Blocks are put.
    Putting,
    /// The snapshot is completed.
    Completing,
    /// AWS finishes it.
    Waiting,
    /// The snapshot is recorded as the next one's parent.
    Recording,
    /// An AMI is registered.
    Registering,
    /// It is shared, deprecated, and so on.
    Finishing,
    /// All is done.
    Done,
    /// What was made is removed.
    Undoing,
    /// Nothing is left.
    Undone,
}

impl Step {
    /// The step's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Starting => "starting",
            Self::Putting => "putting",
            Self::Completing => "completing",
            Self::Waiting => "waiting",
            Self::Recording => "recording",
            Self::Registering => "registering",
            Self::Finishing => "finishing",
            Self::Done => "done",
            Self::Undoing => "undoing",
            Self::Undone => "undone",
        }
    }
}

impl TargetRun {
    /// A target in which nothing was begun.
    pub fn new(target: Target) -> Self {
        Self {
            target,
            account_id: String::new(),
            step: Step::Planned,
            attempt: 1,
            basis: None,
            expected: Expected::default(),
            why_full: None,
            snapshot: None,
            discarded: Vec::new(),
            blocks: 0,
            put: Put::default(),
            ami: None,
            was_there: false,
            protected_by_us: false,
            parameter_before: None,
            is_parameter_refused: false,
            undone_from: None,
            error: None,
            phase_ms: BTreeMap::new(),
        }
    }

    /// The snapshot that the AMI is made of: one of the run's, or one that was there.
    pub fn made_of(&self) -> Option<&str> {
        match &self.basis {
            Some(Basis::Same { snapshot }) => Some(snapshot),
            _ => self.snapshot.as_deref(),
        }
    }
}

impl Run {
    /// What the run has come to, in a word.
    pub fn status(&self) -> &'static str {
        let all = |step| self.targets.iter().all(|target| target.step == step);
        let has_ended = |target: &TargetRun| {
            target.error.is_some() || matches!(target.step, Step::Done | Step::Undone)
        };
        let failed = self.targets.iter().filter(|target| target.error.is_some()).count();
        match failed {
            _ if !self.targets.iter().all(has_ended) => "running",
            0 if all(Step::Done) => "done",
            0 if all(Step::Undone) => "undone",
            count if count == self.targets.len() => "failed",
            _ => "partial",
        }
    }

    /// The exit code of a run that has ended.
    pub fn exit_code(&self) -> u8 {
        let code = |target: &TargetRun| target.error.as_ref().map_or(0, |error| error.exit_code);
        common_code(&self.targets.iter().map(code).collect::<Vec<_>>())
    }
}

/// The exit code of many targets: 7 where some failed, their common one where all did, else 1.
pub fn common_code(codes: &[u8]) -> u8 {
    let first = codes.first().copied().unwrap_or(0);
    match (codes.iter().all(|code| *code == first), codes.contains(&0)) {
        (true, _) => first,
        (false, true) => 7,
        (false, false) => 1,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn run(codes: &[u8]) -> Run {
        let target = |code: &u8| {
            let target =
                Target { account: "a".parse().unwrap(), region: "us-east-1".parse().unwrap() };
            let error = Problem { message: String::new(), exit_code: *code };
            TargetRun {
                step: Step::Done,
                error: (*code != 0).then_some(error),
                ..TargetRun::new(target)
            }
        };
        Run {
            id: "r".to_owned(),
            by: "me@here".to_owned(),
            stream: "s".to_owned(),
            image: "s/1".to_owned(),
            manifest: String::new(),
            map: String::new(),
            size_gib: 1,
            options: Options {
                ami_name: "n".to_owned(),
                architecture: "x86_64".to_owned(),
                boot_mode: "uefi".to_owned(),
                no_boot: false,
                tags: Tags::new(),
                kms_key: None,
                may_be_plain: false,
                share: Vec::new(),
                public: false,
                watermark: None,
                deprecate_at: None,
                protect: false,
                parameter: None,
                parameter_kind: ParameterKind::Ami,
                ami: AmiOptions::default(),
                prove_all: false,
            },
            targets: codes.iter().map(target).collect(),
            attestation: None,
        }
    }

    #[test]
    fn exit_codes_tell_part_from_all() {
        for (codes, code, status) in [
            (&[0, 0][..], 0, "done"),
            (&[0, 4], 7, "partial"),
            (&[4, 4], 4, "failed"),
            (&[4, 6], 1, "failed"),
        ] {
            assert_eq!((run(codes).exit_code(), run(codes).status()), (code, status));
        }
    }

    #[test]
    fn only_accounts_and_organisations_are_shared_with() {
        let of = |arn: &str| sharee(arn);
        assert_eq!(of("111111111111"), Ok(Sharee::Account("111111111111".to_owned())));
        let organization = "arn:aws:organizations::111111111111:organization/o-abc";
        assert_eq!(of(organization), Ok(Sharee::Organization(organization.to_owned())));
        let unit = "arn:aws-us-gov:organizations::111111111111:ou/o-abc/ou-x-y";
        assert_eq!(of(unit), Ok(Sharee::Unit(unit.to_owned())));
        for bad in
            ["", "1111", "arn:aws:iam::111111111111:role/x", "arn:aws:organizations::x:ou/o-a"]
        {
            assert!(of(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_run_is_written_and_read() {
        let text = serde_json::to_string(&run(&[0, 6])).unwrap();
        let read: Run = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), text);
    }
}
