#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct LaunchPermission {
    pub organization_arn: ::std::option::Option<::std::string::String>,
    pub organizational_unit_arn: ::std::option::Option<::std::string::String>,
    pub user_id: ::std::option::Option<::std::string::String>,
    pub group: ::std::option::Option<crate::types::PermissionGroup>,
}
impl LaunchPermission {
    pub fn organization_arn(&self) -> ::std::option::Option<&str> {
        self.organization_arn.as_deref()
    }
    pub fn organizational_unit_arn(&self) -> ::std::option::Option<&str> {
        self.organizational_unit_arn.as_deref()
    }
    pub fn user_id(&self) -> ::std::option::Option<&str> {
        self.user_id.as_deref()
    }
    pub fn group(&self) -> ::std::option::Option<&crate::types::PermissionGroup> {
        self.group.as_ref()
    }
}
impl LaunchPermission {
    pub fn builder() -> crate::types::builders::LaunchPermissionBuilder {
        crate::types::builders::LaunchPermissionBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct LaunchPermissionBuilder {
    pub(crate) organization_arn: ::std::option::Option<::std::string::String>,
    pub(crate) organizational_unit_arn: ::std::option::Option<::std::string::String>,
    pub(crate) user_id: ::std::option::Option<::std::string::String>,
    pub(crate) group: ::std::option::Option<crate::types::PermissionGroup>,
}
impl LaunchPermissionBuilder {
    pub fn organization_arn(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.organization_arn = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_organization_arn(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.organization_arn = input;
        self
    }
    pub fn get_organization_arn(&self) -> &::std::option::Option<::std::string::String> {
        &self.organization_arn
    }
    pub fn organizational_unit_arn(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.organizational_unit_arn = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_organizational_unit_arn(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.organizational_unit_arn = input;
        self
    }
    pub fn get_organizational_unit_arn(&self) -> &::std::option::Option<::std::string::String> {
        &self.organizational_unit_arn
    }
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
    pub fn build(self) -> crate::types::LaunchPermission {
        crate::types::LaunchPermission {
            organization_arn: self.organization_arn,
            organizational_unit_arn: self.organizational_unit_arn,
            user_id: self.user_id,
            group: self.group,
        }
    }
}
