#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct GetImageBlockPublicAccessStateOutput {
    pub image_block_public_access_state: ::std::option::Option<::std::string::String>,
    pub managed_by: ::std::option::Option<crate::types::ManagedBy>,
    _request_id: Option<String>,
}
impl GetImageBlockPublicAccessStateOutput {
    pub fn image_block_public_access_state(&self) -> ::std::option::Option<&str> {
        self.image_block_public_access_state.as_deref()
    }
    pub fn managed_by(&self) -> ::std::option::Option<&crate::types::ManagedBy> {
        self.managed_by.as_ref()
    }
}
impl ::aws_types::request_id::RequestId for GetImageBlockPublicAccessStateOutput {
    fn request_id(&self) -> Option<&str> {
        self._request_id.as_deref()
    }
}
impl GetImageBlockPublicAccessStateOutput {
    pub fn builder() -> crate::operation::get_image_block_public_access_state::builders::GetImageBlockPublicAccessStateOutputBuilder {
        crate::operation::get_image_block_public_access_state::builders::GetImageBlockPublicAccessStateOutputBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct GetImageBlockPublicAccessStateOutputBuilder {
    pub(crate) image_block_public_access_state: ::std::option::Option<::std::string::String>,
    pub(crate) managed_by: ::std::option::Option<crate::types::ManagedBy>,
    _request_id: Option<String>,
}
impl GetImageBlockPublicAccessStateOutputBuilder {
    pub fn image_block_public_access_state(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.image_block_public_access_state = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_image_block_public_access_state(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.image_block_public_access_state = input;
        self
    }
    pub fn get_image_block_public_access_state(&self) -> &::std::option::Option<::std::string::String> {
        &self.image_block_public_access_state
    }
    pub fn managed_by(mut self, input: crate::types::ManagedBy) -> Self {
        self.managed_by = ::std::option::Option::Some(input);
        self
    }
    pub fn set_managed_by(mut self, input: ::std::option::Option<crate::types::ManagedBy>) -> Self {
        self.managed_by = input;
        self
    }
    pub fn get_managed_by(&self) -> &::std::option::Option<crate::types::ManagedBy> {
        &self.managed_by
    }
    pub(crate) fn _request_id(mut self, request_id: impl Into<String>) -> Self {
        self._request_id = Some(request_id.into());
        self
    }

    pub(crate) fn _set_request_id(&mut self, request_id: Option<String>) -> &mut Self {
        self._request_id = request_id;
        self
    }
    pub fn build(self) -> crate::operation::get_image_block_public_access_state::GetImageBlockPublicAccessStateOutput {
        crate::operation::get_image_block_public_access_state::GetImageBlockPublicAccessStateOutput {
            image_block_public_access_state: self.image_block_public_access_state,
            managed_by: self.managed_by,
            _request_id: self._request_id,
        }
    }
}
