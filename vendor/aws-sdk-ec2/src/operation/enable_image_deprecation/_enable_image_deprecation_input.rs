#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct EnableImageDeprecationInput {
    pub image_id: ::std::option::Option<::std::string::String>,
    pub deprecate_at: ::std::option::Option<::aws_smithy_types::DateTime>,
    pub dry_run: ::std::option::Option<bool>,
}
impl EnableImageDeprecationInput {
    pub fn image_id(&self) -> ::std::option::Option<&str> {
        self.image_id.as_deref()
    }
    pub fn deprecate_at(&self) -> ::std::option::Option<&::aws_smithy_types::DateTime> {
        self.deprecate_at.as_ref()
    }
    pub fn dry_run(&self) -> ::std::option::Option<bool> {
        self.dry_run
    }
}
impl EnableImageDeprecationInput {
    pub fn builder() -> crate::operation::enable_image_deprecation::builders::EnableImageDeprecationInputBuilder {
        crate::operation::enable_image_deprecation::builders::EnableImageDeprecationInputBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct EnableImageDeprecationInputBuilder {
    pub(crate) image_id: ::std::option::Option<::std::string::String>,
    pub(crate) deprecate_at: ::std::option::Option<::aws_smithy_types::DateTime>,
    pub(crate) dry_run: ::std::option::Option<bool>,
}
impl EnableImageDeprecationInputBuilder {
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
    pub fn deprecate_at(mut self, input: ::aws_smithy_types::DateTime) -> Self {
        self.deprecate_at = ::std::option::Option::Some(input);
        self
    }
    pub fn set_deprecate_at(mut self, input: ::std::option::Option<::aws_smithy_types::DateTime>) -> Self {
        self.deprecate_at = input;
        self
    }
    pub fn get_deprecate_at(&self) -> &::std::option::Option<::aws_smithy_types::DateTime> {
        &self.deprecate_at
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
    pub fn build(
        self,
    ) -> ::std::result::Result<
        crate::operation::enable_image_deprecation::EnableImageDeprecationInput,
        ::aws_smithy_types::error::operation::BuildError,
    > {
        ::std::result::Result::Ok(crate::operation::enable_image_deprecation::EnableImageDeprecationInput {
            image_id: self.image_id,
            deprecate_at: self.deprecate_at,
            dry_run: self.dry_run,
        })
    }
}
