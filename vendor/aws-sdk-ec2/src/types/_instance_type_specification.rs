#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct InstanceTypeSpecification {
    pub supported_instance_types: ::std::option::Option<::std::vec::Vec<crate::types::InstanceTypeItem>>,
    pub unsupported_instance_types: ::std::option::Option<::std::vec::Vec<crate::types::InstanceTypeItem>>,
}
impl InstanceTypeSpecification {
    pub fn supported_instance_types(&self) -> &[crate::types::InstanceTypeItem] {
        self.supported_instance_types.as_deref().unwrap_or_default()
    }
    pub fn unsupported_instance_types(&self) -> &[crate::types::InstanceTypeItem] {
        self.unsupported_instance_types.as_deref().unwrap_or_default()
    }
}
impl InstanceTypeSpecification {
    pub fn builder() -> crate::types::builders::InstanceTypeSpecificationBuilder {
        crate::types::builders::InstanceTypeSpecificationBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct InstanceTypeSpecificationBuilder {
    pub(crate) supported_instance_types: ::std::option::Option<::std::vec::Vec<crate::types::InstanceTypeItem>>,
    pub(crate) unsupported_instance_types: ::std::option::Option<::std::vec::Vec<crate::types::InstanceTypeItem>>,
}
impl InstanceTypeSpecificationBuilder {
    pub fn supported_instance_types(mut self, input: crate::types::InstanceTypeItem) -> Self {
        let mut v = self.supported_instance_types.unwrap_or_default();
        v.push(input);
        self.supported_instance_types = ::std::option::Option::Some(v);
        self
    }
    pub fn set_supported_instance_types(mut self, input: ::std::option::Option<::std::vec::Vec<crate::types::InstanceTypeItem>>) -> Self {
        self.supported_instance_types = input;
        self
    }
    pub fn get_supported_instance_types(&self) -> &::std::option::Option<::std::vec::Vec<crate::types::InstanceTypeItem>> {
        &self.supported_instance_types
    }
    pub fn unsupported_instance_types(mut self, input: crate::types::InstanceTypeItem) -> Self {
        let mut v = self.unsupported_instance_types.unwrap_or_default();
        v.push(input);
        self.unsupported_instance_types = ::std::option::Option::Some(v);
        self
    }
    pub fn set_unsupported_instance_types(mut self, input: ::std::option::Option<::std::vec::Vec<crate::types::InstanceTypeItem>>) -> Self {
        self.unsupported_instance_types = input;
        self
    }
    pub fn get_unsupported_instance_types(&self) -> &::std::option::Option<::std::vec::Vec<crate::types::InstanceTypeItem>> {
        &self.unsupported_instance_types
    }
    pub fn build(self) -> crate::types::InstanceTypeSpecification {
        crate::types::InstanceTypeSpecification {
            supported_instance_types: self.supported_instance_types,
            unsupported_instance_types: self.unsupported_instance_types,
        }
    }
}
