pub use crate::operation::register_image::_register_image_input::RegisterImageInputBuilder;
pub use crate::operation::register_image::_register_image_output::RegisterImageOutputBuilder;
impl crate::operation::register_image::builders::RegisterImageInputBuilder {
    pub async fn send_with(
        self,
        client: &crate::Client,
    ) -> ::std::result::Result<
        crate::operation::register_image::RegisterImageOutput,
        ::aws_smithy_runtime_api::client::result::SdkError<
            crate::operation::register_image::RegisterImageError,
            ::aws_smithy_runtime_api::client::orchestrator::HttpResponse,
        >,
    > {
        let mut fluent_builder = client.register_image();
        fluent_builder.inner = self;
        fluent_builder.send().await
    }
}
#[derive(::std::clone::Clone, ::std::fmt::Debug)]
pub struct RegisterImageFluentBuilder {
    handle: ::std::sync::Arc<crate::client::Handle>,
    inner: crate::operation::register_image::builders::RegisterImageInputBuilder,
    config_override: ::std::option::Option<crate::config::Builder>,
}
impl
    crate::client::customize::internal::CustomizableSend<
        crate::operation::register_image::RegisterImageOutput,
        crate::operation::register_image::RegisterImageError,
    > for RegisterImageFluentBuilder
{
    fn send(
        self,
        config_override: crate::config::Builder,
    ) -> crate::client::customize::internal::BoxFuture<
        crate::client::customize::internal::SendResult<
            crate::operation::register_image::RegisterImageOutput,
            crate::operation::register_image::RegisterImageError,
        >,
    > {
        ::std::boxed::Box::pin(async move { self.config_override(config_override).send().await })
    }
}
impl RegisterImageFluentBuilder {
    pub(crate) fn new(handle: ::std::sync::Arc<crate::client::Handle>) -> Self {
        Self {
            handle,
            inner: ::std::default::Default::default(),
            config_override: ::std::option::Option::None,
        }
    }
    pub fn as_input(&self) -> &crate::operation::register_image::builders::RegisterImageInputBuilder {
        &self.inner
    }
    pub async fn send(
        self,
    ) -> ::std::result::Result<
        crate::operation::register_image::RegisterImageOutput,
        ::aws_smithy_runtime_api::client::result::SdkError<
            crate::operation::register_image::RegisterImageError,
            ::aws_smithy_runtime_api::client::orchestrator::HttpResponse,
        >,
    > {
        let input = self
            .inner
            .build()
            .map_err(::aws_smithy_runtime_api::client::result::SdkError::construction_failure)?;
        let runtime_plugins = crate::operation::register_image::RegisterImage::operation_runtime_plugins(
            self.handle.runtime_plugins.clone(),
            &self.handle.conf,
            self.config_override,
        );
        crate::operation::register_image::RegisterImage::orchestrate(&runtime_plugins, input).await
    }

    pub fn customize(
        self,
    ) -> crate::client::customize::CustomizableOperation<
        crate::operation::register_image::RegisterImageOutput,
        crate::operation::register_image::RegisterImageError,
        Self,
    > {
        crate::client::customize::CustomizableOperation::new(self)
    }
    pub(crate) fn config_override(mut self, config_override: impl ::std::convert::Into<crate::config::Builder>) -> Self {
        self.set_config_override(::std::option::Option::Some(config_override.into()));
        self
    }

