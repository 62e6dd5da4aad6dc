#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct ImageWatermark {
    pub watermark_key: ::std::option::Option<::std::string::String>,
    pub source_image_region: ::std::option::Option<::std::string::String>,
    pub source_image_id: ::std::option::Option<::std::string::String>,
    pub source_image_creation_time: ::std::option::Option<::aws_smithy_types::DateTime>,
    pub watermark_creation_time: ::std::option::Option<::aws_smithy_types::DateTime>,
}
impl ImageWatermark {
    pub fn watermark_key(&self) -> ::std::option::Option<&str> {
        self.watermark_key.as_deref()
    }
    pub fn source_image_region(&self) -> ::std::option::Option<&str> {
        self.source_image_region.as_deref()
    }
    pub fn source_image_id(&self) -> ::std::option::Option<&str> {
        self.source_image_id.as_deref()
    }
    pub fn source_image_creation_time(&self) -> ::std::option::Option<&::aws_smithy_types::DateTime> {
        self.source_image_creation_time.as_ref()
    }
    pub fn watermark_creation_time(&self) -> ::std::option::Option<&::aws_smithy_types::DateTime> {
        self.watermark_creation_time.as_ref()
    }
}
impl ImageWatermark {
    pub fn builder() -> crate::types::builders::ImageWatermarkBuilder {
        crate::types::builders::ImageWatermarkBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct ImageWatermarkBuilder {
    pub(crate) watermark_key: ::std::option::Option<::std::string::String>,
    pub(crate) source_image_region: ::std::option::Option<::std::string::String>,
    pub(crate) source_image_id: ::std::option::Option<::std::string::String>,
    pub(crate) source_image_creation_time: ::std::option::Option<::aws_smithy_types::DateTime>,
    pub(crate) watermark_creation_time: ::std::option::Option<::aws_smithy_types::DateTime>,
}
impl ImageWatermarkBuilder {
    pub fn watermark_key(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.watermark_key = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_watermark_key(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.watermark_key = input;
        self
    }
    pub fn get_watermark_key(&self) -> &::std::option::Option<::std::string::String> {
        &self.watermark_key
    }
    pub fn source_image_region(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.source_image_region = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_source_image_region(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.source_image_region = input;
        self
    }
    pub fn get_source_image_region(&self) -> &::std::option::Option<::std::string::String> {
        &self.source_image_region
    }
    pub fn source_image_id(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.source_image_id = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_source_image_id(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.source_image_id = input;
        self
    }
    pub fn get_source_image_id(&self) -> &::std::option::Option<::std::string::String> {
        &self.source_image_id
    }
    pub fn source_image_creation_time(mut self, input: ::aws_smithy_types::DateTime) -> Self {
        self.source_image_creation_time = ::std::option::Option::Some(input);
        self
    }
    pub fn set_source_image_creation_time(mut self, input: ::std::option::Option<::aws_smithy_types::DateTime>) -> Self {
        self.source_image_creation_time = input;
        self
    }
    pub fn get_source_image_creation_time(&self) -> &::std::option::Option<::aws_smithy_types::DateTime> {
        &self.source_image_creation_time
    }
    pub fn watermark_creation_time(mut self, input: ::aws_smithy_types::DateTime) -> Self {
        self.watermark_creation_time = ::std::option::Option::Some(input);
        self
    }
    pub fn set_watermark_creation_time(mut self, input: ::std::option::Option<::aws_smithy_types::DateTime>) -> Self {
        self.watermark_creation_time = input;
        self
    }
    pub fn get_watermark_creation_time(&self) -> &::std::option::Option<::aws_smithy_types::DateTime> {
        &self.watermark_creation_time
    }
    pub fn build(self) -> crate::types::ImageWatermark {
        crate::types::ImageWatermark {
            watermark_key: self.watermark_key,
            source_image_region: self.source_image_region,
            source_image_id: self.source_image_id,
            source_image_creation_time: self.source_image_creation_time,
            watermark_creation_time: self.watermark_creation_time,
        }
    }
}
