//! Advice for the user on how to resolve an error.

use crate::error::{CloudError, CloudErrorKind, SIGNATURE};

/// Advice by AWS's reason, a detail that comes with some error codes.
const BY_REASON: &[(&str, &str)] = &[
    ("DEPENDENCY_ACCESS_DENIED", USE_KEY),
    ("INVALID_CUSTOMER_KEY", USE_KEY),
    (
        "CONFLICTING_BLOCK_UPDATE",
        "another publisher puts blocks to the same snapshot: `publish-cli runs list` shows its run",
    ),
];

const USE_KEY: &str = "let the publishing role use the KMS key: kms:Encrypt, Decrypt, ReEncrypt*, GenerateDataKey*, \
                       CreateGrant and DescribeKey, in the role's policy and in the key's";

const LOGIN: &str = "log in: aws sso login, or aws login, with --profile and the profile's name";

const ON_HOLD: &str = "AWS has the account on hold: its support centre says why";

const OTHERWISE: &str =
    "an earlier request for this snapshot had other parameters: undo the run, and publish again";

const SNAPSHOTS: &str =
    "remove snapshots, or ask in Service Quotas for more \"Snapshots per Region\" of EBS";

const SHARE: &str =
    "check the accounts and organisations that --share names: one of them does not exist";

/// Advice by AWS's error code, or by our own code where AWS did not answer.
const BY_CODE: &[(&str, &str)] = &[
    (
        "OptInRequired",
        "check the region's spelling; opt in to it in the account's settings, or leave it out with --skip-target",
    ),
    (
        "RegionDisabledException",
        "activate STS for the region in the account's settings, or leave it out with --skip-target",
    ),
    (
        "certificate",
        "set AWS_CA_BUNDLE, or ca_bundle in the profile, to the file of the certificate authority that signed the server's certificate",
    ),
    (
        "not AWS",
        "what answers there is not AWS: check HTTPS_PROXY, and AWS_ENDPOINT_URL if it is set",
    ),
    ("proxy", "check HTTPS_PROXY and NO_PROXY, and what the proxy lets through"),
    ("name", "check the region's spelling, the network, and HTTPS_PROXY"),
    ("Blocked", ON_HOLD),
    ("PendingVerification", ON_HOLD),
    ("InvalidAMIAttributeItemValue", SHARE),
    ("InvalidUserID.Malformed", SHARE),
    ("ca_bundle", "correct ca_bundle in the AWS configuration, or set AWS_CA_BUNDLE"),
    ("login", LOGIN),
    (
        "AssumeRole",
        "check the role's name and its trust policy, external_id in the configuration, and what the caller may do \
         (`publish-cli targets policy --caller` prints it)",
    ),
    ("WrongAccount", "correct the profile, or the id in the configuration"),
    ("profile", "correct the profile's name, or add it to the AWS configuration"),
    ("ConflictException", OTHERWISE),
    ("IdempotentParameterMismatch", OTHERWISE),
    ("SnapshotLimitExceeded", SNAPSHOTS),
    ("ServiceQuotaExceededException", SNAPSHOTS),
    ("AMIQuotaExceeded", "remove AMIs, or ask in Service Quotas for more \"AMIs\" of EC2"),
    ("TagLimitExceeded", "give fewer tags: AWS takes 50"),
    (
        "ParameterLimitExceeded",
        "remove parameters, or allow advanced parameters in Systems Manager, of which an account may have more",
    ),
    (
        "ParameterMaxVersionLimitExceeded",
        "move the label of the parameter's oldest version: AWS keeps 100 versions",
    ),
];

fn found(table: &[(&str, &'static str)], word: &str) -> Option<&'static str> {
    table.iter().find(|(known, _)| *known == word).map(|(_, advice)| *advice)
}

impl CloudError {
    /// Returns advice on how to resolve the error, worded to follow its message after a semicolon.
    pub fn next_step(&self) -> &'static str {
        advice(self.kind, &self.code, &self.reason)
    }
}

/// Returns the advice for an error: by its code, else by its reason, else by its kind.
fn advice(kind: CloudErrorKind, code: &str, reason: &str) -> &'static str {
    if SIGNATURE.contains(&code) {
        return "check the secret key, and that this machine's clock is right";
    }
    let known = found(BY_CODE, code).or_else(|| found(BY_REASON, reason));
    known.unwrap_or_else(|| of_kind(kind))
}

fn of_kind(kind: CloudErrorKind) -> &'static str {
    match kind {
        CloudErrorKind::Denied => {
            "check the account's credentials and the policy of its publishing role \
             (`publish-cli targets policy` prints it)"
        }
        CloudErrorKind::Expired => {
            "log in again (aws sso login, aws login), or get new credentials; then \
             `publish-cli runs resume` continues a run"
        }
        CloudErrorKind::Throttled => "try again with fewer targets or a lower --concurrency",
        CloudErrorKind::Busy => {
            "try again when other work in the account has ended; AWS counts abandoned snapshots until it gives them up"
        }
        CloudErrorKind::Unreachable => {
            "check the network, HTTPS_PROXY, and the endpoint if one is set (AWS_ENDPOINT_URL)"
        }
        CloudErrorKind::Unavailable => {
            "try again; AWS's health dashboard says whether the region is up"
        }
        CloudErrorKind::Quota => {
            "remove what is not needed, or ask for a higher quota in Service Quotas"
        }
        CloudErrorKind::Duplicate => "use another --ami-name, or remove the AMI that has this name",
        CloudErrorKind::InUse => "remove what uses it first",
        CloudErrorKind::State => {
            "see what state it is in: it may be protected, locked, archived or not ready yet"
        }
        CloudErrorKind::NotFound => "see whether somebody removed it",
        CloudErrorKind::Invalid => {
            "report this: Imprint asked for something that AWS does not accept"
        }
        CloudErrorKind::Local => "see what keeps the disk from being read on this machine",
    }
}
