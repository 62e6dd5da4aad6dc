#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct DescribeSnapshotsInput {
    pub max_results: ::std::option::Option<i32>,
    pub next_token: ::std::option::Option<::std::string::String>,
    pub owner_ids: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
    pub restorable_by_user_ids: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
    pub snapshot_ids: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
    pub dry_run: ::std::option::Option<bool>,
    pub filters: ::std::option::Option<::std::vec::Vec<crate::types::Filter>>,
}
impl DescribeSnapshotsInput {
    pub fn max_results(&self) -> ::std::option::Option<i32> {
        self.max_results
    }
    pub fn next_token(&self) -> ::std::option::Option<&str> {
        self.next_token.as_deref()
    }
    pub fn owner_ids(&self) -> &[::std::string::String] {
        self.owner_ids.as_deref().unwrap_or_default()
    }
    pub fn restorable_by_user_ids(&self) -> &[::std::string::String] {
        self.restorable_by_user_ids.as_deref().unwrap_or_default()
    }
    pub fn snapshot_ids(&self) -> &[::std::string::String] {
        self.snapshot_ids.as_deref().unwrap_or_default()
    }
    pub fn dry_run(&self) -> ::std::option::Option<bool> {
        self.dry_run
    }
    pub fn filters(&self) -> &[crate::types::Filter] {
        self.filters.as_deref().unwrap_or_default()
    }
}
impl DescribeSnapshotsInput {
    pub fn builder() -> crate::operation::describe_snapshots::builders::DescribeSnapshotsInputBuilder {
        crate::operation::describe_snapshots::builders::DescribeSnapshotsInputBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct DescribeSnapshotsInputBuilder {
    pub(crate) max_results: ::std::option::Option<i32>,
    pub(crate) next_token: ::std::option::Option<::std::string::String>,
    pub(crate) owner_ids: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
    pub(crate) restorable_by_user_ids: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
    pub(crate) snapshot_ids: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
    pub(crate) dry_run: ::std::option::Option<bool>,
    pub(crate) filters: ::std::option::Option<::std::vec::Vec<crate::types::Filter>>,
}
impl DescribeSnapshotsInputBuilder {
    pub fn max_results(mut self, input: i32) -> Self {
        self.max_results = ::std::option::Option::Some(input);
        self
    }
    pub fn set_max_results(mut self, input: ::std::option::Option<i32>) -> Self {
        self.max_results = input;
        self
    }
    pub fn get_max_results(&self) -> &::std::option::Option<i32> {
        &self.max_results
    }
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
    pub fn owner_ids(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        let mut v = self.owner_ids.unwrap_or_default();
        v.push(input.into());
        self.owner_ids = ::std::option::Option::Some(v);
        self
    }
    pub fn set_owner_ids(mut self, input: ::std::option::Option<::std::vec::Vec<::std::string::String>>) -> Self {
        self.owner_ids = input;
        self
    }
    pub fn get_owner_ids(&self) -> &::std::option::Option<::std::vec::Vec<::std::string::String>> {
        &self.owner_ids
    }
    pub fn restorable_by_user_ids(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        let mut v = self.restorable_by_user_ids.unwrap_or_default();
        v.push(input.into());
        self.restorable_by_user_ids = ::std::option::Option::Some(v);
        self
    }
    pub fn set_restorable_by_user_ids(mut self, input: ::std::option::Option<::std::vec::Vec<::std::string::String>>) -> Self {
        self.restorable_by_user_ids = input;
        self
    }
    pub fn get_restorable_by_user_ids(&self) -> &::std::option::Option<::std::vec::Vec<::std::string::String>> {
        &self.restorable_by_user_ids
    }
    pub fn snapshot_ids(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        let mut v = self.snapshot_ids.unwrap_or_default();
        v.push(input.into());
        self.snapshot_ids = ::std::option::Option::Some(v);
        self
    }
    pub fn set_snapshot_ids(mut self, input: ::std::option::Option<::std::vec::Vec<::std::string::String>>) -> Self {
        self.snapshot_ids = input;
        self
    }
    pub fn get_snapshot_ids(&self) -> &::std::option::Option<::std::vec::Vec<::std::string::String>> {
        &self.snapshot_ids
    }
    pub fn dry_run(mut self, input: bool) -> Self {
        self.dry_run = ::std::option::Option::Some(input);
        self
    }
    pub fn set_dry_run(mut self, input: ::std::option::Option<bool>) -> Self {
        self.dry_run = input;
        self
    }
    pub fn get_dry_run(&self) -> &::std::option::Option<bool> {
        &self.dry_run
    }
    pub fn filters(mut self, input: crate::types::Filter) -> Self {
        let mut v = self.filters.unwrap_or_default();
        v.push(input);
        self.filters = ::std::option::Option::Some(v);
        self
    }
    pub fn set_filters(mut self, input: ::std::option::Option<::std::vec::Vec<crate::types::Filter>>) -> Self {
        self.filters = input;
        self
    }
    pub fn get_filters(&self) -> &::std::option::Option<::std::vec::Vec<crate::types::Filter>> {
        &self.filters
    }
    pub fn build(
        self,
    ) -> ::std::result::Result<crate::operation::describe_snapshots::DescribeSnapshotsInput, ::aws_smithy_types::error::operation::BuildError> {
        ::std::result::Result::Ok(crate::operation::describe_snapshots::DescribeSnapshotsInput {
            max_results: self.max_results,
            next_token: self.next_token,
            owner_ids: self.owner_ids,
            restorable_by_user_ids: self.restorable_by_user_ids,
            snapshot_ids: self.snapshot_ids,
            dry_run: self.dry_run,
            filters: self.filters,
        })
    }
}
