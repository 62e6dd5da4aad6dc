#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct NetworkInterfaceCount {
    pub min: ::std::option::Option<i32>,
    pub max: ::std::option::Option<i32>,
}
impl NetworkInterfaceCount {
    pub fn min(&self) -> ::std::option::Option<i32> {
        self.min
    }
    pub fn max(&self) -> ::std::option::Option<i32> {
        self.max
    }
}
impl NetworkInterfaceCount {
    pub fn builder() -> crate::types::builders::NetworkInterfaceCountBuilder {
        crate::types::builders::NetworkInterfaceCountBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct NetworkInterfaceCountBuilder {
    pub(crate) min: ::std::option::Option<i32>,
    pub(crate) max: ::std::option::Option<i32>,
}
impl NetworkInterfaceCountBuilder {
    pub fn min(mut self, input: i32) -> Self {
        self.min = ::std::option::Option::Some(input);
        self
    }
    pub fn set_min(mut self, input: ::std::option::Option<i32>) -> Self {
        self.min = input;
        self
    }
    pub fn get_min(&self) -> &::std::option::Option<i32> {
        &self.min
    }
    pub fn max(mut self, input: i32) -> Self {
        self.max = ::std::option::Option::Some(input);
        self
    }
    pub fn set_max(mut self, input: ::std::option::Option<i32>) -> Self {
        self.max = input;
        self
    }
    pub fn get_max(&self) -> &::std::option::Option<i32> {
        &self.max
    }
    pub fn build(self) -> crate::types::NetworkInterfaceCount {
        crate::types::NetworkInterfaceCount {
            min: self.min,
            max: self.max,
        }
    }
}
