#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct LaunchPermissionModifications {
    pub add: ::std::option::Option<::std::vec::Vec<crate::types::LaunchPermission>>,
    pub remove: ::std::option::Option<::std::vec::Vec<crate::types::LaunchPermission>>,
}
impl LaunchPermissionModifications {
    pub fn add(&self) -> &[crate::types::LaunchPermission] {
        self.add.as_deref().unwrap_or_default()
    }
    pub fn remove(&self) -> &[crate::types::LaunchPermission] {
        self.remove.as_deref().unwrap_or_default()
    }
}
impl LaunchPermissionModifications {
    pub fn builder() -> crate::types::builders::LaunchPermissionModificationsBuilder {
        crate::types::builders::LaunchPermissionModificationsBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct LaunchPermissionModificationsBuilder {
    pub(crate) add: ::std::option::Option<::std::vec::Vec<crate::types::LaunchPermission>>,
    pub(crate) remove: ::std::option::Option<::std::vec::Vec<crate::types::LaunchPermission>>,
}
impl LaunchPermissionModificationsBuilder {
    pub fn add(mut self, input: crate::types::LaunchPermission) -> Self {
        let mut v = self.add.unwrap_or_default();
        v.push(input);
        self.add = ::std::option::Option::Some(v);
        self
    }
    pub fn set_add(mut self, input: ::std::option::Option<::std::vec::Vec<crate::types::LaunchPermission>>) -> Self {
        self.add = input;
        self
    }
    pub fn get_add(&self) -> &::std::option::Option<::std::vec::Vec<crate::types::LaunchPermission>> {
        &self.add
    }
    pub fn remove(mut self, input: crate::types::LaunchPermission) -> Self {
        let mut v = self.remove.unwrap_or_default();
        v.push(input);
        self.remove = ::std::option::Option::Some(v);
        self
    }
    pub fn set_remove(mut self, input: ::std::option::Option<::std::vec::Vec<crate::types::LaunchPermission>>) -> Self {
        self.remove = input;
        self
    }
    pub fn get_remove(&self) -> &::std::option::Option<::std::vec::Vec<crate::types::LaunchPermission>> {
        &self.remove
    }
    pub fn build(self) -> crate::types::LaunchPermissionModifications {
        crate::types::LaunchPermissionModifications {
            add: self.add,
            remove: self.remove,
        }
    }
}
