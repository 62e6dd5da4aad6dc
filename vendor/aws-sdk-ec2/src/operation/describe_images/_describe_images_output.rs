#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct DescribeImagesOutput {
    pub next_token: ::std::option::Option<::std::string::String>,
    pub images: ::std::option::Option<::std::vec::Vec<crate::types::Image>>,
    _request_id: Option<String>,
}
impl DescribeImagesOutput {
    pub fn next_token(&self) -> ::std::option::Option<&str> {
        self.next_token.as_deref()
    }
    pub fn images(&self) -> &[crate::types::Image] {
        self.images.as_deref().unwrap_or_default()
    }
}
impl ::aws_types::request_id::RequestId for DescribeImagesOutput {
    fn request_id(&self) -> Option<&str> {
        self._request_id.as_deref()
    }
}
impl DescribeImagesOutput {
    pub fn builder() -> crate::operation::describe_images::builders::DescribeImagesOutputBuilder {
        crate::operation::describe_images::builders::DescribeImagesOutputBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct DescribeImagesOutputBuilder {
    pub(crate) next_token: ::std::option::Option<::std::string::String>,
    pub(crate) images: ::std::option::Option<::std::vec::Vec<crate::types::Image>>,
    _request_id: Option<String>,
}
impl DescribeImagesOutputBuilder {
    pub fn next_token(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.next_token = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_next_token(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.next_token = input;
        self
    }
    pub fn get_next_token(&self) -> &::std::option::Option<::std::string::String> {
        &self.next_token
    }
    pub fn images(mut self, input: crate::types::Image) -> Self {
        let mut v = self.images.unwrap_or_default();
        v.push(input);
        self.images = ::std::option::Option::Some(v);
        self
    }
    pub fn set_images(mut self, input: ::std::option::Option<::std::vec::Vec<crate::types::Image>>) -> Self {
        self.images = input;
        self
    }
    pub fn get_images(&self) -> &::std::option::Option<::std::vec::Vec<crate::types::Image>> {
        &self.images
    }
    pub(crate) fn _request_id(mut self, request_id: impl Into<String>) -> Self {
        self._request_id = Some(request_id.into());
        self
    }

    pub(crate) fn _set_request_id(&mut self, request_id: Option<String>) -> &mut Self {
        self._request_id = request_id;
        self
    }
    pub fn build(self) -> crate::operation::describe_images::DescribeImagesOutput {
        crate::operation::describe_images::DescribeImagesOutput {
            next_token: self.next_token,
            images: self.images,
            _request_id: self._request_id,
        }
    }
}
