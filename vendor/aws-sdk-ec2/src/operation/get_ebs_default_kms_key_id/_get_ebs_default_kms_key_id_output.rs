#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct GetEbsDefaultKmsKeyIdOutput {
    pub kms_key_id: ::std::option::Option<::std::string::String>,
    _request_id: Option<String>,
}
impl GetEbsDefaultKmsKeyIdOutput {
    pub fn kms_key_id(&self) -> ::std::option::Option<&str> {
        self.kms_key_id.as_deref()
    }
}
impl ::aws_types::request_id::RequestId for GetEbsDefaultKmsKeyIdOutput {
    fn request_id(&self) -> Option<&str> {
        self._request_id.as_deref()
    }
}
impl GetEbsDefaultKmsKeyIdOutput {
    pub fn builder() -> crate::operation::get_ebs_default_kms_key_id::builders::GetEbsDefaultKmsKeyIdOutputBuilder {
        crate::operation::get_ebs_default_kms_key_id::builders::GetEbsDefaultKmsKeyIdOutputBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct GetEbsDefaultKmsKeyIdOutputBuilder {
    pub(crate) kms_key_id: ::std::option::Option<::std::string::String>,
    _request_id: Option<String>,
}
impl GetEbsDefaultKmsKeyIdOutputBuilder {
    pub fn kms_key_id(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.kms_key_id = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_kms_key_id(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.kms_key_id = input;
        self
    }
    pub fn get_kms_key_id(&self) -> &::std::option::Option<::std::string::String> {
        &self.kms_key_id
    }
    pub(crate) fn _request_id(mut self, request_id: impl Into<String>) -> Self {
        self._request_id = Some(request_id.into());
        self
    }

    pub(crate) fn _set_request_id(&mut self, request_id: Option<String>) -> &mut Self {
        self._request_id = request_id;
        self
    }
    pub fn build(self) -> crate::operation::get_ebs_default_kms_key_id::GetEbsDefaultKmsKeyIdOutput {
        crate::operation::get_ebs_default_kms_key_id::GetEbsDefaultKmsKeyIdOutput {
            kms_key_id: self.kms_key_id,
            _request_id: self._request_id,
        }
    }
}
