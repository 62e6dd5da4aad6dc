#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct ClassicLoadBalancer {
    pub name: ::std::option::Option<::std::string::String>,
}
impl ClassicLoadBalancer {
    pub fn name(&self) -> ::std::option::Option<&str> {
        self.name.as_deref()
    }
}
impl ClassicLoadBalancer {
    pub fn builder() -> crate::types::builders::ClassicLoadBalancerBuilder {
        crate::types::builders::ClassicLoadBalancerBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct ClassicLoadBalancerBuilder {
    pub(crate) name: ::std::option::Option<::std::string::String>,
}
impl ClassicLoadBalancerBuilder {
    pub fn name(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.name = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_name(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.name = input;
        self
    }
    pub fn get_name(&self) -> &::std::option::Option<::std::string::String> {
        &self.name
    }
    pub fn build(self) -> crate::types::ClassicLoadBalancer {
        crate::types::ClassicLoadBalancer { name: self.name }
    }
}
