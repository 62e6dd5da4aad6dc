#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct CreateTagsOutput {
    _request_id: Option<String>,
}
impl ::aws_types::request_id::RequestId for CreateTagsOutput {
    fn request_id(&self) -> Option<&str> {
        self._request_id.as_deref()
    }
}
impl CreateTagsOutput {
    pub fn builder() -> crate::operation::create_tags::builders::CreateTagsOutputBuilder {
        crate::operation::create_tags::builders::CreateTagsOutputBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct CreateTagsOutputBuilder {
    _request_id: Option<String>,
}
impl CreateTagsOutputBuilder {
    pub(crate) fn _request_id(mut self, request_id: impl Into<String>) -> Self {
        self._request_id = Some(request_id.into());
        self
    }

    pub(crate) fn _set_request_id(&mut self, request_id: Option<String>) -> &mut Self {
        self._request_id = request_id;
        self
    }
    pub fn build(self) -> crate::operation::create_tags::CreateTagsOutput {
        crate::operation::create_tags::CreateTagsOutput {
            _request_id: self._request_id,
        }
    }
}
