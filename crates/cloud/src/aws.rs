//! Implements [`Cloud`] with the AWS SDK.
//!
//! ```text
//! spec          accounts as a configuration describes them
//! accounts      the configuration's accounts, and the checks of their numbers
//! open          profiles and roles as SDK configurations
//! credentials   loads and renews an account's credentials
//! login         lets one account at a time use a shared login
//! http          proxies, certificates, and the limit of response sizes
//! attempt       one call: its rate, window, deadline and retries
//! trouble       converts SDK errors to `CloudError`
//! ebs, ec2      the calls by service
//! ```

mod accounts;
mod attempt;
mod credentials;
mod ebs;
mod ec2;
mod http;
mod login;
mod open;
mod spec;
mod trouble;

use aws_sdk_kms::types::{KeyManagerType, KeySpec, KeyState};
use aws_sdk_ssm::types::ParameterType;
use bytes::Bytes;

pub use accounts::{AccountSpec, Accounts, Concurrency, CredentialsSource, Role, Tell};
use attempt::{Attempts, Class, Shared};
pub use http::BundleError;
use wire::blockmap::BlockIndex;

use crate::calls::{
    Ami, AmiQuery, BlockLease, BlockPage, BlockRef, Caller, Cloud, DefaultEncryption, Key, NewAmi,
    NewSnapshot, Parameter, ParameterKind, Result, Sha256, Sharee, Snapshot, SnapshotQuery,
    WhileInUse,
};
use crate::error::CloudErrorKind;
use crate::retry::Budget;
use crate::target::{RegionState, Target};

/// The calls of one target: SDK clients behind rate limits, deadlines and retries.
#[derive(Debug)]
pub struct Aws {
    attempts: Attempts,
    ec2: aws_sdk_ec2::Client,
    ebs: aws_sdk_ebs::Client,
    kms: aws_sdk_kms::Client,
    ssm: aws_sdk_ssm::Client,
    sts: aws_sdk_sts::Client,
}

impl Aws {
    fn new(shared: Shared, config: &aws_config::SdkConfig) -> Self {
        Self {
            attempts: Attempts::new(shared),
            ec2: aws_sdk_ec2::Client::new(config),
            ebs: aws_sdk_ebs::Client::new(config),
            kms: aws_sdk_kms::Client::new(config),
            ssm: aws_sdk_ssm::Client::new(config),
            sts: aws_sdk_sts::Client::new(config),
        }
    }
}

impl Cloud for Aws {
    fn target(&self) -> &Target {
        &self.attempts.target
    }

    async fn caller(&self) -> Result<Caller> {
        let call = || self.sts.get_caller_identity().send();
        let answer =
            self.attempts.call("GetCallerIdentity", Class::Read, Budget::USUAL, call).await?;
        let account_id = answer.account().unwrap_or_default().to_owned();
        self.attempts.belong_to(&account_id);
        Ok(Caller { account_id, arn: answer.arn().unwrap_or_default().to_owned() })
    }

    async fn regions(&self) -> Result<Vec<RegionState>> {
        ec2::regions(&self.attempts, &self.ec2).await
    }

    async fn default_encryption(&self) -> Result<DefaultEncryption> {
        ec2::default_encryption(&self.attempts, &self.ec2).await
    }

