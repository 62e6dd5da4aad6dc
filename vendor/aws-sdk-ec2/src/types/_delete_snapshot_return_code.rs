#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct DeleteSnapshotReturnCode {
    pub snapshot_id: ::std::option::Option<::std::string::String>,
    pub return_code: ::std::option::Option<crate::types::SnapshotReturnCodes>,
}
impl DeleteSnapshotReturnCode {
    pub fn snapshot_id(&self) -> ::std::option::Option<&str> {
        self.snapshot_id.as_deref()
    }
    pub fn return_code(&self) -> ::std::option::Option<&crate::types::SnapshotReturnCodes> {
        self.return_code.as_ref()
    }
}
impl DeleteSnapshotReturnCode {
    pub fn builder() -> crate::types::builders::DeleteSnapshotReturnCodeBuilder {
        crate::types::builders::DeleteSnapshotReturnCodeBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct DeleteSnapshotReturnCodeBuilder {
    pub(crate) snapshot_id: ::std::option::Option<::std::string::String>,
    pub(crate) return_code: ::std::option::Option<crate::types::SnapshotReturnCodes>,
}
impl DeleteSnapshotReturnCodeBuilder {
    pub fn snapshot_id(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.snapshot_id = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_snapshot_id(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.snapshot_id = input;
        self
    }
    pub fn get_snapshot_id(&self) -> &::std::option::Option<::std::string::String> {
        &self.snapshot_id
    }
    pub fn return_code(mut self, input: crate::types::SnapshotReturnCodes) -> Self {
        self.return_code = ::std::option::Option::Some(input);
        self
    }
    pub fn set_return_code(mut self, input: ::std::option::Option<crate::types::SnapshotReturnCodes>) -> Self {
        self.return_code = input;
        self
    }
    pub fn get_return_code(&self) -> &::std::option::Option<crate::types::SnapshotReturnCodes> {
        &self.return_code
    }
    pub fn build(self) -> crate::types::DeleteSnapshotReturnCode {
        crate::types::DeleteSnapshotReturnCode {
            snapshot_id: self.snapshot_id,
            return_code: self.return_code,
        }
    }
}
