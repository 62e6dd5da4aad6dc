#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct Image {
    pub platform_details: ::std::option::Option<::std::string::String>,
    pub usage_operation: ::std::option::Option<::std::string::String>,
    pub block_device_mappings: ::std::option::Option<::std::vec::Vec<crate::types::BlockDeviceMapping>>,
    pub description: ::std::option::Option<::std::string::String>,
    pub ena_support: ::std::option::Option<bool>,
    pub hypervisor: ::std::option::Option<crate::types::HypervisorType>,
    pub image_owner_alias: ::std::option::Option<::std::string::String>,
    pub name: ::std::option::Option<::std::string::String>,
    pub root_device_name: ::std::option::Option<::std::string::String>,
    pub root_device_type: ::std::option::Option<crate::types::DeviceType>,
    pub sriov_net_support: ::std::option::Option<::std::string::String>,
    pub state_reason: ::std::option::Option<crate::types::StateReason>,
    pub tags: ::std::option::Option<::std::vec::Vec<crate::types::Tag>>,
    pub virtualization_type: ::std::option::Option<crate::types::VirtualizationType>,
    pub boot_mode: ::std::option::Option<crate::types::BootModeValues>,
    pub tpm_support: ::std::option::Option<crate::types::TpmSupportValues>,
    pub deprecation_time: ::std::option::Option<::std::string::String>,
    pub imds_support: ::std::option::Option<crate::types::ImdsSupportValues>,
    pub source_instance_id: ::std::option::Option<::std::string::String>,
    pub deregistration_protection: ::std::option::Option<::std::string::String>,
    pub last_launched_time: ::std::option::Option<::std::string::String>,
    pub image_allowed: ::std::option::Option<bool>,
    pub source_image_id: ::std::option::Option<::std::string::String>,
    pub source_image_region: ::std::option::Option<::std::string::String>,
    pub free_tier_eligible: ::std::option::Option<bool>,
    pub public_ssm_parameter_name: ::std::option::Option<::std::string::String>,
    pub image_watermarks: ::std::option::Option<::std::vec::Vec<crate::types::ImageWatermark>>,
    pub scan_results: ::std::option::Option<crate::types::ScanResults>,
    pub instance_type_specification: ::std::option::Option<crate::types::InstanceTypeSpecification>,
    pub image_id: ::std::option::Option<::std::string::String>,
    pub image_location: ::std::option::Option<::std::string::String>,
    pub state: ::std::option::Option<crate::types::ImageState>,
    pub owner_id: ::std::option::Option<::std::string::String>,
    pub creation_date: ::std::option::Option<::std::string::String>,
    pub public: ::std::option::Option<bool>,
    pub product_codes: ::std::option::Option<::std::vec::Vec<crate::types::ProductCode>>,
    pub architecture: ::std::option::Option<crate::types::ArchitectureValues>,
    pub image_type: ::std::option::Option<crate::types::ImageTypeValues>,
    pub kernel_id: ::std::option::Option<::std::string::String>,
    pub ramdisk_id: ::std::option::Option<::std::string::String>,
    pub platform: ::std::option::Option<crate::types::PlatformValues>,
}
impl Image {
    pub fn platform_details(&self) -> ::std::option::Option<&str> {
        self.platform_details.as_deref()
    }
    pub fn usage_operation(&self) -> ::std::option::Option<&str> {
        self.usage_operation.as_deref()
    }
    pub fn block_device_mappings(&self) -> &[crate::types::BlockDeviceMapping] {
        self.block_device_mappings.as_deref().unwrap_or_default()
    }
    pub fn description(&self) -> ::std::option::Option<&str> {
        self.description.as_deref()
    }
    pub fn ena_support(&self) -> ::std::option::Option<bool> {
        self.ena_support
    }
    pub fn hypervisor(&self) -> ::std::option::Option<&crate::types::HypervisorType> {
        self.hypervisor.as_ref()
    }
    pub fn image_owner_alias(&self) -> ::std::option::Option<&str> {
        self.image_owner_alias.as_deref()
    }
    pub fn name(&self) -> ::std::option::Option<&str> {
        self.name.as_deref()
    }
    pub fn root_device_name(&self) -> ::std::option::Option<&str> {
        self.root_device_name.as_deref()
    }
    pub fn root_device_type(&self) -> ::std::option::Option<&crate::types::DeviceType> {
        self.root_device_type.as_ref()
    }
    pub fn sriov_net_support(&self) -> ::std::option::Option<&str> {
        self.sriov_net_support.as_deref()
    }
    pub fn state_reason(&self) -> ::std::option::Option<&crate::types::StateReason> {
        self.state_reason.as_ref()
    }
    pub fn tags(&self) -> &[crate::types::Tag] {
        self.tags.as_deref().unwrap_or_default()
    }
    pub fn virtualization_type(&self) -> ::std::option::Option<&crate::types::VirtualizationType> {
        self.virtualization_type.as_ref()
    }
    pub fn boot_mode(&self) -> ::std::option::Option<&crate::types::BootModeValues> {
        self.boot_mode.as_ref()
    }
    pub fn tpm_support(&self) -> ::std::option::Option<&crate::types::TpmSupportValues> {
        self.tpm_support.as_ref()
    }
    pub fn deprecation_time(&self) -> ::std::option::Option<&str> {
        self.deprecation_time.as_deref()
    }
    pub fn imds_support(&self) -> ::std::option::Option<&crate::types::ImdsSupportValues> {
        self.imds_support.as_ref()
    }
    pub fn source_instance_id(&self) -> ::std::option::Option<&str> {
        self.source_instance_id.as_deref()
    }
    pub fn deregistration_protection(&self) -> ::std::option::Option<&str> {
        self.deregistration_protection.as_deref()
    }
    pub fn last_launched_time(&self) -> ::std::option::Option<&str> {
        self.last_launched_time.as_deref()
    }
    pub fn image_allowed(&self) -> ::std::option::Option<bool> {
        self.image_allowed
    }
    pub fn source_image_id(&self) -> ::std::option::Option<&str> {
        self.source_image_id.as_deref()
    }
    pub fn source_image_region(&self) -> ::std::option::Option<&str> {
        self.source_image_region.as_deref()
    }
    pub fn free_tier_eligible(&self) -> ::std::option::Option<bool> {
        self.free_tier_eligible
    }
    pub fn public_ssm_parameter_name(&self) -> ::std::option::Option<&str> {
        self.public_ssm_parameter_name.as_deref()
    }
    pub fn image_watermarks(&self) -> &[crate::types::ImageWatermark] {
        self.image_watermarks.as_deref().unwrap_or_default()
    }
    pub fn scan_results(&self) -> ::std::option::Option<&crate::types::ScanResults> {
        self.scan_results.as_ref()
    }
    pub fn instance_type_specification(&self) -> ::std::option::Option<&crate::types::InstanceTypeSpecification> {
        self.instance_type_specification.as_ref()
    }
    pub fn image_id(&self) -> ::std::option::Option<&str> {
        self.image_id.as_deref()
    }
    pub fn image_location(&self) -> ::std::option::Option<&str> {
        self.image_location.as_deref()
    }
    pub fn state(&self) -> ::std::option::Option<&crate::types::ImageState> {
        self.state.as_ref()
    }
    pub fn owner_id(&self) -> ::std::option::Option<&str> {
        self.owner_id.as_deref()
    }
    pub fn creation_date(&self) -> ::std::option::Option<&str> {
        self.creation_date.as_deref()
    }
    pub fn public(&self) -> ::std::option::Option<bool> {
        self.public
    }
    pub fn product_codes(&self) -> &[crate::types::ProductCode] {
        self.product_codes.as_deref().unwrap_or_default()
    }
    pub fn architecture(&self) -> ::std::option::Option<&crate::types::ArchitectureValues> {
        self.architecture.as_ref()
    }
    pub fn image_type(&self) -> ::std::option::Option<&crate::types::ImageTypeValues> {
        self.image_type.as_ref()
    }
    pub fn kernel_id(&self) -> ::std::option::Option<&str> {
        self.kernel_id.as_deref()
    }
    pub fn ramdisk_id(&self) -> ::std::option::Option<&str> {
        self.ramdisk_id.as_deref()
    }
    pub fn platform(&self) -> ::std::option::Option<&crate::types::PlatformValues> {
        self.platform.as_ref()
    }
}
impl Image {
    pub fn builder() -> crate::types::builders::ImageBuilder {
        crate::types::builders::ImageBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct ImageBuilder {
    pub(crate) platform_details: ::std::option::Option<::std::string::String>,
    pub(crate) usage_operation: ::std::option::Option<::std::string::String>,
    pub(crate) block_device_mappings: ::std::option::Option<::std::vec::Vec<crate::types::BlockDeviceMapping>>,
    pub(crate) description: ::std::option::Option<::std::string::String>,
    pub(crate) ena_support: ::std::option::Option<bool>,
    pub(crate) hypervisor: ::std::option::Option<crate::types::HypervisorType>,
    pub(crate) image_owner_alias: ::std::option::Option<::std::string::String>,
    pub(crate) name: ::std::option::Option<::std::string::String>,
    pub(crate) root_device_name: ::std::option::Option<::std::string::String>,
    pub(crate) root_device_type: ::std::option::Option<crate::types::DeviceType>,
    pub(crate) sriov_net_support: ::std::option::Option<::std::string::String>,
    pub(crate) state_reason: ::std::option::Option<crate::types::StateReason>,
    pub(crate) tags: ::std::option::Option<::std::vec::Vec<crate::types::Tag>>,
    pub(crate) virtualization_type: ::std::option::Option<crate::types::VirtualizationType>,
    pub(crate) boot_mode: ::std::option::Option<crate::types::BootModeValues>,
    pub(crate) tpm_support: ::std::option::Option<crate::types::TpmSupportValues>,
    pub(crate) deprecation_time: ::std::option::Option<::std::string::String>,
    pub(crate) imds_support: ::std::option::Option<crate::types::ImdsSupportValues>,
    pub(crate) source_instance_id: ::std::option::Option<::std::string::String>,
    pub(crate) deregistration_protection: ::std::option::Option<::std::string::String>,
    pub(crate) last_launched_time: ::std::option::Option<::std::string::String>,
    pub(crate) image_allowed: ::std::option::Option<bool>,
    pub(crate) source_image_id: ::std::option::Option<::std::string::String>,
    pub(crate) source_image_region: ::std::option::Option<::std::string::String>,
    pub(crate) free_tier_eligible: ::std::option::Option<bool>,
    pub(crate) public_ssm_parameter_name: ::std::option::Option<::std::string::String>,
    pub(crate) image_watermarks: ::std::option::Option<::std::vec::Vec<crate::types::ImageWatermark>>,
    pub(crate) scan_results: ::std::option::Option<crate::types::ScanResults>,
    pub(crate) instance_type_specification: ::std::option::Option<crate::types::InstanceTypeSpecification>,
    pub(crate) image_id: ::std::option::Option<::std::string::String>,
    pub(crate) image_location: ::std::option::Option<::std::string::String>,
    pub(crate) state: ::std::option::Option<crate::types::ImageState>,
    pub(crate) owner_id: ::std::option::Option<::std::string::String>,
    pub(crate) creation_date: ::std::option::Option<::std::string::String>,
    pub(crate) public: ::std::option::Option<bool>,
    pub(crate) product_codes: ::std::option::Option<::std::vec::Vec<crate::types::ProductCode>>,
    pub(crate) architecture: ::std::option::Option<crate::types::ArchitectureValues>,
    pub(crate) image_type: ::std::option::Option<crate::types::ImageTypeValues>,
    pub(crate) kernel_id: ::std::option::Option<::std::string::String>,
    pub(crate) ramdisk_id: ::std::option::Option<::std::string::String>,
    pub(crate) platform: ::std::option::Option<crate::types::PlatformValues>,
}
impl ImageBuilder {
    pub fn platform_details(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.platform_details = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_platform_details(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.platform_details = input;
        self
    }
    pub fn get_platform_details(&self) -> &::std::option::Option<::std::string::String> {
        &self.platform_details
    }
    pub fn usage_operation(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.usage_operation = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_usage_operation(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.usage_operation = input;
        self
    }
    pub fn get_usage_operation(&self) -> &::std::option::Option<::std::string::String> {
        &self.usage_operation
    }
    pub fn block_device_mappings(mut self, input: crate::types::BlockDeviceMapping) -> Self {
        let mut v = self.block_device_mappings.unwrap_or_default();
        v.push(input);
        self.block_device_mappings = ::std::option::Option::Some(v);
        self
    }
    pub fn set_block_device_mappings(mut self, input: ::std::option::Option<::std::vec::Vec<crate::types::BlockDeviceMapping>>) -> Self {
        self.block_device_mappings = input;
        self
    }
    pub fn get_block_device_mappings(&self) -> &::std::option::Option<::std::vec::Vec<crate::types::BlockDeviceMapping>> {
        &self.block_device_mappings
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
    pub fn ena_support(mut self, input: bool) -> Self {
        self.ena_support = ::std::option::Option::Some(input);
        self
    }
    pub fn set_ena_support(mut self, input: ::std::option::Option<bool>) -> Self {
        self.ena_support = input;
        self
    }
    pub fn get_ena_support(&self) -> &::std::option::Option<bool> {
        &self.ena_support
    }
    pub fn hypervisor(mut self, input: crate::types::HypervisorType) -> Self {
        self.hypervisor = ::std::option::Option::Some(input);
        self
    }
    pub fn set_hypervisor(mut self, input: ::std::option::Option<crate::types::HypervisorType>) -> Self {
        self.hypervisor = input;
        self
    }
    pub fn get_hypervisor(&self) -> &::std::option::Option<crate::types::HypervisorType> {
        &self.hypervisor
    }
    pub fn image_owner_alias(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.image_owner_alias = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_image_owner_alias(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.image_owner_alias = input;
        self
    }
    pub fn get_image_owner_alias(&self) -> &::std::option::Option<::std::string::String> {
        &self.image_owner_alias
    }
    pub fn name(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.name = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_name(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.name = input;
        self
    }
    pub fn get_name(&self) -> &::std::option::Option<::std::string::String> {
        &self.name
    }
    pub fn root_device_name(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.root_device_name = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_root_device_name(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.root_device_name = input;
        self
    }
    pub fn get_root_device_name(&self) -> &::std::option::Option<::std::string::String> {
        &self.root_device_name
    }
    pub fn root_device_type(mut self, input: crate::types::DeviceType) -> Self {
        self.root_device_type = ::std::option::Option::Some(input);
        self
    }
    pub fn set_root_device_type(mut self, input: ::std::option::Option<crate::types::DeviceType>) -> Self {
        self.root_device_type = input;
        self
    }
    pub fn get_root_device_type(&self) -> &::std::option::Option<crate::types::DeviceType> {
        &self.root_device_type
    }
    pub fn sriov_net_support(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.sriov_net_support = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_sriov_net_support(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.sriov_net_support = input;
        self
    }
    pub fn get_sriov_net_support(&self) -> &::std::option::Option<::std::string::String> {
        &self.sriov_net_support
    }
    pub fn state_reason(mut self, input: crate::types::StateReason) -> Self {
        self.state_reason = ::std::option::Option::Some(input);
        self
    }
    pub fn set_state_reason(mut self, input: ::std::option::Option<crate::types::StateReason>) -> Self {
        self.state_reason = input;
        self
    }
    pub fn get_state_reason(&self) -> &::std::option::Option<crate::types::StateReason> {
        &self.state_reason
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
    pub fn virtualization_type(mut self, input: crate::types::VirtualizationType) -> Self {
        self.virtualization_type = ::std::option::Option::Some(input);
        self
    }
    pub fn set_virtualization_type(mut self, input: ::std::option::Option<crate::types::VirtualizationType>) -> Self {
        self.virtualization_type = input;
        self
    }
    pub fn get_virtualization_type(&self) -> &::std::option::Option<crate::types::VirtualizationType> {
        &self.virtualization_type
    }
    pub fn boot_mode(mut self, input: crate::types::BootModeValues) -> Self {
        self.boot_mode = ::std::option::Option::Some(input);
        self
    }
    pub fn set_boot_mode(mut self, input: ::std::option::Option<crate::types::BootModeValues>) -> Self {
        self.boot_mode = input;
        self
    }
    pub fn get_boot_mode(&self) -> &::std::option::Option<crate::types::BootModeValues> {
        &self.boot_mode
    }
    pub fn tpm_support(mut self, input: crate::types::TpmSupportValues) -> Self {
        self.tpm_support = ::std::option::Option::Some(input);
        self
    }
    pub fn set_tpm_support(mut self, input: ::std::option::Option<crate::types::TpmSupportValues>) -> Self {
        self.tpm_support = input;
        self
    }
    pub fn get_tpm_support(&self) -> &::std::option::Option<crate::types::TpmSupportValues> {
        &self.tpm_support
    }
    pub fn deprecation_time(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.deprecation_time = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_deprecation_time(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.deprecation_time = input;
        self
    }
    pub fn get_deprecation_time(&self) -> &::std::option::Option<::std::string::String> {
        &self.deprecation_time
    }
    pub fn imds_support(mut self, input: crate::types::ImdsSupportValues) -> Self {
        self.imds_support = ::std::option::Option::Some(input);
        self
    }
    pub fn set_imds_support(mut self, input: ::std::option::Option<crate::types::ImdsSupportValues>) -> Self {
        self.imds_support = input;
        self
    }
    pub fn get_imds_support(&self) -> &::std::option::Option<crate::types::ImdsSupportValues> {
        &self.imds_support
    }
    pub fn source_instance_id(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.source_instance_id = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_source_instance_id(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.source_instance_id = input;
        self
    }
    pub fn get_source_instance_id(&self) -> &::std::option::Option<::std::string::String> {
        &self.source_instance_id
    }
    pub fn deregistration_protection(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.deregistration_protection = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_deregistration_protection(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.deregistration_protection = input;
        self
    }
    pub fn get_deregistration_protection(&self) -> &::std::option::Option<::std::string::String> {
        &self.deregistration_protection
    }
    pub fn last_launched_time(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.last_launched_time = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_last_launched_time(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.last_launched_time = input;
        self
    }
    pub fn get_last_launched_time(&self) -> &::std::option::Option<::std::string::String> {
        &self.last_launched_time
    }
    pub fn image_allowed(mut self, input: bool) -> Self {
        self.image_allowed = ::std::option::Option::Some(input);
        self
    }
    pub fn set_image_allowed(mut self, input: ::std::option::Option<bool>) -> Self {
        self.image_allowed = input;
        self
    }
    pub fn get_image_allowed(&self) -> &::std::option::Option<bool> {
        &self.image_allowed
    }
    pub fn source_image_id(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.source_image_id = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_source_image_id(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.source_image_id = input;
        self
    }
    pub fn get_source_image_id(&self) -> &::std::option::Option<::std::string::String> {
        &self.source_image_id
    }
    pub fn source_image_region(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.source_image_region = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_source_image_region(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.source_image_region = input;
        self
    }
    pub fn get_source_image_region(&self) -> &::std::option::Option<::std::string::String> {
        &self.source_image_region
    }
    pub fn free_tier_eligible(mut self, input: bool) -> Self {
        self.free_tier_eligible = ::std::option::Option::Some(input);
        self
    }
    pub fn set_free_tier_eligible(mut self, input: ::std::option::Option<bool>) -> Self {
        self.free_tier_eligible = input;
        self
    }
    pub fn get_free_tier_eligible(&self) -> &::std::option::Option<bool> {
        &self.free_tier_eligible
    }
    pub fn public_ssm_parameter_name(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.public_ssm_parameter_name = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_public_ssm_parameter_name(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.public_ssm_parameter_name = input;
        self
    }
    pub fn get_public_ssm_parameter_name(&self) -> &::std::option::Option<::std::string::String> {
        &self.public_ssm_parameter_name
    }
    pub fn image_watermarks(mut self, input: crate::types::ImageWatermark) -> Self {
        let mut v = self.image_watermarks.unwrap_or_default();
        v.push(input);
        self.image_watermarks = ::std::option::Option::Some(v);
        self
    }
    pub fn set_image_watermarks(mut self, input: ::std::option::Option<::std::vec::Vec<crate::types::ImageWatermark>>) -> Self {
        self.image_watermarks = input;
        self
    }
    pub fn get_image_watermarks(&self) -> &::std::option::Option<::std::vec::Vec<crate::types::ImageWatermark>> {
        &self.image_watermarks
    }
    pub fn scan_results(mut self, input: crate::types::ScanResults) -> Self {
        self.scan_results = ::std::option::Option::Some(input);
        self
    }
    pub fn set_scan_results(mut self, input: ::std::option::Option<crate::types::ScanResults>) -> Self {
        self.scan_results = input;
        self
    }
    pub fn get_scan_results(&self) -> &::std::option::Option<crate::types::ScanResults> {
        &self.scan_results
    }
    pub fn instance_type_specification(mut self, input: crate::types::InstanceTypeSpecification) -> Self {
        self.instance_type_specification = ::std::option::Option::Some(input);
        self
    }
    pub fn set_instance_type_specification(mut self, input: ::std::option::Option<crate::types::InstanceTypeSpecification>) -> Self {
        self.instance_type_specification = input;
        self
    }
    pub fn get_instance_type_specification(&self) -> &::std::option::Option<crate::types::InstanceTypeSpecification> {
        &self.instance_type_specification
    }
    pub fn image_id(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.image_id = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_image_id(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.image_id = input;
        self
    }
    pub fn get_image_id(&self) -> &::std::option::Option<::std::string::String> {
        &self.image_id
    }
    pub fn image_location(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.image_location = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_image_location(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.image_location = input;
        self
    }
    pub fn get_image_location(&self) -> &::std::option::Option<::std::string::String> {
        &self.image_location
    }
    pub fn state(mut self, input: crate::types::ImageState) -> Self {
        self.state = ::std::option::Option::Some(input);
        self
    }
    pub fn set_state(mut self, input: ::std::option::Option<crate::types::ImageState>) -> Self {
        self.state = input;
        self
    }
    pub fn get_state(&self) -> &::std::option::Option<crate::types::ImageState> {
        &self.state
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
    pub fn creation_date(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.creation_date = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_creation_date(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.creation_date = input;
        self
    }
    pub fn get_creation_date(&self) -> &::std::option::Option<::std::string::String> {
        &self.creation_date
    }
    pub fn public(mut self, input: bool) -> Self {
        self.public = ::std::option::Option::Some(input);
        self
    }
    pub fn set_public(mut self, input: ::std::option::Option<bool>) -> Self {
        self.public = input;
        self
    }
    pub fn get_public(&self) -> &::std::option::Option<bool> {
        &self.public
    }
    pub fn product_codes(mut self, input: crate::types::ProductCode) -> Self {
        let mut v = self.product_codes.unwrap_or_default();
        v.push(input);
        self.product_codes = ::std::option::Option::Some(v);
        self
    }
    pub fn set_product_codes(mut self, input: ::std::option::Option<::std::vec::Vec<crate::types::ProductCode>>) -> Self {
        self.product_codes = input;
        self
    }
    pub fn get_product_codes(&self) -> &::std::option::Option<::std::vec::Vec<crate::types::ProductCode>> {
        &self.product_codes
    }
    pub fn architecture(mut self, input: crate::types::ArchitectureValues) -> Self {
        self.architecture = ::std::option::Option::Some(input);
        self
    }
    pub fn set_architecture(mut self, input: ::std::option::Option<crate::types::ArchitectureValues>) -> Self {
        self.architecture = input;
        self
    }
    pub fn get_architecture(&self) -> &::std::option::Option<crate::types::ArchitectureValues> {
        &self.architecture
    }
    pub fn image_type(mut self, input: crate::types::ImageTypeValues) -> Self {
        self.image_type = ::std::option::Option::Some(input);
        self
    }
    pub fn set_image_type(mut self, input: ::std::option::Option<crate::types::ImageTypeValues>) -> Self {
        self.image_type = input;
        self
    }
    pub fn get_image_type(&self) -> &::std::option::Option<crate::types::ImageTypeValues> {
        &self.image_type
    }
    pub fn kernel_id(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.kernel_id = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_kernel_id(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.kernel_id = input;
        self
    }
    pub fn get_kernel_id(&self) -> &::std::option::Option<::std::string::String> {
        &self.kernel_id
    }
    pub fn ramdisk_id(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.ramdisk_id = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_ramdisk_id(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.ramdisk_id = input;
        self
    }
    pub fn get_ramdisk_id(&self) -> &::std::option::Option<::std::string::String> {
        &self.ramdisk_id
    }
    pub fn platform(mut self, input: crate::types::PlatformValues) -> Self {
        self.platform = ::std::option::Option::Some(input);
        self
    }
    pub fn set_platform(mut self, input: ::std::option::Option<crate::types::PlatformValues>) -> Self {
        self.platform = input;
        self
    }
    pub fn get_platform(&self) -> &::std::option::Option<crate::types::PlatformValues> {
        &self.platform
    }
    pub fn build(self) -> crate::types::Image {
        crate::types::Image {
            platform_details: self.platform_details,
            usage_operation: self.usage_operation,
            block_device_mappings: self.block_device_mappings,
            description: self.description,
            ena_support: self.ena_support,
            hypervisor: self.hypervisor,
            image_owner_alias: self.image_owner_alias,
            name: self.name,
            root_device_name: self.root_device_name,
            root_device_type: self.root_device_type,
            sriov_net_support: self.sriov_net_support,
            state_reason: self.state_reason,
            tags: self.tags,
            virtualization_type: self.virtualization_type,
            boot_mode: self.boot_mode,
            tpm_support: self.tpm_support,
            deprecation_time: self.deprecation_time,
            imds_support: self.imds_support,
            source_instance_id: self.source_instance_id,
            deregistration_protection: self.deregistration_protection,
            last_launched_time: self.last_launched_time,
            image_allowed: self.image_allowed,
            source_image_id: self.source_image_id,
            source_image_region: self.source_image_region,
            free_tier_eligible: self.free_tier_eligible,
            public_ssm_parameter_name: self.public_ssm_parameter_name,
            image_watermarks: self.image_watermarks,
            scan_results: self.scan_results,
            instance_type_specification: self.instance_type_specification,
            image_id: self.image_id,
            image_location: self.image_location,
            state: self.state,
            owner_id: self.owner_id,
            creation_date: self.creation_date,
            public: self.public,
            product_codes: self.product_codes,
            architecture: self.architecture,
            image_type: self.image_type,
            kernel_id: self.kernel_id,
            ramdisk_id: self.ramdisk_id,
            platform: self.platform,
        }
    }
}