    async fn key(&self, name: &str) -> Result<Option<Key>> {
        let call = || self.kms.describe_key().key_id(name).send();
        let answer = self.attempts.call("DescribeKey", Class::Read, Budget::USUAL, call).await;
        match answer {
            Ok(answer) => Ok(answer.key_metadata().map(key)),
            // A malformed name counts as a missing key.
            Err(error)
                if error.kind == CloudErrorKind::NotFound
                    || error.code == "InvalidArnException" =>
            {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    async fn blocks_public_amis(&self) -> Result<bool> {
        let call = || self.ec2.get_image_block_public_access_state().send();
        let name = "GetImageBlockPublicAccessState";
        let answer = self.attempts.call(name, Class::Read, Budget::USUAL, call).await?;
        Ok(answer.image_block_public_access_state() != Some("unblocked"))
    }

    async fn may_register(&self, new: &NewAmi) -> Result<()> {
        match ec2::register(&self.attempts, &self.ec2, new, ec2::Mode::Rehearse).await {
            Err(error) if error.code == "InvalidParameterCombination" => Err(error),
            // Counts as success. AWS answers a dry run that would work with `DryRunOperation`, which is classified as
            // Invalid. Or AWS looked at the placeholder snapshot first, and refused it with an error of one of these
            // kinds.
            Err(error)
                if matches!(
                    error.kind,
                    CloudErrorKind::NotFound | CloudErrorKind::State | CloudErrorKind::Invalid
                ) =>
            {
                Ok(())
            }
            other => other.map(drop),
        }
    }

    async fn start_snapshot(&self, new: &NewSnapshot) -> Result<String> {
        ebs::start(&self.attempts, &self.ebs, new).await
    }

    async fn put_block<F, B>(
        &self,
        snapshot: &str,
        index: BlockIndex,
        digest: &Sha256,
        lease: F,
    ) -> Result<()>
    where
        F: Fn() -> B + Send + Sync,
        B: Future<Output = std::result::Result<BlockLease, String>> + Send,
    {
        ebs::put(&self.attempts, &self.ebs, snapshot, index, digest, lease).await
    }

    async fn complete_snapshot(
        &self,
        snapshot: &str,
        blocks_put: u32,
        digest: &Sha256,
    ) -> Result<()> {
        ebs::complete(&self.attempts, &self.ebs, snapshot, blocks_put, digest).await
    }

    async fn list_blocks(&self, snapshot: &str, next: Option<&str>) -> Result<BlockPage> {
        ebs::list(&self.attempts, &self.ebs, snapshot, next).await
    }

    async fn get_block(&self, snapshot: &str, block: &BlockRef) -> Result<Bytes> {
        ebs::get(&self.attempts, &self.ebs, snapshot, block).await
    }

    async fn snapshots(&self, query: &SnapshotQuery) -> Result<Vec<Snapshot>> {
        ec2::snapshots(&self.attempts, &self.ec2, query).await
    }

    async fn delete_snapshot(&self, snapshot: &str, while_in_use: WhileInUse) -> Result<()> {
        let budget = match while_in_use {
            WhileInUse::Refuse => Budget::USUAL,
            WhileInUse::Wait => Budget::OF_FREED,
        };
        let call = || self.ec2.delete_snapshot().snapshot_id(snapshot).send();
        let done = self.attempts.call("DeleteSnapshot", Class::Write, budget, call).await;
        unless_gone(done.map(drop))
    }

    async fn share_snapshot(&self, snapshot: &str, accounts: &[String]) -> Result<()> {
        ec2::share_snapshot(&self.attempts, &self.ec2, snapshot, accounts).await
    }

    async fn register(&self, new: &NewAmi) -> Result<String> {
        ec2::register(&self.attempts, &self.ec2, new, ec2::Mode::Do).await
    }

    async fn amis(&self, query: &AmiQuery) -> Result<Vec<Ami>> {
        ec2::amis(&self.attempts, &self.ec2, query).await
    }

    async fn deregister(&self, ami: &str) -> Result<()> {
        let call = || self.ec2.deregister_image().image_id(ami).send();
        let done = self.attempts.call("DeregisterImage", Class::Write, Budget::USUAL, call).await;
        unless_gone(done.map(drop))
    }

    async fn share_ami(&self, ami: &str, with: &[Sharee]) -> Result<()> {
        ec2::share_ami(&self.attempts, &self.ec2, ami, with).await
    }

    async fn watermark_ami(&self, ami: &str, name: &str) -> Result<()> {
        let call = || self.ec2.attach_image_watermark().image_id(ami).watermark_name(name).send();
        let (class, budget) = (Class::Write, Budget::OF_NEW);
        self.attempts.call("AttachImageWatermark", class, budget, call).await.map(drop)
    }

    async fn deprecate_ami(&self, ami: &str, at: &str) -> Result<()> {
        let at =
            aws_smithy_types::DateTime::from_str(at, aws_smithy_types::date_time::Format::DateTime)
                .map_err(|error| {
                    self.attempts.invalid("EnableImageDeprecation", error.to_string())
                })?;
        let call = || self.ec2.enable_image_deprecation().image_id(ami).deprecate_at(at).send();
        let name = "EnableImageDeprecation";
        self.attempts.call(name, Class::Write, Budget::OF_NEW, call).await.map(drop)
    }

    async fn protect_ami(&self, ami: &str, is_protected: bool) -> Result<()> {
        let (class, budget) = (Class::Write, Budget::OF_NEW);
        if is_protected {
            let call = || self.ec2.enable_image_deregistration_protection().image_id(ami).send();
            let name = "EnableImageDeregistrationProtection";
            self.attempts.call(name, class, budget, call).await.map(drop)
        } else {
            let call = || self.ec2.disable_image_deregistration_protection().image_id(ami).send();
            let name = "DisableImageDeregistrationProtection";
            self.attempts.call(name, class, budget, call).await.map(drop)
        }
    }

    async fn put_parameter(&self, name: &str, value: &str, kind: ParameterKind) -> Result<()> {
        let call = || {
            let call = self.ssm.put_parameter().name(name).value(value).overwrite(true);
            call.r#type(ParameterType::String).data_type(kind.name()).send()
        };
        self.attempts.call("PutParameter", Class::Write, Budget::USUAL, call).await.map(drop)
    }

    async fn delete_parameter(&self, name: &str) -> Result<()> {
        let call = || self.ssm.delete_parameter().name(name).send();
        let done = self.attempts.call("DeleteParameter", Class::Write, Budget::USUAL, call).await;
        unless_gone(done.map(drop))
    }

    async fn parameter(&self, name: &str) -> Result<Option<Parameter>> {
        let call = || self.ssm.get_parameter().name(name).send();
        match self.attempts.call("GetParameter", Class::Read, Budget::USUAL, call).await {
            Ok(answer) => Ok(answer.parameter().map(|found| {
                let kinds = [ParameterKind::Text, ParameterKind::Ami];
                let named = |kind: &ParameterKind| found.data_type() == Some(kind.name());
                let value = found.value().unwrap_or_default().to_owned();
                Parameter { value, kind: kinds.into_iter().find(named) }
            })),
            Err(error) if error.kind == CloudErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn key(from: &aws_sdk_kms::types::KeyMetadata) -> Key {
    let state = from.key_state().map_or("Unknown", KeyState::as_str);
    Key {
        arn: from.arn().unwrap_or_default().to_owned(),
        unusable: (state != KeyState::Enabled.as_str()).then(|| state.to_owned()),
        is_symmetric: from.key_spec() == Some(&KeySpec::SymmetricDefault),
        is_of_aws: from.key_manager() == Some(&KeyManagerType::Aws),
    }
}

/// Makes a deletion succeed if its object is already gone.
fn unless_gone(done: Result<()>) -> Result<()> {
    match done {
        Err(error) if error.kind == CloudErrorKind::NotFound => Ok(()),
        other => other,
    }
}
