#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct EnaSrdUdpSpecificationRequest {
    pub ena_srd_udp_enabled: ::std::option::Option<bool>,
}
impl EnaSrdUdpSpecificationRequest {
    pub fn ena_srd_udp_enabled(&self) -> ::std::option::Option<bool> {
        self.ena_srd_udp_enabled
    }
}
impl EnaSrdUdpSpecificationRequest {
    pub fn builder() -> crate::types::builders::EnaSrdUdpSpecificationRequestBuilder {
        crate::types::builders::EnaSrdUdpSpecificationRequestBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct EnaSrdUdpSpecificationRequestBuilder {
    pub(crate) ena_srd_udp_enabled: ::std::option::Option<bool>,
}
impl EnaSrdUdpSpecificationRequestBuilder {
    pub fn ena_srd_udp_enabled(mut self, input: bool) -> Self {
        self.ena_srd_udp_enabled = ::std::option::Option::Some(input);
        self
    }
    pub fn set_ena_srd_udp_enabled(mut self, input: ::std::option::Option<bool>) -> Self {
        self.ena_srd_udp_enabled = input;
        self
    }
    pub fn get_ena_srd_udp_enabled(&self) -> &::std::option::Option<bool> {
        &self.ena_srd_udp_enabled
    }
    pub fn build(self) -> crate::types::EnaSrdUdpSpecificationRequest {
        crate::types::EnaSrdUdpSpecificationRequest {
            ena_srd_udp_enabled: self.ena_srd_udp_enabled,
        }
    }
}
