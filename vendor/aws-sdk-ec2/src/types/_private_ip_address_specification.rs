#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct PrivateIpAddressSpecification {
    pub primary: ::std::option::Option<bool>,
    pub private_ip_address: ::std::option::Option<::std::string::String>,
}
impl PrivateIpAddressSpecification {
    pub fn primary(&self) -> ::std::option::Option<bool> {
        self.primary
    }
    pub fn private_ip_address(&self) -> ::std::option::Option<&str> {
        self.private_ip_address.as_deref()
    }
}
impl PrivateIpAddressSpecification {
    pub fn builder() -> crate::types::builders::PrivateIpAddressSpecificationBuilder {
        crate::types::builders::PrivateIpAddressSpecificationBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct PrivateIpAddressSpecificationBuilder {
    pub(crate) primary: ::std::option::Option<bool>,
    pub(crate) private_ip_address: ::std::option::Option<::std::string::String>,
}
impl PrivateIpAddressSpecificationBuilder {
    pub fn primary(mut self, input: bool) -> Self {
        self.primary = ::std::option::Option::Some(input);
        self
    }
    pub fn set_primary(mut self, input: ::std::option::Option<bool>) -> Self {
        self.primary = input;
        self
    }
    pub fn get_primary(&self) -> &::std::option::Option<bool> {
        &self.primary
    }
    pub fn private_ip_address(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.private_ip_address = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_private_ip_address(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.private_ip_address = input;
        self
    }
    pub fn get_private_ip_address(&self) -> &::std::option::Option<::std::string::String> {
        &self.private_ip_address
    }
    pub fn build(self) -> crate::types::PrivateIpAddressSpecification {
        crate::types::PrivateIpAddressSpecification {
            primary: self.primary,
            private_ip_address: self.private_ip_address,
        }
    }
}
