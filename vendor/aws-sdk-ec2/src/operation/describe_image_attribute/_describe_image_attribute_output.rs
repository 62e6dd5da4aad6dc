#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct DescribeImageAttributeOutput {
    pub description: ::std::option::Option<crate::types::AttributeValue>,
    pub kernel_id: ::std::option::Option<crate::types::AttributeValue>,
    pub ramdisk_id: ::std::option::Option<crate::types::AttributeValue>,
    pub sriov_net_support: ::std::option::Option<crate::types::AttributeValue>,
    pub boot_mode: ::std::option::Option<crate::types::AttributeValue>,
    pub tpm_support: ::std::option::Option<crate::types::AttributeValue>,
    pub uefi_data: ::std::option::Option<crate::types::AttributeValue>,
    pub last_launched_time: ::std::option::Option<crate::types::AttributeValue>,
    pub imds_support: ::std::option::Option<crate::types::AttributeValue>,
    pub deregistration_protection: ::std::option::Option<crate::types::AttributeValue>,
    pub image_id: ::std::option::Option<::std::string::String>,
    pub launch_permissions: ::std::option::Option<::std::vec::Vec<crate::types::LaunchPermission>>,
    pub product_codes: ::std::option::Option<::std::vec::Vec<crate::types::ProductCode>>,
    pub block_device_mappings: ::std::option::Option<::std::vec::Vec<crate::types::BlockDeviceMapping>>,
    _request_id: Option<String>,
}
impl DescribeImageAttributeOutput {
    pub fn description(&self) -> ::std::option::Option<&crate::types::AttributeValue> {
        self.description.as_ref()
    }
    pub fn kernel_id(&self) -> ::std::option::Option<&crate::types::AttributeValue> {
        self.kernel_id.as_ref()
    }
    pub fn ramdisk_id(&self) -> ::std::option::Option<&crate::types::AttributeValue> {
        self.ramdisk_id.as_ref()
    }
    pub fn sriov_net_support(&self) -> ::std::option::Option<&crate::types::AttributeValue> {
        self.sriov_net_support.as_ref()
    }
    pub fn boot_mode(&self) -> ::std::option::Option<&crate::types::AttributeValue> {
        self.boot_mode.as_ref()
    }
    pub fn tpm_support(&self) -> ::std::option::Option<&crate::types::AttributeValue> {
        self.tpm_support.as_ref()
    }
    pub fn uefi_data(&self) -> ::std::option::Option<&crate::types::AttributeValue> {
        self.uefi_data.as_ref()
    }
    pub fn last_launched_time(&self) -> ::std::option::Option<&crate::types::AttributeValue> {
        self.last_launched_time.as_ref()
    }
    pub fn imds_support(&self) -> ::std::option::Option<&crate::types::AttributeValue> {
        self.imds_support.as_ref()
    }
    pub fn deregistration_protection(&self) -> ::std::option::Option<&crate::types::AttributeValue> {
        self.deregistration_protection.as_ref()
    }
    pub fn image_id(&self) -> ::std::option::Option<&str> {
        self.image_id.as_deref()
    }
    pub fn launch_permissions(&self) -> &[crate::types::LaunchPermission] {
        self.launch_permissions.as_deref().unwrap_or_default()
    }
    pub fn product_codes(&self) -> &[crate::types::ProductCode] {
        self.product_codes.as_deref().unwrap_or_default()
    }
    pub fn block_device_mappings(&self) -> &[crate::types::BlockDeviceMapping] {
        self.block_device_mappings.as_deref().unwrap_or_default()
    }
}
impl ::aws_types::request_id::RequestId for DescribeImageAttributeOutput {
    fn request_id(&self) -> Option<&str> {
        self._request_id.as_deref()
    }
}
impl DescribeImageAttributeOutput {
    pub fn builder() -> crate::operation::describe_image_attribute::builders::DescribeImageAttributeOutputBuilder {
        crate::operation::describe_image_attribute::builders::DescribeImageAttributeOutputBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct DescribeImageAttributeOutputBuilder {
    pub(crate) description: ::std::option::Option<crate::types::AttributeValue>,
    pub(crate) kernel_id: ::std::option::Option<crate::types::AttributeValue>,
    pub(crate) ramdisk_id: ::std::option::Option<crate::types::AttributeValue>,
    pub(crate) sriov_net_support: ::std::option::Option<crate::types::AttributeValue>,
    pub(crate) boot_mode: ::std::option::Option<crate::types::AttributeValue>,
    pub(crate) tpm_support: ::std::option::Option<crate::types::AttributeValue>,
    pub(crate) uefi_data: ::std::option::Option<crate::types::AttributeValue>,
    pub(crate) last_launched_time: ::std::option::Option<crate::types::AttributeValue>,
    pub(crate) imds_support: ::std::option::Option<crate::types::AttributeValue>,
    pub(crate) deregistration_protection: ::std::option::Option<crate::types::AttributeValue>,
    pub(crate) image_id: ::std::option::Option<::std::string::String>,
    pub(crate) launch_permissions: ::std::option::Option<::std::vec::Vec<crate::types::LaunchPermission>>,
    pub(crate) product_codes: ::std::option::Option<::std::vec::Vec<crate::types::ProductCode>>,
    pub(crate) block_device_mappings: ::std::option::Option<::std::vec::Vec<crate::types::BlockDeviceMapping>>,
    _request_id: Option<String>,
}
impl DescribeImageAttributeOutputBuilder {
    pub fn description(mut self, input: crate::types::AttributeValue) -> Self {
        self.description = ::std::option::Option::Some(input);
        self
    }
    pub fn set_description(mut self, input: ::std::option::Option<crate::types::AttributeValue>) -> Self {
        self.description = input;
        self
    }
    pub fn get_description(&self) -> &::std::option::Option<crate::types::AttributeValue> {
        &self.description
    }
    pub fn kernel_id(mut self, input: crate::types::AttributeValue) -> Self {
        self.kernel_id = ::std::option::Option::Some(input);
        self
    }
    pub fn set_kernel_id(mut self, input: ::std::option::Option<crate::types::AttributeValue>) -> Self {
        self.kernel_id = input;
        self
    }
    pub fn get_kernel_id(&self) -> &::std::option::Option<crate::types::AttributeValue> {
        &self.kernel_id
    }
    pub fn ramdisk_id(mut self, input: crate::types::AttributeValue) -> Self {
        self.ramdisk_id = ::std::option::Option::Some(input);
        self
    }
    pub fn set_ramdisk_id(mut self, input: ::std::option::Option<crate::types::AttributeValue>) -> Self {
        self.ramdisk_id = input;
        self
    }
    pub fn get_ramdisk_id(&self) -> &::std::option::Option<crate::types::AttributeValue> {
        &self.ramdisk_id
    }
    pub fn sriov_net_support(mut self, input: crate::types::AttributeValue) -> Self {
        self.sriov_net_support = ::std::option::Option::Some(input);
        self
    }
    pub fn set_sriov_net_support(mut self, input: ::std::option::Option<crate::types::AttributeValue>) -> Self {
        self.sriov_net_support = input;
        self
    }
    pub fn get_sriov_net_support(&self) -> &::std::option::Option<crate::types::AttributeValue> {
        &self.sriov_net_support
    }
    pub fn boot_mode(mut self, input: crate::types::AttributeValue) -> Self {
        self.boot_mode = ::std::option::Option::Some(input);
        self
    }
    pub fn set_boot_mode(mut self, input: ::std::option::Option<crate::types::AttributeValue>) -> Self {
        self.boot_mode = input;
        self
    }
    pub fn get_boot_mode(&self) -> &::std::option::Option<crate::types::AttributeValue> {
        &self.boot_mode
    }
    pub fn tpm_support(mut self, input: crate::types::AttributeValue) -> Self {
        self.tpm_support = ::std::option::Option::Some(input);
        self
    }
    pub fn set_tpm_support(mut self, input: ::std::option::Option<crate::types::AttributeValue>) -> Self {
        self.tpm_support = input;
        self
    }
    pub fn get_tpm_support(&self) -> &::std::option::Option<crate::types::AttributeValue> {
        &self.tpm_support
    }
    pub fn uefi_data(mut self, input: crate::types::AttributeValue) -> Self {
        self.uefi_data = ::std::option::Option::Some(input);
        self
    }
    pub fn set_uefi_data(mut self, input: ::std::option::Option<crate::types::AttributeValue>) -> Self {
        self.uefi_data = input;
        self
    }
    pub fn get_uefi_data(&self) -> &::std::option::Option<crate::types::AttributeValue> {
        &self.uefi_data
    }
    pub fn last_launched_time(mut self, input: crate::types::AttributeValue) -> Self {
        self.last_launched_time = ::std::option::Option::Some(input);
        self
    }
    pub fn set_last_launched_time(mut self, input: ::std::option::Option<crate::types::AttributeValue>) -> Self {
        self.last_launched_time = input;
        self
    }
    pub fn get_last_launched_time(&self) -> &::std::option::Option<crate::types::AttributeValue> {
        &self.last_launched_time
    }
    pub fn imds_support(mut self, input: crate::types::AttributeValue) -> Self {
        self.imds_support = ::std::option::Option::Some(input);
        self
    }
    pub fn set_imds_support(mut self, input: ::std::option::Option<crate::types::AttributeValue>) -> Self {
        self.imds_support = input;
        self
    }
    pub fn get_imds_support(&self) -> &::std::option::Option<crate::types::AttributeValue> {
        &self.imds_support
    }
    pub fn deregistration_protection(mut self, input: crate::types::AttributeValue) -> Self {
        self.deregistration_protection = ::std::option::Option::Some(input);
        self
    }
    pub fn set_deregistration_protection(mut self, input: ::std::option::Option<crate::types::AttributeValue>) -> Self {
        self.deregistration_protection = input;
        self
    }
    pub fn get_deregistration_protection(&self) -> &::std::option::Option<crate::types::AttributeValue> {
        &self.deregistration_protection
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
    pub fn launch_permissions(mut self, input: crate::types::LaunchPermission) -> Self {
        let mut v = self.launch_permissions.unwrap_or_default();
        v.push(input);
        self.launch_permissions = ::std::option::Option::Some(v);
        self
    }
    pub fn set_launch_permissions(mut self, input: ::std::option::Option<::std::vec::Vec<crate::types::LaunchPermission>>) -> Self {
        self.launch_permissions = input;
        self
    }
    pub fn get_launch_permissions(&self) -> &::std::option::Option<::std::vec::Vec<crate::types::LaunchPermission>> {
        &self.launch_permissions
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
    pub(crate) fn _request_id(mut self, request_id: impl Into<String>) -> Self {
        self._request_id = Some(request_id.into());
        self
    }

    pub(crate) fn _set_request_id(&mut self, request_id: Option<String>) -> &mut Self {
        self._request_id = request_id;
        self
    }
    pub fn build(self) -> crate::operation::describe_image_attribute::DescribeImageAttributeOutput {
        crate::operation::describe_image_attribute::DescribeImageAttributeOutput {
            description: self.description,
            kernel_id: self.kernel_id,
            ramdisk_id: self.ramdisk_id,
            sriov_net_support: self.sriov_net_support,
            boot_mode: self.boot_mode,
            tpm_support: self.tpm_support,
            uefi_data: self.uefi_data,
            last_launched_time: self.last_launched_time,
            imds_support: self.imds_support,
            deregistration_protection: self.deregistration_protection,
            image_id: self.image_id,
            launch_permissions: self.launch_permissions,
            product_codes: self.product_codes,
            block_device_mappings: self.block_device_mappings,
            _request_id: self._request_id,
        }
    }
}
