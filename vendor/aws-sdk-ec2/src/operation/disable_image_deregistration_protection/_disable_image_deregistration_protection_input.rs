#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct DisableImageDeregistrationProtectionInput {
    pub image_id: ::std::option::Option<::std::string::String>,
    pub dry_run: ::std::option::Option<bool>,
}
impl DisableImageDeregistrationProtectionInput {
    pub fn image_id(&self) -> ::std::option::Option<&str> {
        self.image_id.as_deref()
    }
    pub fn dry_run(&self) -> ::std::option::Option<bool> {
        self.dry_run
    }
}
impl DisableImageDeregistrationProtectionInput {
    pub fn builder() -> crate::operation::disable_image_deregistration_protection::builders::DisableImageDeregistrationProtectionInputBuilder {
        crate::operation::disable_image_deregistration_protection::builders::DisableImageDeregistrationProtectionInputBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct DisableImageDeregistrationProtectionInputBuilder {
    pub(crate) image_id: ::std::option::Option<::std::string::String>,
    pub(crate) dry_run: ::std::option::Option<bool>,
}
impl DisableImageDeregistrationProtectionInputBuilder {
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
        crate::operation::disable_image_deregistration_protection::DisableImageDeregistrationProtectionInput,
        ::aws_smithy_types::error::operation::BuildError,
    > {
        ::std::result::Result::Ok(
            crate::operation::disable_image_deregistration_protection::DisableImageDeregistrationProtectionInput {
                image_id: self.image_id,
                dry_run: self.dry_run,
            },
        )
    }
}
