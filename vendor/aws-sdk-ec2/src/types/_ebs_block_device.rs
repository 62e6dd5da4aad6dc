#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct EbsBlockDevice {
    pub delete_on_termination: ::std::option::Option<bool>,
    pub iops: ::std::option::Option<i32>,
    pub snapshot_id: ::std::option::Option<::std::string::String>,
    pub volume_size: ::std::option::Option<i32>,
    pub volume_type: ::std::option::Option<crate::types::VolumeType>,
    pub kms_key_id: ::std::option::Option<::std::string::String>,
    pub throughput: ::std::option::Option<i32>,
    pub outpost_arn: ::std::option::Option<::std::string::String>,
    pub availability_zone: ::std::option::Option<::std::string::String>,
    pub encrypted: ::std::option::Option<bool>,
    pub volume_initialization_rate: ::std::option::Option<i32>,
    pub availability_zone_id: ::std::option::Option<::std::string::String>,
    pub ebs_card_index: ::std::option::Option<i32>,
}
impl EbsBlockDevice {
    pub fn delete_on_termination(&self) -> ::std::option::Option<bool> {
        self.delete_on_termination
    }
    pub fn iops(&self) -> ::std::option::Option<i32> {
        self.iops
    }
    pub fn snapshot_id(&self) -> ::std::option::Option<&str> {
        self.snapshot_id.as_deref()
    }
    pub fn volume_size(&self) -> ::std::option::Option<i32> {
        self.volume_size
    }
    pub fn volume_type(&self) -> ::std::option::Option<&crate::types::VolumeType> {
        self.volume_type.as_ref()
    }
    pub fn kms_key_id(&self) -> ::std::option::Option<&str> {
        self.kms_key_id.as_deref()
    }
    pub fn throughput(&self) -> ::std::option::Option<i32> {
        self.throughput
    }
    pub fn outpost_arn(&self) -> ::std::option::Option<&str> {
        self.outpost_arn.as_deref()
    }
    pub fn availability_zone(&self) -> ::std::option::Option<&str> {
        self.availability_zone.as_deref()
    }
    pub fn encrypted(&self) -> ::std::option::Option<bool> {
        self.encrypted
    }
    pub fn volume_initialization_rate(&self) -> ::std::option::Option<i32> {
        self.volume_initialization_rate
    }
    pub fn availability_zone_id(&self) -> ::std::option::Option<&str> {
        self.availability_zone_id.as_deref()
    }
    pub fn ebs_card_index(&self) -> ::std::option::Option<i32> {
        self.ebs_card_index
    }
}
impl EbsBlockDevice {
    pub fn builder() -> crate::types::builders::EbsBlockDeviceBuilder {
        crate::types::builders::EbsBlockDeviceBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct EbsBlockDeviceBuilder {
    pub(crate) delete_on_termination: ::std::option::Option<bool>,
    pub(crate) iops: ::std::option::Option<i32>,
    pub(crate) snapshot_id: ::std::option::Option<::std::string::String>,
    pub(crate) volume_size: ::std::option::Option<i32>,
    pub(crate) volume_type: ::std::option::Option<crate::types::VolumeType>,
    pub(crate) kms_key_id: ::std::option::Option<::std::string::String>,
    pub(crate) throughput: ::std::option::Option<i32>,
    pub(crate) outpost_arn: ::std::option::Option<::std::string::String>,
    pub(crate) availability_zone: ::std::option::Option<::std::string::String>,
    pub(crate) encrypted: ::std::option::Option<bool>,
    pub(crate) volume_initialization_rate: ::std::option::Option<i32>,
    pub(crate) availability_zone_id: ::std::option::Option<::std::string::String>,
    pub(crate) ebs_card_index: ::std::option::Option<i32>,
}
impl EbsBlockDeviceBuilder {
    pub fn delete_on_termination(mut self, input: bool) -> Self {
        self.delete_on_termination = ::std::option::Option::Some(input);
        self
    }
    pub fn set_delete_on_termination(mut self, input: ::std::option::Option<bool>) -> Self {
        self.delete_on_termination = input;
        self
    }
    pub fn get_delete_on_termination(&self) -> &::std::option::Option<bool> {
        &self.delete_on_termination
    }
    pub fn iops(mut self, input: i32) -> Self {
        self.iops = ::std::option::Option::Some(input);
        self
    }
    pub fn set_iops(mut self, input: ::std::option::Option<i32>) -> Self {
        self.iops = input;
        self
    }
    pub fn get_iops(&self) -> &::std::option::Option<i32> {
        &self.iops
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
    pub fn volume_type(mut self, input: crate::types::VolumeType) -> Self {
        self.volume_type = ::std::option::Option::Some(input);
        self
    }
    pub fn set_volume_type(mut self, input: ::std::option::Option<crate::types::VolumeType>) -> Self {
        self.volume_type = input;
        self
    }
    pub fn get_volume_type(&self) -> &::std::option::Option<crate::types::VolumeType> {
        &self.volume_type
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
    pub fn throughput(mut self, input: i32) -> Self {
        self.throughput = ::std::option::Option::Some(input);
        self
    }
    pub fn set_throughput(mut self, input: ::std::option::Option<i32>) -> Self {
        self.throughput = input;
        self
    }
    pub fn get_throughput(&self) -> &::std::option::Option<i32> {
        &self.throughput
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
    pub fn volume_initialization_rate(mut self, input: i32) -> Self {
        self.volume_initialization_rate = ::std::option::Option::Some(input);
        self
    }
    pub fn set_volume_initialization_rate(mut self, input: ::std::option::Option<i32>) -> Self {
        self.volume_initialization_rate = input;
        self
    }
    pub fn get_volume_initialization_rate(&self) -> &::std::option::Option<i32> {
        &self.volume_initialization_rate
    }
    pub fn availability_zone_id(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.availability_zone_id = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_availability_zone_id(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.availability_zone_id = input;
        self
    }
    pub fn get_availability_zone_id(&self) -> &::std::option::Option<::std::string::String> {
        &self.availability_zone_id
    }
    pub fn ebs_card_index(mut self, input: i32) -> Self {
        self.ebs_card_index = ::std::option::Option::Some(input);
        self
    }
    pub fn set_ebs_card_index(mut self, input: ::std::option::Option<i32>) -> Self {
        self.ebs_card_index = input;
        self
    }
    pub fn get_ebs_card_index(&self) -> &::std::option::Option<i32> {
        &self.ebs_card_index
    }
    pub fn build(self) -> crate::types::EbsBlockDevice {
        crate::types::EbsBlockDevice {
            delete_on_termination: self.delete_on_termination,
            iops: self.iops,
            snapshot_id: self.snapshot_id,
            volume_size: self.volume_size,
            volume_type: self.volume_type,
            kms_key_id: self.kms_key_id,
            throughput: self.throughput,
            outpost_arn: self.outpost_arn,
            availability_zone: self.availability_zone,
            encrypted: self.encrypted,
            volume_initialization_rate: self.volume_initialization_rate,
            availability_zone_id: self.availability_zone_id,
            ebs_card_index: self.ebs_card_index,
        }
    }
}
