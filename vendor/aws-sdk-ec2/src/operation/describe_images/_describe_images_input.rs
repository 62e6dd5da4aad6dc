#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct DescribeImagesInput {
    pub executable_users: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
    pub image_ids: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
    pub owners: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
    pub include_deprecated: ::std::option::Option<bool>,
    pub include_disabled: ::std::option::Option<bool>,
    pub max_results: ::std::option::Option<i32>,
    pub next_token: ::std::option::Option<::std::string::String>,
    pub dry_run: ::std::option::Option<bool>,
    pub filters: ::std::option::Option<::std::vec::Vec<crate::types::Filter>>,
}
impl DescribeImagesInput {
    pub fn executable_users(&self) -> &[::std::string::String] {
        self.executable_users.as_deref().unwrap_or_default()
    }
    pub fn image_ids(&self) -> &[::std::string::String] {
        self.image_ids.as_deref().unwrap_or_default()
    }
    pub fn owners(&self) -> &[::std::string::String] {
        self.owners.as_deref().unwrap_or_default()
    }
    pub fn include_deprecated(&self) -> ::std::option::Option<bool> {
        self.include_deprecated
    }
    pub fn include_disabled(&self) -> ::std::option::Option<bool> {
        self.include_disabled
    }
    pub fn max_results(&self) -> ::std::option::Option<i32> {
        self.max_results
    }
    pub fn next_token(&self) -> ::std::option::Option<&str> {
        self.next_token.as_deref()
    }
    pub fn dry_run(&self) -> ::std::option::Option<bool> {
        self.dry_run
    }
    pub fn filters(&self) -> &[crate::types::Filter] {
        self.filters.as_deref().unwrap_or_default()
    }
}
impl DescribeImagesInput {
    pub fn builder() -> crate::operation::describe_images::builders::DescribeImagesInputBuilder {
        crate::operation::describe_images::builders::DescribeImagesInputBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct DescribeImagesInputBuilder {
    pub(crate) executable_users: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
    pub(crate) image_ids: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
    pub(crate) owners: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
    pub(crate) include_deprecated: ::std::option::Option<bool>,
    pub(crate) include_disabled: ::std::option::Option<bool>,
    pub(crate) max_results: ::std::option::Option<i32>,
    pub(crate) next_token: ::std::option::Option<::std::string::String>,
    pub(crate) dry_run: ::std::option::Option<bool>,
    pub(crate) filters: ::std::option::Option<::std::vec::Vec<crate::types::Filter>>,
}
impl DescribeImagesInputBuilder {
    pub fn executable_users(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        let mut v = self.executable_users.unwrap_or_default();
        v.push(input.into());
        self.executable_users = ::std::option::Option::Some(v);
        self
    }
    pub fn set_executable_users(mut self, input: ::std::option::Option<::std::vec::Vec<::std::string::String>>) -> Self {
        self.executable_users = input;
        self
    }
    pub fn get_executable_users(&self) -> &::std::option::Option<::std::vec::Vec<::std::string::String>> {
        &self.executable_users
    }
    pub fn image_ids(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        let mut v = self.image_ids.unwrap_or_default();
        v.push(input.into());
        self.image_ids = ::std::option::Option::Some(v);
        self
    }
    pub fn set_image_ids(mut self, input: ::std::option::Option<::std::vec::Vec<::std::string::String>>) -> Self {
        self.image_ids = input;
        self
    }
    pub fn get_image_ids(&self) -> &::std::option::Option<::std::vec::Vec<::std::string::String>> {
        &self.image_ids
    }
    pub fn owners(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        let mut v = self.owners.unwrap_or_default();
        v.push(input.into());
        self.owners = ::std::option::Option::Some(v);
        self
    }
    pub fn set_owners(mut self, input: ::std::option::Option<::std::vec::Vec<::std::string::String>>) -> Self {
        self.owners = input;
        self
    }
    pub fn get_owners(&self) -> &::std::option::Option<::std::vec::Vec<::std::string::String>> {
        &self.owners
    }
    pub fn include_deprecated(mut self, input: bool) -> Self {
        self.include_deprecated = ::std::option::Option::Some(input);
        self
    }
    pub fn set_include_deprecated(mut self, input: ::std::option::Option<bool>) -> Self {
        self.include_deprecated = input;
        self
    }
    pub fn get_include_deprecated(&self) -> &::std::option::Option<bool> {
        &self.include_deprecated
    }
    pub fn include_disabled(mut self, input: bool) -> Self {
        self.include_disabled = ::std::option::Option::Some(input);
        self
    }
    pub fn set_include_disabled(mut self, input: ::std::option::Option<bool>) -> Self {
        self.include_disabled = input;
        self
    }
    pub fn get_include_disabled(&self) -> &::std::option::Option<bool> {
        &self.include_disabled
    }
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
    ) -> ::std::result::Result<crate::operation::describe_images::DescribeImagesInput, ::aws_smithy_types::error::operation::BuildError> {
        ::std::result::Result::Ok(crate::operation::describe_images::DescribeImagesInput {
            executable_users: self.executable_users,
            image_ids: self.image_ids,
            owners: self.owners,
            include_deprecated: self.include_deprecated,
            include_disabled: self.include_disabled,
            max_results: self.max_results,
            next_token: self.next_token,
            dry_run: self.dry_run,
            filters: self.filters,
        })
    }
}
