#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct AttachImageWatermarkOutput {
    pub watermark_key: ::std::option::Option<::std::string::String>,
    _request_id: Option<String>,
}
impl AttachImageWatermarkOutput {
    pub fn watermark_key(&self) -> ::std::option::Option<&str> {
        self.watermark_key.as_deref()
    }
}
impl ::aws_types::request_id::RequestId for AttachImageWatermarkOutput {
    fn request_id(&self) -> Option<&str> {
        self._request_id.as_deref()
    }
}
impl AttachImageWatermarkOutput {
    pub fn builder() -> crate::operation::attach_image_watermark::builders::AttachImageWatermarkOutputBuilder {
        crate::operation::attach_image_watermark::builders::AttachImageWatermarkOutputBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct AttachImageWatermarkOutputBuilder {
    pub(crate) watermark_key: ::std::option::Option<::std::string::String>,
    _request_id: Option<String>,
}
impl AttachImageWatermarkOutputBuilder {
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
    pub(crate) fn _request_id(mut self, request_id: impl Into<String>) -> Self {
        self._request_id = Some(request_id.into());
        self
    }

    pub(crate) fn _set_request_id(&mut self, request_id: Option<String>) -> &mut Self {
        self._request_id = request_id;
        self
    }
    pub fn build(self) -> crate::operation::attach_image_watermark::AttachImageWatermarkOutput {
        crate::operation::attach_image_watermark::AttachImageWatermarkOutput {
            watermark_key: self.watermark_key,
            _request_id: self._request_id,
        }
    }
}
