#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct CreateVolumePermission {
    pub user_id: ::std::option::Option<::std::string::String>,
    pub group: ::std::option::Option<crate::types::PermissionGroup>,
}
impl CreateVolumePermission {
    pub fn user_id(&self) -> ::std::option::Option<&str> {
        self.user_id.as_deref()
    }
    pub fn group(&self) -> ::std::option::Option<&crate::types::PermissionGroup> {
        self.group.as_ref()
    }
}
impl CreateVolumePermission {
    pub fn builder() -> crate::types::builders::CreateVolumePermissionBuilder {
        crate::types::builders::CreateVolumePermissionBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct CreateVolumePermissionBuilder {
    pub(crate) user_id: ::std::option::Option<::std::string::String>,
    pub(crate) group: ::std::option::Option<crate::types::PermissionGroup>,
}
impl CreateVolumePermissionBuilder {
    pub fn user_id(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.user_id = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_user_id(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.user_id = input;
        self
    }
    pub fn get_user_id(&self) -> &::std::option::Option<::std::string::String> {
        &self.user_id
    }
    pub fn group(mut self, input: crate::types::PermissionGroup) -> Self {
        self.group = ::std::option::Option::Some(input);
        self
    }
    pub fn set_group(mut self, input: ::std::option::Option<crate::types::PermissionGroup>) -> Self {
        self.group = input;
        self
    }
    pub fn get_group(&self) -> &::std::option::Option<crate::types::PermissionGroup> {
        &self.group
    }
    pub fn build(self) -> crate::types::CreateVolumePermission {
        crate::types::CreateVolumePermission {
            user_id: self.user_id,
            group: self.group,
        }
    }
}
