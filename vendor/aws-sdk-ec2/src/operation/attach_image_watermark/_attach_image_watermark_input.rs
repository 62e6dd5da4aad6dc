#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct AttachImageWatermarkInput {
    pub image_id: ::std::option::Option<::std::string::String>,
    pub watermark_name: ::std::option::Option<::std::string::String>,
    pub dry_run: ::std::option::Option<bool>,
}
impl AttachImageWatermarkInput {
    pub fn image_id(&self) -> ::std::option::Option<&str> {
        self.image_id.as_deref()
    }
    pub fn watermark_name(&self) -> ::std::option::Option<&str> {
        self.watermark_name.as_deref()
    }
    pub fn dry_run(&self) -> ::std::option::Option<bool> {
        self.dry_run
    }
}
impl AttachImageWatermarkInput {
    pub fn builder() -> crate::operation::attach_image_watermark::builders::AttachImageWatermarkInputBuilder {
        crate::operation::attach_image_watermark::builders::AttachImageWatermarkInputBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct AttachImageWatermarkInputBuilder {
    pub(crate) image_id: ::std::option::Option<::std::string::String>,
    pub(crate) watermark_name: ::std::option::Option<::std::string::String>,
    pub(crate) dry_run: ::std::option::Option<bool>,
}
impl AttachImageWatermarkInputBuilder {
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
    pub fn watermark_name(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.watermark_name = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_watermark_name(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.watermark_name = input;
        self
    }
    pub fn get_watermark_name(&self) -> &::std::option::Option<::std::string::String> {
        &self.watermark_name
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
    ) -> ::std::result::Result<crate::operation::attach_image_watermark::AttachImageWatermarkInput, ::aws_smithy_types::error::operation::BuildError>
    {
        ::std::result::Result::Ok(crate::operation::attach_image_watermark::AttachImageWatermarkInput {
            image_id: self.image_id,
            watermark_name: self.watermark_name,
            dry_run: self.dry_run,
        })
    }
}
