#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct GetEbsEncryptionByDefaultOutput {
    pub ebs_encryption_by_default: ::std::option::Option<bool>,
    pub sse_type: ::std::option::Option<crate::types::SseType>,
    _request_id: Option<String>,
}
impl GetEbsEncryptionByDefaultOutput {
    pub fn ebs_encryption_by_default(&self) -> ::std::option::Option<bool> {
        self.ebs_encryption_by_default
    }
    pub fn sse_type(&self) -> ::std::option::Option<&crate::types::SseType> {
        self.sse_type.as_ref()
    }
}
impl ::aws_types::request_id::RequestId for GetEbsEncryptionByDefaultOutput {
    fn request_id(&self) -> Option<&str> {
        self._request_id.as_deref()
    }
}
impl GetEbsEncryptionByDefaultOutput {
    pub fn builder() -> crate::operation::get_ebs_encryption_by_default::builders::GetEbsEncryptionByDefaultOutputBuilder {
        crate::operation::get_ebs_encryption_by_default::builders::GetEbsEncryptionByDefaultOutputBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct GetEbsEncryptionByDefaultOutputBuilder {
    pub(crate) ebs_encryption_by_default: ::std::option::Option<bool>,
    pub(crate) sse_type: ::std::option::Option<crate::types::SseType>,
    _request_id: Option<String>,
}
impl GetEbsEncryptionByDefaultOutputBuilder {
    pub fn ebs_encryption_by_default(mut self, input: bool) -> Self {
        self.ebs_encryption_by_default = ::std::option::Option::Some(input);
        self
    }
    pub fn set_ebs_encryption_by_default(mut self, input: ::std::option::Option<bool>) -> Self {
        self.ebs_encryption_by_default = input;
        self
    }
    pub fn get_ebs_encryption_by_default(&self) -> &::std::option::Option<bool> {
        &self.ebs_encryption_by_default
    }
    pub fn sse_type(mut self, input: crate::types::SseType) -> Self {
        self.sse_type = ::std::option::Option::Some(input);
        self
    }
    pub fn set_sse_type(mut self, input: ::std::option::Option<crate::types::SseType>) -> Self {
        self.sse_type = input;
        self
    }
    pub fn get_sse_type(&self) -> &::std::option::Option<crate::types::SseType> {
        &self.sse_type
    }
    pub(crate) fn _request_id(mut self, request_id: impl Into<String>) -> Self {
        self._request_id = Some(request_id.into());
        self
    }

    pub(crate) fn _set_request_id(&mut self, request_id: Option<String>) -> &mut Self {
        self._request_id = request_id;
        self
    }
    pub fn build(self) -> crate::operation::get_ebs_encryption_by_default::GetEbsEncryptionByDefaultOutput {
        crate::operation::get_ebs_encryption_by_default::GetEbsEncryptionByDefaultOutput {
            ebs_encryption_by_default: self.ebs_encryption_by_default,
            sse_type: self.sse_type,
            _request_id: self._request_id,
        }
    }
}
