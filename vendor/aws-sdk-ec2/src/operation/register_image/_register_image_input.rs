#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq)]
pub struct RegisterImageInput {
    pub image_location: ::std::option::Option<::std::string::String>,
    pub billing_products: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
    pub boot_mode: ::std::option::Option<crate::types::BootModeValues>,
    pub tpm_support: ::std::option::Option<crate::types::TpmSupportValues>,
    pub uefi_data: ::std::option::Option<::std::string::String>,
    pub imds_support: ::std::option::Option<crate::types::ImdsSupportValues>,
    pub tag_specifications: ::std::option::Option<::std::vec::Vec<crate::types::TagSpecification>>,
    pub dry_run: ::std::option::Option<bool>,
    pub name: ::std::option::Option<::std::string::String>,
    pub description: ::std::option::Option<::std::string::String>,
    pub architecture: ::std::option::Option<crate::types::ArchitectureValues>,
    pub kernel_id: ::std::option::Option<::std::string::String>,
    pub ramdisk_id: ::std::option::Option<::std::string::String>,
    pub root_device_name: ::std::option::Option<::std::string::String>,
    pub block_device_mappings: ::std::option::Option<::std::vec::Vec<crate::types::BlockDeviceMapping>>,
    pub virtualization_type: ::std::option::Option<::std::string::String>,
    pub sriov_net_support: ::std::option::Option<::std::string::String>,
    pub ena_support: ::std::option::Option<bool>,
}
impl RegisterImageInput {
    pub fn image_location(&self) -> ::std::option::Option<&str> {
        self.image_location.as_deref()
    }
    pub fn billing_products(&self) -> &[::std::string::String] {
        self.billing_products.as_deref().unwrap_or_default()
    }
    pub fn boot_mode(&self) -> ::std::option::Option<&crate::types::BootModeValues> {
        self.boot_mode.as_ref()
    }
    pub fn tpm_support(&self) -> ::std::option::Option<&crate::types::TpmSupportValues> {
        self.tpm_support.as_ref()
    }
    pub fn uefi_data(&self) -> ::std::option::Option<&str> {
        self.uefi_data.as_deref()
    }
    pub fn imds_support(&self) -> ::std::option::Option<&crate::types::ImdsSupportValues> {
        self.imds_support.as_ref()
    }
    pub fn tag_specifications(&self) -> &[crate::types::TagSpecification] {
        self.tag_specifications.as_deref().unwrap_or_default()
    }
    pub fn dry_run(&self) -> ::std::option::Option<bool> {
        self.dry_run
    }
    pub fn name(&self) -> ::std::option::Option<&str> {
        self.name.as_deref()
    }
    pub fn description(&self) -> ::std::option::Option<&str> {
        self.description.as_deref()
    }
    pub fn architecture(&self) -> ::std::option::Option<&crate::types::ArchitectureValues> {
        self.architecture.as_ref()
    }
    pub fn kernel_id(&self) -> ::std::option::Option<&str> {
        self.kernel_id.as_deref()
    }
    pub fn ramdisk_id(&self) -> ::std::option::Option<&str> {
        self.ramdisk_id.as_deref()
    }
    pub fn root_device_name(&self) -> ::std::option::Option<&str> {
        self.root_device_name.as_deref()
    }
    pub fn block_device_mappings(&self) -> &[crate::types::BlockDeviceMapping] {
        self.block_device_mappings.as_deref().unwrap_or_default()
    }
    pub fn virtualization_type(&self) -> ::std::option::Option<&str> {
        self.virtualization_type.as_deref()
    }
    pub fn sriov_net_support(&self) -> ::std::option::Option<&str> {
        self.sriov_net_support.as_deref()
    }
    pub fn ena_support(&self) -> ::std::option::Option<bool> {
        self.ena_support
    }
}
impl ::std::fmt::Debug for RegisterImageInput {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        let mut formatter = f.debug_struct("RegisterImageInput");
        formatter.field("image_location", &self.image_location);
        formatter.field("billing_products", &self.billing_products);
        formatter.field("boot_mode", &self.boot_mode);
        formatter.field("tpm_support", &self.tpm_support);
        formatter.field("uefi_data", &"*** Sensitive Data Redacted ***");
        formatter.field("imds_support", &self.imds_support);
        formatter.field("tag_specifications", &self.tag_specifications);
        formatter.field("dry_run", &self.dry_run);
        formatter.field("name", &self.name);
        formatter.field("description", &self.description);
        formatter.field("architecture", &self.architecture);
        formatter.field("kernel_id", &self.kernel_id);
        formatter.field("ramdisk_id", &self.ramdisk_id);
        formatter.field("root_device_name", &self.root_device_name);
        formatter.field("block_device_mappings", &self.block_device_mappings);
        formatter.field("virtualization_type", &self.virtualization_type);
        formatter.field("sriov_net_support", &self.sriov_net_support);
        formatter.field("ena_support", &self.ena_support);
        formatter.finish()
    }
}
impl RegisterImageInput {
    pub fn builder() -> crate::operation::register_image::builders::RegisterImageInputBuilder {
        crate::operation::register_image::builders::RegisterImageInputBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default)]
