#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct EnableImageDeregistrationProtectionInput {
    pub image_id: ::std::option::Option<::std::string::String>,
    pub with_cooldown: ::std::option::Option<bool>,
    pub dry_run: ::std::option::Option<bool>,
}
impl EnableImageDeregistrationProtectionInput {
    pub fn image_id(&self) -> ::std::option::Option<&str> {
        self.image_id.as_deref()
    }
    pub fn with_cooldown(&self) -> ::std::option::Option<bool> {
        self.with_cooldown
    }
    pub fn dry_run(&self) -> ::std::option::Option<bool> {
        self.dry_run
    }
}
impl EnableImageDeregistrationProtectionInput {
    pub fn builder() -> crate::operation::enable_image_deregistration_protection::builders::EnableImageDeregistrationProtectionInputBuilder {
        crate::operation::enable_image_deregistration_protection::builders::EnableImageDeregistrationProtectionInputBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct EnableImageDeregistrationProtectionInputBuilder {
    pub(crate) image_id: ::std::option::Option<::std::string::String>,
    pub(crate) with_cooldown: ::std::option::Option<bool>,
    pub(crate) dry_run: ::std::option::Option<bool>,
}
impl EnableImageDeregistrationProtectionInputBuilder {
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
    pub fn with_cooldown(mut self, input: bool) -> Self {
        self.with_cooldown = ::std::option::Option::Some(input);
        self
    }
    pub fn set_with_cooldown(mut self, input: ::std::option::Option<bool>) -> Self {
        self.with_cooldown = input;
        self
    }
    pub fn get_with_cooldown(&self) -> &::std::option::Option<bool> {
        &self.with_cooldown
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
        crate::operation::enable_image_deregistration_protection::EnableImageDeregistrationProtectionInput,
        ::aws_smithy_types::error::operation::BuildError,
    > {
        ::std::result::Result::Ok(
            crate::operation::enable_image_deregistration_protection::EnableImageDeregistrationProtectionInput {
                image_id: self.image_id,
                with_cooldown: self.with_cooldown,
                dry_run: self.dry_run,
            },
        )
    }
}
