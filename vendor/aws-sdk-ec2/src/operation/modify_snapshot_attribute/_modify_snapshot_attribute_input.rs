#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct ModifySnapshotAttributeInput {
    pub attribute: ::std::option::Option<crate::types::SnapshotAttributeName>,
    pub create_volume_permission: ::std::option::Option<crate::types::CreateVolumePermissionModifications>,
    pub group_names: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
    pub operation_type: ::std::option::Option<crate::types::OperationType>,
    pub snapshot_id: ::std::option::Option<::std::string::String>,
    pub user_ids: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
    pub dry_run: ::std::option::Option<bool>,
}
impl ModifySnapshotAttributeInput {
    pub fn attribute(&self) -> ::std::option::Option<&crate::types::SnapshotAttributeName> {
        self.attribute.as_ref()
    }
    pub fn create_volume_permission(&self) -> ::std::option::Option<&crate::types::CreateVolumePermissionModifications> {
        self.create_volume_permission.as_ref()
    }
    pub fn group_names(&self) -> &[::std::string::String] {
        self.group_names.as_deref().unwrap_or_default()
    }
    pub fn operation_type(&self) -> ::std::option::Option<&crate::types::OperationType> {
        self.operation_type.as_ref()
    }
    pub fn snapshot_id(&self) -> ::std::option::Option<&str> {
        self.snapshot_id.as_deref()
    }
    pub fn user_ids(&self) -> &[::std::string::String] {
        self.user_ids.as_deref().unwrap_or_default()
    }
    pub fn dry_run(&self) -> ::std::option::Option<bool> {
        self.dry_run
    }
}
impl ModifySnapshotAttributeInput {
    pub fn builder() -> crate::operation::modify_snapshot_attribute::builders::ModifySnapshotAttributeInputBuilder {
        crate::operation::modify_snapshot_attribute::builders::ModifySnapshotAttributeInputBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct ModifySnapshotAttributeInputBuilder {
    pub(crate) attribute: ::std::option::Option<crate::types::SnapshotAttributeName>,
    pub(crate) create_volume_permission: ::std::option::Option<crate::types::CreateVolumePermissionModifications>,
    pub(crate) group_names: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
    pub(crate) operation_type: ::std::option::Option<crate::types::OperationType>,
    pub(crate) snapshot_id: ::std::option::Option<::std::string::String>,
    pub(crate) user_ids: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
    pub(crate) dry_run: ::std::option::Option<bool>,
}
impl ModifySnapshotAttributeInputBuilder {
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
    pub fn create_volume_permission(mut self, input: crate::types::CreateVolumePermissionModifications) -> Self {
        self.create_volume_permission = ::std::option::Option::Some(input);
        self
    }
    pub fn set_create_volume_permission(mut self, input: ::std::option::Option<crate::types::CreateVolumePermissionModifications>) -> Self {
        self.create_volume_permission = input;
        self
    }
    pub fn get_create_volume_permission(&self) -> &::std::option::Option<crate::types::CreateVolumePermissionModifications> {
        &self.create_volume_permission
    }
    pub fn group_names(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        let mut v = self.group_names.unwrap_or_default();
        v.push(input.into());
        self.group_names = ::std::option::Option::Some(v);
        self
    }
    pub fn set_group_names(mut self, input: ::std::option::Option<::std::vec::Vec<::std::string::String>>) -> Self {
        self.group_names = input;
        self
    }
    pub fn get_group_names(&self) -> &::std::option::Option<::std::vec::Vec<::std::string::String>> {
        &self.group_names
    }
    pub fn operation_type(mut self, input: crate::types::OperationType) -> Self {
        self.operation_type = ::std::option::Option::Some(input);
        self
    }
    pub fn set_operation_type(mut self, input: ::std::option::Option<crate::types::OperationType>) -> Self {
        self.operation_type = input;
        self
    }
    pub fn get_operation_type(&self) -> &::std::option::Option<crate::types::OperationType> {
        &self.operation_type
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
    pub fn user_ids(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        let mut v = self.user_ids.unwrap_or_default();
        v.push(input.into());
        self.user_ids = ::std::option::Option::Some(v);
        self
    }
    pub fn set_user_ids(mut self, input: ::std::option::Option<::std::vec::Vec<::std::string::String>>) -> Self {
        self.user_ids = input;
        self
    }
    pub fn get_user_ids(&self) -> &::std::option::Option<::std::vec::Vec<::std::string::String>> {
        &self.user_ids
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
        crate::operation::modify_snapshot_attribute::ModifySnapshotAttributeInput,
        ::aws_smithy_types::error::operation::BuildError,
    > {
        ::std::result::Result::Ok(crate::operation::modify_snapshot_attribute::ModifySnapshotAttributeInput {
            attribute: self.attribute,
            create_volume_permission: self.create_volume_permission,
            group_names: self.group_names,
            operation_type: self.operation_type,
            snapshot_id: self.snapshot_id,
            user_ids: self.user_ids,
            dry_run: self.dry_run,
        })
    }
}
