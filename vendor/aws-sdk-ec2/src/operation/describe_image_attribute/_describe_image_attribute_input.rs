#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct DescribeImageAttributeInput {
    pub attribute: ::std::option::Option<crate::types::ImageAttributeName>,
    pub image_id: ::std::option::Option<::std::string::String>,
    pub dry_run: ::std::option::Option<bool>,
}
impl DescribeImageAttributeInput {
    pub fn attribute(&self) -> ::std::option::Option<&crate::types::ImageAttributeName> {
        self.attribute.as_ref()
    }
    pub fn image_id(&self) -> ::std::option::Option<&str> {
        self.image_id.as_deref()
    }
    pub fn dry_run(&self) -> ::std::option::Option<bool> {
        self.dry_run
    }
}
impl DescribeImageAttributeInput {
    pub fn builder() -> crate::operation::describe_image_attribute::builders::DescribeImageAttributeInputBuilder {
        crate::operation::describe_image_attribute::builders::DescribeImageAttributeInputBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct DescribeImageAttributeInputBuilder {
    pub(crate) attribute: ::std::option::Option<crate::types::ImageAttributeName>,
    pub(crate) image_id: ::std::option::Option<::std::string::String>,
    pub(crate) dry_run: ::std::option::Option<bool>,
}
impl DescribeImageAttributeInputBuilder {
    pub fn attribute(mut self, input: crate::types::ImageAttributeName) -> Self {
        self.attribute = ::std::option::Option::Some(input);
        self
    }
    pub fn set_attribute(mut self, input: ::std::option::Option<crate::types::ImageAttributeName>) -> Self {
        self.attribute = input;
        self
    }
    pub fn get_attribute(&self) -> &::std::option::Option<crate::types::ImageAttributeName> {
        &self.attribute
    }
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
        crate::operation::describe_image_attribute::DescribeImageAttributeInput,
        ::aws_smithy_types::error::operation::BuildError,
    > {
        ::std::result::Result::Ok(crate::operation::describe_image_attribute::DescribeImageAttributeInput {
            attribute: self.attribute,
            image_id: self.image_id,
            dry_run: self.dry_run,
        })
    }
}
