#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct MultiRegionConfiguration {
    pub multi_region_key_type: ::std::option::Option<crate::types::MultiRegionKeyType>,
    pub primary_key: ::std::option::Option<crate::types::MultiRegionKey>,
    pub replica_keys: ::std::option::Option<::std::vec::Vec<crate::types::MultiRegionKey>>,
}
impl MultiRegionConfiguration {
    pub fn multi_region_key_type(&self) -> ::std::option::Option<&crate::types::MultiRegionKeyType> {
        self.multi_region_key_type.as_ref()
    }
    pub fn primary_key(&self) -> ::std::option::Option<&crate::types::MultiRegionKey> {
        self.primary_key.as_ref()
    }
    pub fn replica_keys(&self) -> &[crate::types::MultiRegionKey] {
        self.replica_keys.as_deref().unwrap_or_default()
    }
}
impl MultiRegionConfiguration {
    pub fn builder() -> crate::types::builders::MultiRegionConfigurationBuilder {
        crate::types::builders::MultiRegionConfigurationBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct MultiRegionConfigurationBuilder {
    pub(crate) multi_region_key_type: ::std::option::Option<crate::types::MultiRegionKeyType>,
    pub(crate) primary_key: ::std::option::Option<crate::types::MultiRegionKey>,
    pub(crate) replica_keys: ::std::option::Option<::std::vec::Vec<crate::types::MultiRegionKey>>,
}
impl MultiRegionConfigurationBuilder {
    pub fn multi_region_key_type(mut self, input: crate::types::MultiRegionKeyType) -> Self {
        self.multi_region_key_type = ::std::option::Option::Some(input);
        self
    }
    pub fn set_multi_region_key_type(mut self, input: ::std::option::Option<crate::types::MultiRegionKeyType>) -> Self {
        self.multi_region_key_type = input;
        self
    }
    pub fn get_multi_region_key_type(&self) -> &::std::option::Option<crate::types::MultiRegionKeyType> {
        &self.multi_region_key_type
    }
    pub fn primary_key(mut self, input: crate::types::MultiRegionKey) -> Self {
        self.primary_key = ::std::option::Option::Some(input);
        self
    }
    pub fn set_primary_key(mut self, input: ::std::option::Option<crate::types::MultiRegionKey>) -> Self {
        self.primary_key = input;
        self
    }
    pub fn get_primary_key(&self) -> &::std::option::Option<crate::types::MultiRegionKey> {
        &self.primary_key
    }
    pub fn replica_keys(mut self, input: crate::types::MultiRegionKey) -> Self {
        let mut v = self.replica_keys.unwrap_or_default();
        v.push(input);
        self.replica_keys = ::std::option::Option::Some(v);
        self
    }
    pub fn set_replica_keys(mut self, input: ::std::option::Option<::std::vec::Vec<crate::types::MultiRegionKey>>) -> Self {
        self.replica_keys = input;
        self
    }
    pub fn get_replica_keys(&self) -> &::std::option::Option<::std::vec::Vec<crate::types::MultiRegionKey>> {
        &self.replica_keys
    }
    pub fn build(self) -> crate::types::MultiRegionConfiguration {
        crate::types::MultiRegionConfiguration {
            multi_region_key_type: self.multi_region_key_type,
            primary_key: self.primary_key,
            replica_keys: self.replica_keys,
        }
    }
}
