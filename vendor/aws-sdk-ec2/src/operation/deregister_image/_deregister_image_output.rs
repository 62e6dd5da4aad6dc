#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct DeregisterImageOutput {
    pub r#return: ::std::option::Option<bool>,
    pub delete_snapshot_results: ::std::option::Option<::std::vec::Vec<crate::types::DeleteSnapshotReturnCode>>,
    _request_id: Option<String>,
}
impl DeregisterImageOutput {
    pub fn r#return(&self) -> ::std::option::Option<bool> {
        self.r#return
    }
    pub fn delete_snapshot_results(&self) -> &[crate::types::DeleteSnapshotReturnCode] {
        self.delete_snapshot_results.as_deref().unwrap_or_default()
    }
}
impl ::aws_types::request_id::RequestId for DeregisterImageOutput {
    fn request_id(&self) -> Option<&str> {
        self._request_id.as_deref()
    }
}
impl DeregisterImageOutput {
    pub fn builder() -> crate::operation::deregister_image::builders::DeregisterImageOutputBuilder {
        crate::operation::deregister_image::builders::DeregisterImageOutputBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct DeregisterImageOutputBuilder {
    pub(crate) r#return: ::std::option::Option<bool>,
    pub(crate) delete_snapshot_results: ::std::option::Option<::std::vec::Vec<crate::types::DeleteSnapshotReturnCode>>,
    _request_id: Option<String>,
}
impl DeregisterImageOutputBuilder {
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
    pub fn delete_snapshot_results(mut self, input: crate::types::DeleteSnapshotReturnCode) -> Self {
        let mut v = self.delete_snapshot_results.unwrap_or_default();
        v.push(input);
        self.delete_snapshot_results = ::std::option::Option::Some(v);
        self
    }
    pub fn set_delete_snapshot_results(mut self, input: ::std::option::Option<::std::vec::Vec<crate::types::DeleteSnapshotReturnCode>>) -> Self {
        self.delete_snapshot_results = input;
        self
    }
    pub fn get_delete_snapshot_results(&self) -> &::std::option::Option<::std::vec::Vec<crate::types::DeleteSnapshotReturnCode>> {
        &self.delete_snapshot_results
    }
    pub(crate) fn _request_id(mut self, request_id: impl Into<String>) -> Self {
        self._request_id = Some(request_id.into());
        self
    }

    pub(crate) fn _set_request_id(&mut self, request_id: Option<String>) -> &mut Self {
        self._request_id = request_id;
        self
    }
    pub fn build(self) -> crate::operation::deregister_image::DeregisterImageOutput {
        crate::operation::deregister_image::DeregisterImageOutput {
            r#return: self.r#return,
            delete_snapshot_results: self.delete_snapshot_results,
            _request_id: self._request_id,
        }
    }
}
