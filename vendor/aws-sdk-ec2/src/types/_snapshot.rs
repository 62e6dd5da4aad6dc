#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct Snapshot {
    pub owner_alias: ::std::option::Option<::std::string::String>,
    pub outpost_arn: ::std::option::Option<::std::string::String>,
    pub tags: ::std::option::Option<::std::vec::Vec<crate::types::Tag>>,
    pub storage_tier: ::std::option::Option<crate::types::StorageTier>,
    pub restore_expiry_time: ::std::option::Option<::aws_smithy_types::DateTime>,
    pub sse_type: ::std::option::Option<crate::types::SseType>,
    pub availability_zone: ::std::option::Option<::std::string::String>,
    pub transfer_type: ::std::option::Option<crate::types::TransferType>,
    pub completion_duration_minutes: ::std::option::Option<i32>,
    pub completion_time: ::std::option::Option<::aws_smithy_types::DateTime>,
    pub full_snapshot_size_in_bytes: ::std::option::Option<i64>,
    pub snapshot_id: ::std::option::Option<::std::string::String>,
    pub volume_id: ::std::option::Option<::std::string::String>,
    pub state: ::std::option::Option<crate::types::SnapshotState>,
    pub state_message: ::std::option::Option<::std::string::String>,
    pub start_time: ::std::option::Option<::aws_smithy_types::DateTime>,
    pub progress: ::std::option::Option<::std::string::String>,
    pub owner_id: ::std::option::Option<::std::string::String>,
    pub description: ::std::option::Option<::std::string::String>,
    pub volume_size: ::std::option::Option<i32>,
    pub encrypted: ::std::option::Option<bool>,
    pub kms_key_id: ::std::option::Option<::std::string::String>,
    pub data_encryption_key_id: ::std::option::Option<::std::string::String>,
}
impl Snapshot {
    pub fn owner_alias(&self) -> ::std::option::Option<&str> {
        self.owner_alias.as_deref()
    }
    pub fn outpost_arn(&self) -> ::std::option::Option<&str> {
        self.outpost_arn.as_deref()
    }
    pub fn tags(&self) -> &[crate::types::Tag] {
        self.tags.as_deref().unwrap_or_default()
    }
    pub fn storage_tier(&self) -> ::std::option::Option<&crate::types::StorageTier> {
        self.storage_tier.as_ref()
    }
    pub fn restore_expiry_time(&self) -> ::std::option::Option<&::aws_smithy_types::DateTime> {
        self.restore_expiry_time.as_ref()
    }
    pub fn sse_type(&self) -> ::std::option::Option<&crate::types::SseType> {
        self.sse_type.as_ref()
    }
    pub fn availability_zone(&self) -> ::std::option::Option<&str> {
        self.availability_zone.as_deref()
    }
    pub fn transfer_type(&self) -> ::std::option::Option<&crate::types::TransferType> {
        self.transfer_type.as_ref()
    }
    pub fn completion_duration_minutes(&self) -> ::std::option::Option<i32> {
        self.completion_duration_minutes
    }
    pub fn completion_time(&self) -> ::std::option::Option<&::aws_smithy_types::DateTime> {
        self.completion_time.as_ref()
    }
    pub fn full_snapshot_size_in_bytes(&self) -> ::std::option::Option<i64> {
        self.full_snapshot_size_in_bytes
    }
    pub fn snapshot_id(&self) -> ::std::option::Option<&str> {
        self.snapshot_id.as_deref()
    }
    pub fn volume_id(&self) -> ::std::option::Option<&str> {
        self.volume_id.as_deref()
    }
    pub fn state(&self) -> ::std::option::Option<&crate::types::SnapshotState> {
        self.state.as_ref()
    }
    pub fn state_message(&self) -> ::std::option::Option<&str> {
        self.state_message.as_deref()
    }
    pub fn start_time(&self) -> ::std::option::Option<&::aws_smithy_types::DateTime> {
        self.start_time.as_ref()
    }
    pub fn progress(&self) -> ::std::option::Option<&str> {
        self.progress.as_deref()
    }
    pub fn owner_id(&self) -> ::std::option::Option<&str> {
        self.owner_id.as_deref()
    }
    pub fn description(&self) -> ::std::option::Option<&str> {
        self.description.as_deref()
    }
    pub fn volume_size(&self) -> ::std::option::Option<i32> {
        self.volume_size
    }
    pub fn encrypted(&self) -> ::std::option::Option<bool> {
        self.encrypted
    }
    pub fn kms_key_id(&self) -> ::std::option::Option<&str> {
        self.kms_key_id.as_deref()
    }
    pub fn data_encryption_key_id(&self) -> ::std::option::Option<&str> {
        self.data_encryption_key_id.as_deref()
    }
}
impl Snapshot {
    pub fn builder() -> crate::types::builders::SnapshotBuilder {
        crate::types::builders::SnapshotBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct SnapshotBuilder {
    pub(crate) owner_alias: ::std::option::Option<::std::string::String>,
    pub(crate) outpost_arn: ::std::option::Option<::std::string::String>,
    pub(crate) tags: ::std::option::Option<::std::vec::Vec<crate::types::Tag>>,
    pub(crate) storage_tier: ::std::option::Option<crate::types::StorageTier>,
    pub(crate) restore_expiry_time: ::std::option::Option<::aws_smithy_types::DateTime>,
    pub(crate) sse_type: ::std::option::Option<crate::types::SseType>,
    pub(crate) availability_zone: ::std::option::Option<::std::string::String>,
    pub(crate) transfer_type: ::std::option::Option<crate::types::TransferType>,
    pub(crate) completion_duration_minutes: ::std::option::Option<i32>,
    pub(crate) completion_time: ::std::option::Option<::aws_smithy_types::DateTime>,
    pub(crate) full_snapshot_size_in_bytes: ::std::option::Option<i64>,
    pub(crate) snapshot_id: ::std::option::Option<::std::string::String>,
    pub(crate) volume_id: ::std::option::Option<::std::string::String>,
    pub(crate) state: ::std::option::Option<crate::types::SnapshotState>,
    pub(crate) state_message: ::std::option::Option<::std::string::String>,
    pub(crate) start_time: ::std::option::Option<::aws_smithy_types::DateTime>,
    pub(crate) progress: ::std::option::Option<::std::string::String>,
    pub(crate) owner_id: ::std::option::Option<::std::string::String>,
    pub(crate) description: ::std::option::Option<::std::string::String>,
    pub(crate) volume_size: ::std::option::Option<i32>,
    pub(crate) encrypted: ::std::option::Option<bool>,
    pub(crate) kms_key_id: ::std::option::Option<::std::string::String>,
    pub(crate) data_encryption_key_id: ::std::option::Option<::std::string::String>,
}
impl SnapshotBuilder {
    pub fn owner_alias(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.owner_alias = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_owner_alias(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.owner_alias = input;
        self
    }
    pub fn get_owner_alias(&self) -> &::std::option::Option<::std::string::String> {
        &self.owner_alias
    }
    pub fn outpost_arn(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.outpost_arn = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_outpost_arn(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.outpost_arn = input;
        self
    }
    pub fn get_outpost_arn(&self) -> &::std::option::Option<::std::string::String> {
        &self.outpost_arn
    }
    pub fn tags(mut self, input: crate::types::Tag) -> Self {
        let mut v = self.tags.unwrap_or_default();
        v.push(input);
        self.tags = ::std::option::Option::Some(v);
        self
    }
    pub fn set_tags(mut self, input: ::std::option::Option<::std::vec::Vec<crate::types::Tag>>) -> Self {
        self.tags = input;
        self
    }
    pub fn get_tags(&self) -> &::std::option::Option<::std::vec::Vec<crate::types::Tag>> {
        &self.tags
    }
    pub fn storage_tier(mut self, input: crate::types::StorageTier) -> Self {
        self.storage_tier = ::std::option::Option::Some(input);
        self
    }
    pub fn set_storage_tier(mut self, input: ::std::option::Option<crate::types::StorageTier>) -> Self {
        self.storage_tier = input;
        self
    }
    pub fn get_storage_tier(&self) -> &::std::option::Option<crate::types::StorageTier> {
        &self.storage_tier
    }
    pub fn restore_expiry_time(mut self, input: ::aws_smithy_types::DateTime) -> Self {
        self.restore_expiry_time = ::std::option::Option::Some(input);
        self
    }
    pub fn set_restore_expiry_time(mut self, input: ::std::option::Option<::aws_smithy_types::DateTime>) -> Self {
        self.restore_expiry_time = input;
        self
    }
    pub fn get_restore_expiry_time(&self) -> &::std::option::Option<::aws_smithy_types::DateTime> {
        &self.restore_expiry_time
    }
    pub fn sse_type(mut self, input: crate::types::SseType) -> Self {
        self.sse_type = ::std::option::Option::Some(input);
        self
    }
    pub fn set_sse_type(mut self, input: ::std::option::Option<crate::types::SseType>) -> Self {
        self.sse_type = input;
        self
    }
    pub fn get_sse_type(&self) -> &::std::option::Option<crate::types::SseType> {
        &self.sse_type
    }
    pub fn availability_zone(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.availability_zone = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_availability_zone(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.availability_zone = input;
        self
    }
    pub fn get_availability_zone(&self) -> &::std::option::Option<::std::string::String> {
        &self.availability_zone
    }
    pub fn transfer_type(mut self, input: crate::types::TransferType) -> Self {
        self.transfer_type = ::std::option::Option::Some(input);
        self
    }
    pub fn set_transfer_type(mut self, input: ::std::option::Option<crate::types::TransferType>) -> Self {
        self.transfer_type = input;
        self
    }
    pub fn get_transfer_type(&self) -> &::std::option::Option<crate::types::TransferType> {
        &self.transfer_type
    }
    pub fn completion_duration_minutes(mut self, input: i32) -> Self {
        self.completion_duration_minutes = ::std::option::Option::Some(input);
        self
    }
    pub fn set_completion_duration_minutes(mut self, input: ::std::option::Option<i32>) -> Self {
        self.completion_duration_minutes = input;
        self
    }
    pub fn get_completion_duration_minutes(&self) -> &::std::option::Option<i32> {
        &self.completion_duration_minutes
    }
    pub fn completion_time(mut self, input: ::aws_smithy_types::DateTime) -> Self {
        self.completion_time = ::std::option::Option::Some(input);
        self
    }
    pub fn set_completion_time(mut self, input: ::std::option::Option<::aws_smithy_types::DateTime>) -> Self {
        self.completion_time = input;
        self
    }
    pub fn get_completion_time(&self) -> &::std::option::Option<::aws_smithy_types::DateTime> {
        &self.completion_time
    }
    pub fn full_snapshot_size_in_bytes(mut self, input: i64) -> Self {
        self.full_snapshot_size_in_bytes = ::std::option::Option::Some(input);
        self
    }
    pub fn set_full_snapshot_size_in_bytes(mut self, input: ::std::option::Option<i64>) -> Self {
        self.full_snapshot_size_in_bytes = input;
        self
    }
    pub fn get_full_snapshot_size_in_bytes(&self) -> &::std::option::Option<i64> {
        &self.full_snapshot_size_in_bytes
    }
    pub fn snapshot_id(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.snapshot_id = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_snapshot_id(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.snapshot_id = input;
        self
    }
    pub fn get_snapshot_id(&self) -> &::std::option::Option<::std::string::String> {
        &self.snapshot_id
    }
    pub fn volume_id(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.volume_id = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_volume_id(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.volume_id = input;
        self
    }
    pub fn get_volume_id(&self) -> &::std::option::Option<::std::string::String> {
        &self.volume_id
    }
    pub fn state(mut self, input: crate::types::SnapshotState) -> Self {
        self.state = ::std::option::Option::Some(input);
        self
    }
    pub fn set_state(mut self, input: ::std::option::Option<crate::types::SnapshotState>) -> Self {
        self.state = input;
        self
    }
    pub fn get_state(&self) -> &::std::option::Option<crate::types::SnapshotState> {
        &self.state
    }
    pub fn state_message(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.state_message = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_state_message(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.state_message = input;
        self
    }
    pub fn get_state_message(&self) -> &::std::option::Option<::std::string::String> {
        &self.state_message
    }
    pub fn start_time(mut self, input: ::aws_smithy_types::DateTime) -> Self {
        self.start_time = ::std::option::Option::Some(input);
        self
    }
    pub fn set_start_time(mut self, input: ::std::option::Option<::aws_smithy_types::DateTime>) -> Self {
        self.start_time = input;
        self
    }
    pub fn get_start_time(&self) -> &::std::option::Option<::aws_smithy_types::DateTime> {
        &self.start_time
    }
    pub fn progress(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.progress = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_progress(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.progress = input;
        self
    }
    pub fn get_progress(&self) -> &::std::option::Option<::std::string::String> {
        &self.progress
    }
    pub fn owner_id(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.owner_id = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_owner_id(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.owner_id = input;
        self
    }
    pub fn get_owner_id(&self) -> &::std::option::Option<::std::string::String> {
        &self.owner_id
    }
    pub fn description(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.description = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_description(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.description = input;
        self
    }
    pub fn get_description(&self) -> &::std::option::Option<::std::string::String> {
        &self.description
    }
    pub fn volume_size(mut self, input: i32) -> Self {
        self.volume_size = ::std::option::Option::Some(input);
        self
    }
    pub fn set_volume_size(mut self, input: ::std::option::Option<i32>) -> Self {
        self.volume_size = input;
        self
    }
    pub fn get_volume_size(&self) -> &::std::option::Option<i32> {
        &self.volume_size
    }
    pub fn encrypted(mut self, input: bool) -> Self {
        self.encrypted = ::std::option::Option::Some(input);
        self
    }
    pub fn set_encrypted(mut self, input: ::std::option::Option<bool>) -> Self {
        self.encrypted = input;
        self
    }
    pub fn get_encrypted(&self) -> &::std::option::Option<bool> {
        &self.encrypted
    }
    pub fn kms_key_id(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.kms_key_id = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_kms_key_id(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.kms_key_id = input;
        self
    }
    pub fn get_kms_key_id(&self) -> &::std::option::Option<::std::string::String> {
        &self.kms_key_id
    }
    pub fn data_encryption_key_id(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.data_encryption_key_id = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_data_encryption_key_id(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.data_encryption_key_id = input;
        self
    }
    pub fn get_data_encryption_key_id(&self) -> &::std::option::Option<::std::string::String> {
        &self.data_encryption_key_id
    }
    pub fn build(self) -> crate::types::Snapshot {
        crate::types::Snapshot {
            owner_alias: self.owner_alias,
            outpost_arn: self.outpost_arn,
            tags: self.tags,
            storage_tier: self.storage_tier,
            restore_expiry_time: self.restore_expiry_time,
            sse_type: self.sse_type,
            availability_zone: self.availability_zone,
            transfer_type: self.transfer_type,
            completion_duration_minutes: self.completion_duration_minutes,
            completion_time: self.completion_time,
            full_snapshot_size_in_bytes: self.full_snapshot_size_in_bytes,
            snapshot_id: self.snapshot_id,
            volume_id: self.volume_id,
            state: self.state,
            state_message: self.state_message,
            start_time: self.start_time,
            progress: self.progress,
            owner_id: self.owner_id,
            description: self.description,
            volume_size: self.volume_size,
            encrypted: self.encrypted,
            kms_key_id: self.kms_key_id,
            data_encryption_key_id: self.data_encryption_key_id,
        }
    }
}