    pub(crate) fn set_config_override(&mut self, config_override: ::std::option::Option<crate::config::Builder>) -> &mut Self {
        self.config_override = config_override;
        self
    }
    pub fn image_location(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.inner = self.inner.image_location(input.into());
        self
    }
    pub fn set_image_location(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.inner = self.inner.set_image_location(input);
        self
    }
    pub fn get_image_location(&self) -> &::std::option::Option<::std::string::String> {
        self.inner.get_image_location()
    }
    pub fn billing_products(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.inner = self.inner.billing_products(input.into());
        self
    }
    pub fn set_billing_products(mut self, input: ::std::option::Option<::std::vec::Vec<::std::string::String>>) -> Self {
        self.inner = self.inner.set_billing_products(input);
        self
    }
    pub fn get_billing_products(&self) -> &::std::option::Option<::std::vec::Vec<::std::string::String>> {
        self.inner.get_billing_products()
    }
    pub fn boot_mode(mut self, input: crate::types::BootModeValues) -> Self {
        self.inner = self.inner.boot_mode(input);
        self
    }
    pub fn set_boot_mode(mut self, input: ::std::option::Option<crate::types::BootModeValues>) -> Self {
        self.inner = self.inner.set_boot_mode(input);
        self
    }
    pub fn get_boot_mode(&self) -> &::std::option::Option<crate::types::BootModeValues> {
        self.inner.get_boot_mode()
    }
    pub fn tpm_support(mut self, input: crate::types::TpmSupportValues) -> Self {
        self.inner = self.inner.tpm_support(input);
        self
    }
    pub fn set_tpm_support(mut self, input: ::std::option::Option<crate::types::TpmSupportValues>) -> Self {
        self.inner = self.inner.set_tpm_support(input);
        self
    }
    pub fn get_tpm_support(&self) -> &::std::option::Option<crate::types::TpmSupportValues> {
        self.inner.get_tpm_support()
    }
    pub fn uefi_data(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.inner = self.inner.uefi_data(input.into());
        self
    }
    pub fn set_uefi_data(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.inner = self.inner.set_uefi_data(input);
        self
    }
    pub fn get_uefi_data(&self) -> &::std::option::Option<::std::string::String> {
        self.inner.get_uefi_data()
    }
    pub fn imds_support(mut self, input: crate::types::ImdsSupportValues) -> Self {
        self.inner = self.inner.imds_support(input);
        self
    }
    pub fn set_imds_support(mut self, input: ::std::option::Option<crate::types::ImdsSupportValues>) -> Self {
        self.inner = self.inner.set_imds_support(input);
        self
    }
    pub fn get_imds_support(&self) -> &::std::option::Option<crate::types::ImdsSupportValues> {
        self.inner.get_imds_support()
    }
    pub fn tag_specifications(mut self, input: crate::types::TagSpecification) -> Self {
        self.inner = self.inner.tag_specifications(input);
        self
    }
    pub fn set_tag_specifications(mut self, input: ::std::option::Option<::std::vec::Vec<crate::types::TagSpecification>>) -> Self {
        self.inner = self.inner.set_tag_specifications(input);
        self
    }
    pub fn get_tag_specifications(&self) -> &::std::option::Option<::std::vec::Vec<crate::types::TagSpecification>> {
        self.inner.get_tag_specifications()
    }
    pub fn dry_run(mut self, input: bool) -> Self {
        self.inner = self.inner.dry_run(input);
        self
    }
    pub fn set_dry_run(mut self, input: ::std::option::Option<bool>) -> Self {
        self.inner = self.inner.set_dry_run(input);
        self
    }
    pub fn get_dry_run(&self) -> &::std::option::Option<bool> {
        self.inner.get_dry_run()
    }
    pub fn name(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.inner = self.inner.name(input.into());
        self
    }
    pub fn set_name(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.inner = self.inner.set_name(input);
        self
    }
    pub fn get_name(&self) -> &::std::option::Option<::std::string::String> {
        self.inner.get_name()
    }
    pub fn description(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.inner = self.inner.description(input.into());
        self
    }
    pub fn set_description(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.inner = self.inner.set_description(input);
        self
    }
    pub fn get_description(&self) -> &::std::option::Option<::std::string::String> {
        self.inner.get_description()
    }
    pub fn architecture(mut self, input: crate::types::ArchitectureValues) -> Self {
        self.inner = self.inner.architecture(input);
        self
    }
    pub fn set_architecture(mut self, input: ::std::option::Option<crate::types::ArchitectureValues>) -> Self {
        self.inner = self.inner.set_architecture(input);
        self
    }
    pub fn get_architecture(&self) -> &::std::option::Option<crate::types::ArchitectureValues> {
        self.inner.get_architecture()
    }
    pub fn kernel_id(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.inner = self.inner.kernel_id(input.into());
        self
    }
    pub fn set_kernel_id(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.inner = self.inner.set_kernel_id(input);
        self
    }
    pub fn get_kernel_id(&self) -> &::std::option::Option<::std::string::String> {
        self.inner.get_kernel_id()
    }
    pub fn ramdisk_id(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.inner = self.inner.ramdisk_id(input.into());
        self
    }
    pub fn set_ramdisk_id(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.inner = self.inner.set_ramdisk_id(input);
        self
    }
    pub fn get_ramdisk_id(&self) -> &::std::option::Option<::std::string::String> {
        self.inner.get_ramdisk_id()
    }
    pub fn root_device_name(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.inner = self.inner.root_device_name(input.into());
        self
    }
    pub fn set_root_device_name(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.inner = self.inner.set_root_device_name(input);
        self
    }
    pub fn get_root_device_name(&self) -> &::std::option::Option<::std::string::String> {
        self.inner.get_root_device_name()
    }
    pub fn block_device_mappings(mut self, input: crate::types::BlockDeviceMapping) -> Self {
        self.inner = self.inner.block_device_mappings(input);
        self
    }
    pub fn set_block_device_mappings(mut self, input: ::std::option::Option<::std::vec::Vec<crate::types::BlockDeviceMapping>>) -> Self {
        self.inner = self.inner.set_block_device_mappings(input);
        self
    }
    pub fn get_block_device_mappings(&self) -> &::std::option::Option<::std::vec::Vec<crate::types::BlockDeviceMapping>> {
        self.inner.get_block_device_mappings()
    }
    pub fn virtualization_type(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.inner = self.inner.virtualization_type(input.into());
        self
    }
    pub fn set_virtualization_type(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.inner = self.inner.set_virtualization_type(input);
        self
    }
    pub fn get_virtualization_type(&self) -> &::std::option::Option<::std::string::String> {
        self.inner.get_virtualization_type()
    }
    pub fn sriov_net_support(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.inner = self.inner.sriov_net_support(input.into());
        self
    }
    pub fn set_sriov_net_support(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.inner = self.inner.set_sriov_net_support(input);
        self
    }
    pub fn get_sriov_net_support(&self) -> &::std::option::Option<::std::string::String> {
        self.inner.get_sriov_net_support()
    }
    pub fn ena_support(mut self, input: bool) -> Self {
        self.inner = self.inner.ena_support(input);
        self
    }
    pub fn set_ena_support(mut self, input: ::std::option::Option<bool>) -> Self {
        self.inner = self.inner.set_ena_support(input);
        self
    }
    pub fn get_ena_support(&self) -> &::std::option::Option<bool> {
        self.inner.get_ena_support()
    }
}
