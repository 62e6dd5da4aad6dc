#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct DeregisterImageInput {
    pub image_id: ::std::option::Option<::std::string::String>,
    pub delete_associated_snapshots: ::std::option::Option<bool>,
    pub dry_run: ::std::option::Option<bool>,
}
impl DeregisterImageInput {
    pub fn image_id(&self) -> ::std::option::Option<&str> {
        self.image_id.as_deref()
    }
    pub fn delete_associated_snapshots(&self) -> ::std::option::Option<bool> {
        self.delete_associated_snapshots
    }
    pub fn dry_run(&self) -> ::std::option::Option<bool> {
        self.dry_run
    }
}
impl DeregisterImageInput {
    pub fn builder() -> crate::operation::deregister_image::builders::DeregisterImageInputBuilder {
        crate::operation::deregister_image::builders::DeregisterImageInputBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct DeregisterImageInputBuilder {
    pub(crate) image_id: ::std::option::Option<::std::string::String>,
    pub(crate) delete_associated_snapshots: ::std::option::Option<bool>,
    pub(crate) dry_run: ::std::option::Option<bool>,
}
impl DeregisterImageInputBuilder {
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
    pub fn delete_associated_snapshots(mut self, input: bool) -> Self {
        self.delete_associated_snapshots = ::std::option::Option::Some(input);
        self
    }
    pub fn set_delete_associated_snapshots(mut self, input: ::std::option::Option<bool>) -> Self {
        self.delete_associated_snapshots = input;
        self
    }
    pub fn get_delete_associated_snapshots(&self) -> &::std::option::Option<bool> {
        &self.delete_associated_snapshots
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
    ) -> ::std::result::Result<crate::operation::deregister_image::DeregisterImageInput, ::aws_smithy_types::error::operation::BuildError> {
        ::std::result::Result::Ok(crate::operation::deregister_image::DeregisterImageInput {
            image_id: self.image_id,
            delete_associated_snapshots: self.delete_associated_snapshots,
            dry_run: self.dry_run,
        })
    }
}
