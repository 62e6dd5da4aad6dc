#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct EnaSrdSpecificationRequest {
    pub ena_srd_enabled: ::std::option::Option<bool>,
    pub ena_srd_udp_specification: ::std::option::Option<crate::types::EnaSrdUdpSpecificationRequest>,
}
impl EnaSrdSpecificationRequest {
    pub fn ena_srd_enabled(&self) -> ::std::option::Option<bool> {
        self.ena_srd_enabled
    }
    pub fn ena_srd_udp_specification(&self) -> ::std::option::Option<&crate::types::EnaSrdUdpSpecificationRequest> {
        self.ena_srd_udp_specification.as_ref()
    }
}
impl EnaSrdSpecificationRequest {
    pub fn builder() -> crate::types::builders::EnaSrdSpecificationRequestBuilder {
        crate::types::builders::EnaSrdSpecificationRequestBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct EnaSrdSpecificationRequestBuilder {
    pub(crate) ena_srd_enabled: ::std::option::Option<bool>,
    pub(crate) ena_srd_udp_specification: ::std::option::Option<crate::types::EnaSrdUdpSpecificationRequest>,
}
impl EnaSrdSpecificationRequestBuilder {
    pub fn ena_srd_enabled(mut self, input: bool) -> Self {
        self.ena_srd_enabled = ::std::option::Option::Some(input);
        self
    }
    pub fn set_ena_srd_enabled(mut self, input: ::std::option::Option<bool>) -> Self {
        self.ena_srd_enabled = input;
        self
    }
    pub fn get_ena_srd_enabled(&self) -> &::std::option::Option<bool> {
        &self.ena_srd_enabled
    }
    pub fn ena_srd_udp_specification(mut self, input: crate::types::EnaSrdUdpSpecificationRequest) -> Self {
        self.ena_srd_udp_specification = ::std::option::Option::Some(input);
        self
    }
    pub fn set_ena_srd_udp_specification(mut self, input: ::std::option::Option<crate::types::EnaSrdUdpSpecificationRequest>) -> Self {
        self.ena_srd_udp_specification = input;
        self
    }
    pub fn get_ena_srd_udp_specification(&self) -> &::std::option::Option<crate::types::EnaSrdUdpSpecificationRequest> {
        &self.ena_srd_udp_specification
    }
    pub fn build(self) -> crate::types::EnaSrdSpecificationRequest {
        crate::types::EnaSrdSpecificationRequest {
            ena_srd_enabled: self.ena_srd_enabled,
            ena_srd_udp_specification: self.ena_srd_udp_specification,
        }
    }
}
