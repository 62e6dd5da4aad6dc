#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct Ipv6PrefixSpecificationRequest {
    pub ipv6_prefix: ::std::option::Option<::std::string::String>,
}
impl Ipv6PrefixSpecificationRequest {
    pub fn ipv6_prefix(&self) -> ::std::option::Option<&str> {
        self.ipv6_prefix.as_deref()
    }
}
impl Ipv6PrefixSpecificationRequest {
    pub fn builder() -> crate::types::builders::Ipv6PrefixSpecificationRequestBuilder {
        crate::types::builders::Ipv6PrefixSpecificationRequestBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct Ipv6PrefixSpecificationRequestBuilder {
    pub(crate) ipv6_prefix: ::std::option::Option<::std::string::String>,
}
impl Ipv6PrefixSpecificationRequestBuilder {
    pub fn ipv6_prefix(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.ipv6_prefix = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_ipv6_prefix(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.ipv6_prefix = input;
        self
    }
    pub fn get_ipv6_prefix(&self) -> &::std::option::Option<::std::string::String> {
        &self.ipv6_prefix
    }
    pub fn build(self) -> crate::types::Ipv6PrefixSpecificationRequest {
        crate::types::Ipv6PrefixSpecificationRequest {
            ipv6_prefix: self.ipv6_prefix,
        }
    }
}
