#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct DescribeSnapshotAttributeInput {
    pub attribute: ::std::option::Option<crate::types::SnapshotAttributeName>,
    pub snapshot_id: ::std::option::Option<::std::string::String>,
    pub dry_run: ::std::option::Option<bool>,
}
impl DescribeSnapshotAttributeInput {
    pub fn attribute(&self) -> ::std::option::Option<&crate::types::SnapshotAttributeName> {
        self.attribute.as_ref()
    }
    pub fn snapshot_id(&self) -> ::std::option::Option<&str> {
        self.snapshot_id.as_deref()
    }
    pub fn dry_run(&self) -> ::std::option::Option<bool> {
        self.dry_run
    }
}
impl DescribeSnapshotAttributeInput {
    pub fn builder() -> crate::operation::describe_snapshot_attribute::builders::DescribeSnapshotAttributeInputBuilder {
        crate::operation::describe_snapshot_attribute::builders::DescribeSnapshotAttributeInputBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct DescribeSnapshotAttributeInputBuilder {
    pub(crate) attribute: ::std::option::Option<crate::types::SnapshotAttributeName>,
    pub(crate) snapshot_id: ::std::option::Option<::std::string::String>,
    pub(crate) dry_run: ::std::option::Option<bool>,
}
impl DescribeSnapshotAttributeInputBuilder {
    pub fn attribute(mut self, input: crate::types::SnapshotAttributeName) -> Self {
        self.attribute = ::std::option::Option::Some(input);
        self
    }
    pub fn set_attribute(mut self, input: ::std::option::Option<crate::types::SnapshotAttributeName>) -> Self {
        self.attribute = input;
        self
    }
    pub fn get_attribute(&self) -> &::std::option::Option<crate::types::SnapshotAttributeName> {
        &self.attribute
    }
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
    pub fn build(
        self,
    ) -> ::std::result::Result<
        crate::operation::describe_snapshot_attribute::DescribeSnapshotAttributeInput,
        ::aws_smithy_types::error::operation::BuildError,
    > {
        ::std::result::Result::Ok(crate::operation::describe_snapshot_attribute::DescribeSnapshotAttributeInput {
            attribute: self.attribute,
            snapshot_id: self.snapshot_id,
            dry_run: self.dry_run,
        })
    }
}
