#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct Ipv4PrefixSpecificationRequest {
    pub ipv4_prefix: ::std::option::Option<::std::string::String>,
}
impl Ipv4PrefixSpecificationRequest {
    pub fn ipv4_prefix(&self) -> ::std::option::Option<&str> {
        self.ipv4_prefix.as_deref()
    }
}
impl Ipv4PrefixSpecificationRequest {
    pub fn builder() -> crate::types::builders::Ipv4PrefixSpecificationRequestBuilder {
        crate::types::builders::Ipv4PrefixSpecificationRequestBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct Ipv4PrefixSpecificationRequestBuilder {
    pub(crate) ipv4_prefix: ::std::option::Option<::std::string::String>,
}
impl Ipv4PrefixSpecificationRequestBuilder {
    pub fn ipv4_prefix(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.ipv4_prefix = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_ipv4_prefix(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.ipv4_prefix = input;
        self
    }
    pub fn get_ipv4_prefix(&self) -> &::std::option::Option<::std::string::String> {
        &self.ipv4_prefix
    }
    pub fn build(self) -> crate::types::Ipv4PrefixSpecificationRequest {
        crate::types::Ipv4PrefixSpecificationRequest {
            ipv4_prefix: self.ipv4_prefix,
        }
    }
}
