#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct RegisterImageOutput {
    pub image_id: ::std::option::Option<::std::string::String>,
    _request_id: Option<String>,
}
impl RegisterImageOutput {
    pub fn image_id(&self) -> ::std::option::Option<&str> {
        self.image_id.as_deref()
    }
}
impl ::aws_types::request_id::RequestId for RegisterImageOutput {
    fn request_id(&self) -> Option<&str> {
        self._request_id.as_deref()
    }
}
impl RegisterImageOutput {
    pub fn builder() -> crate::operation::register_image::builders::RegisterImageOutputBuilder {
        crate::operation::register_image::builders::RegisterImageOutputBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct RegisterImageOutputBuilder {
    pub(crate) image_id: ::std::option::Option<::std::string::String>,
    _request_id: Option<String>,
}
impl RegisterImageOutputBuilder {
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
    pub(crate) fn _request_id(mut self, request_id: impl Into<String>) -> Self {
        self._request_id = Some(request_id.into());
        self
    }

    pub(crate) fn _set_request_id(&mut self, request_id: Option<String>) -> &mut Self {
        self._request_id = request_id;
        self
    }
    pub fn build(self) -> crate::operation::register_image::RegisterImageOutput {
        crate::operation::register_image::RegisterImageOutput {
            image_id: self.image_id,
            _request_id: self._request_id,
        }
    }
}
