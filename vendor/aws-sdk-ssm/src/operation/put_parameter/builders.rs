pub use crate::operation::put_parameter::_put_parameter_input::PutParameterInputBuilder;
pub use crate::operation::put_parameter::_put_parameter_output::PutParameterOutputBuilder;
impl crate::operation::put_parameter::builders::PutParameterInputBuilder {
    pub async fn send_with(
        self,
        client: &crate::Client,
    ) -> ::std::result::Result<
        crate::operation::put_parameter::PutParameterOutput,
        ::aws_smithy_runtime_api::client::result::SdkError<
            crate::operation::put_parameter::PutParameterError,
            ::aws_smithy_runtime_api::client::orchestrator::HttpResponse,
        >,
    > {
        let mut fluent_builder = client.put_parameter();
        fluent_builder.inner = self;
        fluent_builder.send().await
    }
}
#[derive(::std::clone::Clone, ::std::fmt::Debug)]
pub struct PutParameterFluentBuilder {
    handle: ::std::sync::Arc<crate::client::Handle>,
    inner: crate::operation::put_parameter::builders::PutParameterInputBuilder,
    config_override: ::std::option::Option<crate::config::Builder>,
}
impl
    crate::client::customize::internal::CustomizableSend<
        crate::operation::put_parameter::PutParameterOutput,
        crate::operation::put_parameter::PutParameterError,
    > for PutParameterFluentBuilder
{
    fn send(
        self,
        config_override: crate::config::Builder,
    ) -> crate::client::customize::internal::BoxFuture<
        crate::client::customize::internal::SendResult<
            crate::operation::put_parameter::PutParameterOutput,
            crate::operation::put_parameter::PutParameterError,
        >,
    > {
        ::std::boxed::Box::pin(async move { self.config_override(config_override).send().await })
    }
}
impl PutParameterFluentBuilder {
    pub(crate) fn new(handle: ::std::sync::Arc<crate::client::Handle>) -> Self {
        Self {
            handle,
            inner: ::std::default::Default::default(),
            config_override: ::std::option::Option::None,
        }
    }
    pub fn as_input(&self) -> &crate::operation::put_parameter::builders::PutParameterInputBuilder {
        &self.inner
    }
    pub async fn send(
        self,
    ) -> ::std::result::Result<
        crate::operation::put_parameter::PutParameterOutput,
        ::aws_smithy_runtime_api::client::result::SdkError<
            crate::operation::put_parameter::PutParameterError,
            ::aws_smithy_runtime_api::client::orchestrator::HttpResponse,
        >,
    > {
        let input = self
            .inner
            .build()
            .map_err(::aws_smithy_runtime_api::client::result::SdkError::construction_failure)?;
        let runtime_plugins = crate::operation::put_parameter::PutParameter::operation_runtime_plugins(
            self.handle.runtime_plugins.clone(),
            &self.handle.conf,
            self.config_override,
        );
        crate::operation::put_parameter::PutParameter::orchestrate(&runtime_plugins, input).await
    }

    pub fn customize(
        self,
    ) -> crate::client::customize::CustomizableOperation<
        crate::operation::put_parameter::PutParameterOutput,
        crate::operation::put_parameter::PutParameterError,
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
    pub fn value(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.inner = self.inner.value(input.into());
        self
    }
    pub fn set_value(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.inner = self.inner.set_value(input);
        self
    }
    pub fn get_value(&self) -> &::std::option::Option<::std::string::String> {
        self.inner.get_value()
    }
    pub fn r#type(mut self, input: crate::types::ParameterType) -> Self {
        self.inner = self.inner.r#type(input);
        self
    }
    pub fn set_type(mut self, input: ::std::option::Option<crate::types::ParameterType>) -> Self {
        self.inner = self.inner.set_type(input);
        self
    }
    pub fn get_type(&self) -> &::std::option::Option<crate::types::ParameterType> {
        self.inner.get_type()
    }
    pub fn key_id(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.inner = self.inner.key_id(input.into());
        self
    }
    pub fn set_key_id(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.inner = self.inner.set_key_id(input);
        self
    }
    pub fn get_key_id(&self) -> &::std::option::Option<::std::string::String> {
        self.inner.get_key_id()
    }
    pub fn overwrite(mut self, input: bool) -> Self {
        self.inner = self.inner.overwrite(input);
        self
    }
    pub fn set_overwrite(mut self, input: ::std::option::Option<bool>) -> Self {
        self.inner = self.inner.set_overwrite(input);
        self
    }
    pub fn get_overwrite(&self) -> &::std::option::Option<bool> {
        self.inner.get_overwrite()
    }
    pub fn allowed_pattern(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.inner = self.inner.allowed_pattern(input.into());
        self
    }
    pub fn set_allowed_pattern(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.inner = self.inner.set_allowed_pattern(input);
        self
    }
    pub fn get_allowed_pattern(&self) -> &::std::option::Option<::std::string::String> {
        self.inner.get_allowed_pattern()
    }
    pub fn tags(mut self, input: crate::types::Tag) -> Self {
        self.inner = self.inner.tags(input);
        self
    }
    pub fn set_tags(mut self, input: ::std::option::Option<::std::vec::Vec<crate::types::Tag>>) -> Self {
        self.inner = self.inner.set_tags(input);
        self
    }
    pub fn get_tags(&self) -> &::std::option::Option<::std::vec::Vec<crate::types::Tag>> {
        self.inner.get_tags()
    }
    pub fn tier(mut self, input: crate::types::ParameterTier) -> Self {
        self.inner = self.inner.tier(input);
        self
    }
    pub fn set_tier(mut self, input: ::std::option::Option<crate::types::ParameterTier>) -> Self {
        self.inner = self.inner.set_tier(input);
        self
    }
    pub fn get_tier(&self) -> &::std::option::Option<crate::types::ParameterTier> {
        self.inner.get_tier()
    }
    pub fn policies(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.inner = self.inner.policies(input.into());
        self
    }
    pub fn set_policies(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.inner = self.inner.set_policies(input);
        self
    }
    pub fn get_policies(&self) -> &::std::option::Option<::std::string::String> {
        self.inner.get_policies()
    }
    pub fn data_type(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.inner = self.inner.data_type(input.into());
        self
    }
    pub fn set_data_type(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.inner = self.inner.set_data_type(input);
        self
    }
    pub fn get_data_type(&self) -> &::std::option::Option<::std::string::String> {
        self.inner.get_data_type()
    }
}
