#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct InstanceTypeItem {
    pub instance_type: ::std::option::Option<::std::string::String>,
}
impl InstanceTypeItem {
    pub fn instance_type(&self) -> ::std::option::Option<&str> {
        self.instance_type.as_deref()
    }
}
impl InstanceTypeItem {
    pub fn builder() -> crate::types::builders::InstanceTypeItemBuilder {
        crate::types::builders::InstanceTypeItemBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct InstanceTypeItemBuilder {
    pub(crate) instance_type: ::std::option::Option<::std::string::String>,
}
impl InstanceTypeItemBuilder {
    pub fn instance_type(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.instance_type = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_instance_type(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.instance_type = input;
        self
    }
    pub fn get_instance_type(&self) -> &::std::option::Option<::std::string::String> {
        &self.instance_type
    }
    pub fn build(self) -> crate::types::InstanceTypeItem {
        crate::types::InstanceTypeItem {
            instance_type: self.instance_type,
        }
    }
}
