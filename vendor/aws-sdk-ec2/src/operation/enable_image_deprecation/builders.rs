pub use crate::operation::enable_image_deprecation::_enable_image_deprecation_input::EnableImageDeprecationInputBuilder;
pub use crate::operation::enable_image_deprecation::_enable_image_deprecation_output::EnableImageDeprecationOutputBuilder;
impl crate::operation::enable_image_deprecation::builders::EnableImageDeprecationInputBuilder {
    pub async fn send_with(
        self,
        client: &crate::Client,
    ) -> ::std::result::Result<
        crate::operation::enable_image_deprecation::EnableImageDeprecationOutput,
        ::aws_smithy_runtime_api::client::result::SdkError<
            crate::operation::enable_image_deprecation::EnableImageDeprecationError,
            ::aws_smithy_runtime_api::client::orchestrator::HttpResponse,
        >,
    > {
        let mut fluent_builder = client.enable_image_deprecation();
        fluent_builder.inner = self;
        fluent_builder.send().await
    }
}
#[derive(::std::clone::Clone, ::std::fmt::Debug)]
pub struct EnableImageDeprecationFluentBuilder {
    handle: ::std::sync::Arc<crate::client::Handle>,
    inner: crate::operation::enable_image_deprecation::builders::EnableImageDeprecationInputBuilder,
    config_override: ::std::option::Option<crate::config::Builder>,
}
impl
    crate::client::customize::internal::CustomizableSend<
        crate::operation::enable_image_deprecation::EnableImageDeprecationOutput,
        crate::operation::enable_image_deprecation::EnableImageDeprecationError,
    > for EnableImageDeprecationFluentBuilder
{
    fn send(
        self,
        config_override: crate::config::Builder,
    ) -> crate::client::customize::internal::BoxFuture<
        crate::client::customize::internal::SendResult<
            crate::operation::enable_image_deprecation::EnableImageDeprecationOutput,
            crate::operation::enable_image_deprecation::EnableImageDeprecationError,
        >,
    > {
        ::std::boxed::Box::pin(async move { self.config_override(config_override).send().await })
    }
}
impl EnableImageDeprecationFluentBuilder {
    pub(crate) fn new(handle: ::std::sync::Arc<crate::client::Handle>) -> Self {
        Self {
            handle,
            inner: ::std::default::Default::default(),
            config_override: ::std::option::Option::None,
        }
    }
    pub fn as_input(&self) -> &crate::operation::enable_image_deprecation::builders::EnableImageDeprecationInputBuilder {
        &self.inner
    }
    pub async fn send(
        self,
    ) -> ::std::result::Result<
        crate::operation::enable_image_deprecation::EnableImageDeprecationOutput,
        ::aws_smithy_runtime_api::client::result::SdkError<
            crate::operation::enable_image_deprecation::EnableImageDeprecationError,
            ::aws_smithy_runtime_api::client::orchestrator::HttpResponse,
        >,
    > {
        let input = self
            .inner
            .build()
            .map_err(::aws_smithy_runtime_api::client::result::SdkError::construction_failure)?;
        let runtime_plugins = crate::operation::enable_image_deprecation::EnableImageDeprecation::operation_runtime_plugins(
            self.handle.runtime_plugins.clone(),
            &self.handle.conf,
            self.config_override,
        );
        crate::operation::enable_image_deprecation::EnableImageDeprecation::orchestrate(&runtime_plugins, input).await
    }

    pub fn customize(
        self,
    ) -> crate::client::customize::CustomizableOperation<
        crate::operation::enable_image_deprecation::EnableImageDeprecationOutput,
        crate::operation::enable_image_deprecation::EnableImageDeprecationError,
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
    pub fn image_id(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.inner = self.inner.image_id(input.into());
        self
    }
    pub fn set_image_id(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.inner = self.inner.set_image_id(input);
        self
    }
    pub fn get_image_id(&self) -> &::std::option::Option<::std::string::String> {
        self.inner.get_image_id()
    }
    pub fn deprecate_at(mut self, input: ::aws_smithy_types::DateTime) -> Self {
        self.inner = self.inner.deprecate_at(input);
        self
    }
    pub fn set_deprecate_at(mut self, input: ::std::option::Option<::aws_smithy_types::DateTime>) -> Self {
        self.inner = self.inner.set_deprecate_at(input);
        self
    }
    pub fn get_deprecate_at(&self) -> &::std::option::Option<::aws_smithy_types::DateTime> {
        self.inner.get_deprecate_at()
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
}
