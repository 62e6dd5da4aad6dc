#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct EnableImageDeprecationOutput {
    pub r#return: ::std::option::Option<bool>,
    _request_id: Option<String>,
}
impl EnableImageDeprecationOutput {
    pub fn r#return(&self) -> ::std::option::Option<bool> {
        self.r#return
    }
}
impl ::aws_types::request_id::RequestId for EnableImageDeprecationOutput {
    fn request_id(&self) -> Option<&str> {
        self._request_id.as_deref()
    }
}
impl EnableImageDeprecationOutput {
    pub fn builder() -> crate::operation::enable_image_deprecation::builders::EnableImageDeprecationOutputBuilder {
        crate::operation::enable_image_deprecation::builders::EnableImageDeprecationOutputBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct EnableImageDeprecationOutputBuilder {
    pub(crate) r#return: ::std::option::Option<bool>,
    _request_id: Option<String>,
}
impl EnableImageDeprecationOutputBuilder {
    pub fn r#return(mut self, input: bool) -> Self {
        self.r#return = ::std::option::Option::Some(input);
        self
    }
    pub fn set_return(mut self, input: ::std::option::Option<bool>) -> Self {
        self.r#return = input;
        self
    }
    pub fn get_return(&self) -> &::std::option::Option<bool> {
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
    pub fn build(self) -> crate::operation::enable_image_deprecation::EnableImageDeprecationOutput {
        crate::operation::enable_image_deprecation::EnableImageDeprecationOutput {
            r#return: self.r#return,
            _request_id: self._request_id,
        }
    }
}
