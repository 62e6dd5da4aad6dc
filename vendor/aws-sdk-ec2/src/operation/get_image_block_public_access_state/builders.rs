pub use crate::operation::get_image_block_public_access_state::_get_image_block_public_access_state_input::GetImageBlockPublicAccessStateInputBuilder;
pub use crate::operation::get_image_block_public_access_state::_get_image_block_public_access_state_output::GetImageBlockPublicAccessStateOutputBuilder;
impl crate::operation::get_image_block_public_access_state::builders::GetImageBlockPublicAccessStateInputBuilder {
    pub async fn send_with(
        self,
        client: &crate::Client,
    ) -> ::std::result::Result<
        crate::operation::get_image_block_public_access_state::GetImageBlockPublicAccessStateOutput,
        ::aws_smithy_runtime_api::client::result::SdkError<
            crate::operation::get_image_block_public_access_state::GetImageBlockPublicAccessStateError,
            ::aws_smithy_runtime_api::client::orchestrator::HttpResponse,
        >,
    > {
        let mut fluent_builder = client.get_image_block_public_access_state();
        fluent_builder.inner = self;
        fluent_builder.send().await
    }
}
#[derive(::std::clone::Clone, ::std::fmt::Debug)]
pub struct GetImageBlockPublicAccessStateFluentBuilder {
    handle: ::std::sync::Arc<crate::client::Handle>,
    inner: crate::operation::get_image_block_public_access_state::builders::GetImageBlockPublicAccessStateInputBuilder,
    config_override: ::std::option::Option<crate::config::Builder>,
}
impl
    crate::client::customize::internal::CustomizableSend<
        crate::operation::get_image_block_public_access_state::GetImageBlockPublicAccessStateOutput,
        crate::operation::get_image_block_public_access_state::GetImageBlockPublicAccessStateError,
    > for GetImageBlockPublicAccessStateFluentBuilder
{
    fn send(
        self,
        config_override: crate::config::Builder,
    ) -> crate::client::customize::internal::BoxFuture<
        crate::client::customize::internal::SendResult<
            crate::operation::get_image_block_public_access_state::GetImageBlockPublicAccessStateOutput,
            crate::operation::get_image_block_public_access_state::GetImageBlockPublicAccessStateError,
        >,
    > {
        ::std::boxed::Box::pin(async move { self.config_override(config_override).send().await })
    }
}
impl GetImageBlockPublicAccessStateFluentBuilder {
    pub(crate) fn new(handle: ::std::sync::Arc<crate::client::Handle>) -> Self {
        Self {
            handle,
            inner: ::std::default::Default::default(),
            config_override: ::std::option::Option::None,
        }
    }
    pub fn as_input(&self) -> &crate::operation::get_image_block_public_access_state::builders::GetImageBlockPublicAccessStateInputBuilder {
        &self.inner
    }
    pub async fn send(
        self,
    ) -> ::std::result::Result<
        crate::operation::get_image_block_public_access_state::GetImageBlockPublicAccessStateOutput,
        ::aws_smithy_runtime_api::client::result::SdkError<
            crate::operation::get_image_block_public_access_state::GetImageBlockPublicAccessStateError,
            ::aws_smithy_runtime_api::client::orchestrator::HttpResponse,
        >,
    > {
        let input = self
            .inner
            .build()
            .map_err(::aws_smithy_runtime_api::client::result::SdkError::construction_failure)?;
        let runtime_plugins = crate::operation::get_image_block_public_access_state::GetImageBlockPublicAccessState::operation_runtime_plugins(
            self.handle.runtime_plugins.clone(),
            &self.handle.conf,
            self.config_override,
        );
        crate::operation::get_image_block_public_access_state::GetImageBlockPublicAccessState::orchestrate(&runtime_plugins, input).await
    }

    pub fn customize(
        self,
    ) -> crate::client::customize::CustomizableOperation<
        crate::operation::get_image_block_public_access_state::GetImageBlockPublicAccessStateOutput,
        crate::operation::get_image_block_public_access_state::GetImageBlockPublicAccessStateError,
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
