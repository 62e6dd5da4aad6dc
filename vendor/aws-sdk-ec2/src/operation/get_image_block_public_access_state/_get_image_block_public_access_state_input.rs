#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct GetImageBlockPublicAccessStateInput {
    pub dry_run: ::std::option::Option<bool>,
}
impl GetImageBlockPublicAccessStateInput {
    pub fn dry_run(&self) -> ::std::option::Option<bool> {
        self.dry_run
    }
}
impl GetImageBlockPublicAccessStateInput {
    pub fn builder() -> crate::operation::get_image_block_public_access_state::builders::GetImageBlockPublicAccessStateInputBuilder {
        crate::operation::get_image_block_public_access_state::builders::GetImageBlockPublicAccessStateInputBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct GetImageBlockPublicAccessStateInputBuilder {
    pub(crate) dry_run: ::std::option::Option<bool>,
}
impl GetImageBlockPublicAccessStateInputBuilder {
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
        crate::operation::get_image_block_public_access_state::GetImageBlockPublicAccessStateInput,
        ::aws_smithy_types::error::operation::BuildError,
    > {
        ::std::result::Result::Ok(
            crate::operation::get_image_block_public_access_state::GetImageBlockPublicAccessStateInput { dry_run: self.dry_run },
        )
    }
}
