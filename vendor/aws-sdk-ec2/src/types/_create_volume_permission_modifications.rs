#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct CreateVolumePermissionModifications {
    pub add: ::std::option::Option<::std::vec::Vec<crate::types::CreateVolumePermission>>,
    pub remove: ::std::option::Option<::std::vec::Vec<crate::types::CreateVolumePermission>>,
}
impl CreateVolumePermissionModifications {
    pub fn add(&self) -> &[crate::types::CreateVolumePermission] {
        self.add.as_deref().unwrap_or_default()
    }
    pub fn remove(&self) -> &[crate::types::CreateVolumePermission] {
        self.remove.as_deref().unwrap_or_default()
    }
}
impl CreateVolumePermissionModifications {
    pub fn builder() -> crate::types::builders::CreateVolumePermissionModificationsBuilder {
        crate::types::builders::CreateVolumePermissionModificationsBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct CreateVolumePermissionModificationsBuilder {
    pub(crate) add: ::std::option::Option<::std::vec::Vec<crate::types::CreateVolumePermission>>,
    pub(crate) remove: ::std::option::Option<::std::vec::Vec<crate::types::CreateVolumePermission>>,
}
impl CreateVolumePermissionModificationsBuilder {
    pub fn add(mut self, input: crate::types::CreateVolumePermission) -> Self {
        let mut v = self.add.unwrap_or_default();
        v.push(input);
        self.add = ::std::option::Option::Some(v);
        self
    }
    pub fn set_add(mut self, input: ::std::option::Option<::std::vec::Vec<crate::types::CreateVolumePermission>>) -> Self {
        self.add = input;
        self
    }
    pub fn get_add(&self) -> &::std::option::Option<::std::vec::Vec<crate::types::CreateVolumePermission>> {
        &self.add
    }
    pub fn remove(mut self, input: crate::types::CreateVolumePermission) -> Self {
        let mut v = self.remove.unwrap_or_default();
        v.push(input);
        self.remove = ::std::option::Option::Some(v);
        self
    }
    pub fn set_remove(mut self, input: ::std::option::Option<::std::vec::Vec<crate::types::CreateVolumePermission>>) -> Self {
        self.remove = input;
        self
    }
    pub fn get_remove(&self) -> &::std::option::Option<::std::vec::Vec<crate::types::CreateVolumePermission>> {
        &self.remove
    }
    pub fn build(self) -> crate::types::CreateVolumePermissionModifications {
        crate::types::CreateVolumePermissionModifications {
            add: self.add,
            remove: self.remove,
        }
    }
}
