#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct EnableImageDeregistrationProtectionOutput {
    pub r#return: ::std::option::Option<::std::string::String>,
    _request_id: Option<String>,
}
impl EnableImageDeregistrationProtectionOutput {
    pub fn r#return(&self) -> ::std::option::Option<&str> {
        self.r#return.as_deref()
    }
}
impl ::aws_types::request_id::RequestId for EnableImageDeregistrationProtectionOutput {
    fn request_id(&self) -> Option<&str> {
        self._request_id.as_deref()
    }
}
impl EnableImageDeregistrationProtectionOutput {
    pub fn builder() -> crate::operation::enable_image_deregistration_protection::builders::EnableImageDeregistrationProtectionOutputBuilder {
        crate::operation::enable_image_deregistration_protection::builders::EnableImageDeregistrationProtectionOutputBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct EnableImageDeregistrationProtectionOutputBuilder {
    pub(crate) r#return: ::std::option::Option<::std::string::String>,
    _request_id: Option<String>,
}
impl EnableImageDeregistrationProtectionOutputBuilder {
    pub fn r#return(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.r#return = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_return(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.r#return = input;
        self
    }
    pub fn get_return(&self) -> &::std::option::Option<::std::string::String> {
        &self.r#return
    }
    pub(crate) fn _request_id(mut self, request_id: impl Into<String>) -> Self {
        self._request_id = Some(request_id.into());
        self
    }

    pub(crate) fn _set_request_id(&mut self, request_id: Option<String>) -> &mut Self {
        self._request_id = request_id;
        self
    }
    pub fn build(self) -> crate::operation::enable_image_deregistration_protection::EnableImageDeregistrationProtectionOutput {
        crate::operation::enable_image_deregistration_protection::EnableImageDeregistrationProtectionOutput {
            r#return: self.r#return,
            _request_id: self._request_id,
        }
    }
}
