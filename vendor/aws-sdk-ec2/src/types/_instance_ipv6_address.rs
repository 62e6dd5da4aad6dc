#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct InstanceIpv6Address {
    pub ipv6_address: ::std::option::Option<::std::string::String>,
    pub is_primary_ipv6: ::std::option::Option<bool>,
}
impl InstanceIpv6Address {
    pub fn ipv6_address(&self) -> ::std::option::Option<&str> {
        self.ipv6_address.as_deref()
    }
    pub fn is_primary_ipv6(&self) -> ::std::option::Option<bool> {
        self.is_primary_ipv6
    }
}
impl InstanceIpv6Address {
    pub fn builder() -> crate::types::builders::InstanceIpv6AddressBuilder {
        crate::types::builders::InstanceIpv6AddressBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct InstanceIpv6AddressBuilder {
    pub(crate) ipv6_address: ::std::option::Option<::std::string::String>,
    pub(crate) is_primary_ipv6: ::std::option::Option<bool>,
}
impl InstanceIpv6AddressBuilder {
    pub fn ipv6_address(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.ipv6_address = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_ipv6_address(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.ipv6_address = input;
        self
    }
    pub fn get_ipv6_address(&self) -> &::std::option::Option<::std::string::String> {
        &self.ipv6_address
    }
    pub fn is_primary_ipv6(mut self, input: bool) -> Self {
        self.is_primary_ipv6 = ::std::option::Option::Some(input);
        self
    }
    pub fn set_is_primary_ipv6(mut self, input: ::std::option::Option<bool>) -> Self {
        self.is_primary_ipv6 = input;
        self
    }
    pub fn get_is_primary_ipv6(&self) -> &::std::option::Option<bool> {
        &self.is_primary_ipv6
    }
    pub fn build(self) -> crate::types::InstanceIpv6Address {
        crate::types::InstanceIpv6Address {
            ipv6_address: self.ipv6_address,
            is_primary_ipv6: self.is_primary_ipv6,
        }
    }
}