#[non_exhaustive]
pub struct RegisterImageInputBuilder {
    pub(crate) image_location: ::std::option::Option<::std::string::String>,
    pub(crate) billing_products: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
    pub(crate) boot_mode: ::std::option::Option<crate::types::BootModeValues>,
    pub(crate) tpm_support: ::std::option::Option<crate::types::TpmSupportValues>,
    pub(crate) uefi_data: ::std::option::Option<::std::string::String>,
    pub(crate) imds_support: ::std::option::Option<crate::types::ImdsSupportValues>,
    pub(crate) tag_specifications: ::std::option::Option<::std::vec::Vec<crate::types::TagSpecification>>,
    pub(crate) dry_run: ::std::option::Option<bool>,
    pub(crate) name: ::std::option::Option<::std::string::String>,
    pub(crate) description: ::std::option::Option<::std::string::String>,
    pub(crate) architecture: ::std::option::Option<crate::types::ArchitectureValues>,
    pub(crate) kernel_id: ::std::option::Option<::std::string::String>,
    pub(crate) ramdisk_id: ::std::option::Option<::std::string::String>,
    pub(crate) root_device_name: ::std::option::Option<::std::string::String>,
    pub(crate) block_device_mappings: ::std::option::Option<::std::vec::Vec<crate::types::BlockDeviceMapping>>,
    pub(crate) virtualization_type: ::std::option::Option<::std::string::String>,
    pub(crate) sriov_net_support: ::std::option::Option<::std::string::String>,
    pub(crate) ena_support: ::std::option::Option<bool>,
}
impl RegisterImageInputBuilder {
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
    pub fn billing_products(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        let mut v = self.billing_products.unwrap_or_default();
        v.push(input.into());
        self.billing_products = ::std::option::Option::Some(v);
        self
    }
    pub fn set_billing_products(mut self, input: ::std::option::Option<::std::vec::Vec<::std::string::String>>) -> Self {
        self.billing_products = input;
        self
    }
    pub fn get_billing_products(&self) -> &::std::option::Option<::std::vec::Vec<::std::string::String>> {
        &self.billing_products
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
    pub fn uefi_data(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.uefi_data = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_uefi_data(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.uefi_data = input;
        self
    }
    pub fn get_uefi_data(&self) -> &::std::option::Option<::std::string::String> {
        &self.uefi_data
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
    pub fn tag_specifications(mut self, input: crate::types::TagSpecification) -> Self {
        let mut v = self.tag_specifications.unwrap_or_default();
        v.push(input);
        self.tag_specifications = ::std::option::Option::Some(v);
        self
    }
    pub fn set_tag_specifications(mut self, input: ::std::option::Option<::std::vec::Vec<crate::types::TagSpecification>>) -> Self {
        self.tag_specifications = input;
        self
    }
    pub fn get_tag_specifications(&self) -> &::std::option::Option<::std::vec::Vec<crate::types::TagSpecification>> {
        &self.tag_specifications
    }
    pub fn dry_run(mut self, input: bool) -> Self {
        self.dry_run = ::std::option::Option::Some(input);
        self
    }
    pub fn set_dry_run(mut self, input: ::std::option::Option<bool>) -> Self {
        self.dry_run = input;
        self
    }
    pub fn get_dry_run(&self) -> &::std::option::Option<bool> {
        &self.dry_run
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
    pub fn virtualization_type(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.virtualization_type = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_virtualization_type(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.virtualization_type = input;
        self
    }
    pub fn get_virtualization_type(&self) -> &::std::option::Option<::std::string::String> {
        &self.virtualization_type
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
    pub fn build(
        self,
    ) -> ::std::result::Result<crate::operation::register_image::RegisterImageInput, ::aws_smithy_types::error::operation::BuildError> {
        ::std::result::Result::Ok(crate::operation::register_image::RegisterImageInput {
            image_location: self.image_location,
            billing_products: self.billing_products,
            boot_mode: self.boot_mode,
            tpm_support: self.tpm_support,
            uefi_data: self.uefi_data,
            imds_support: self.imds_support,
            tag_specifications: self.tag_specifications,
            dry_run: self.dry_run,
            name: self.name,
            description: self.description,
            architecture: self.architecture,
            kernel_id: self.kernel_id,
            ramdisk_id: self.ramdisk_id,
            root_device_name: self.root_device_name,
            block_device_mappings: self.block_device_mappings,
            virtualization_type: self.virtualization_type,
            sriov_net_support: self.sriov_net_support,
            ena_support: self.ena_support,
        })
    }
}
impl ::std::fmt::Debug for RegisterImageInputBuilder {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        let mut formatter = f.debug_struct("RegisterImageInputBuilder");
        formatter.field("image_location", &self.image_location);
        formatter.field("billing_products", &self.billing_products);
        formatter.field("boot_mode", &self.boot_mode);
        formatter.field("tpm_support", &self.tpm_support);
        formatter.field("uefi_data", &"*** Sensitive Data Redacted ***");
        formatter.field("imds_support", &self.imds_support);
        formatter.field("tag_specifications", &self.tag_specifications);
        formatter.field("dry_run", &self.dry_run);
        formatter.field("name", &self.name);
        formatter.field("description", &self.description);
        formatter.field("architecture", &self.architecture);
        formatter.field("kernel_id", &self.kernel_id);
        formatter.field("ramdisk_id", &self.ramdisk_id);
        formatter.field("root_device_name", &self.root_device_name);
        formatter.field("block_device_mappings", &self.block_device_mappings);
        formatter.field("virtualization_type", &self.virtualization_type);
        formatter.field("sriov_net_support", &self.sriov_net_support);
        formatter.field("ena_support", &self.ena_support);
        formatter.finish()
    }
}
