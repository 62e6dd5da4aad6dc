#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct ConnectionTrackingSpecificationRequest {
    pub tcp_established_timeout: ::std::option::Option<i32>,
    pub udp_stream_timeout: ::std::option::Option<i32>,
    pub udp_timeout: ::std::option::Option<i32>,
}
impl ConnectionTrackingSpecificationRequest {
    pub fn tcp_established_timeout(&self) -> ::std::option::Option<i32> {
        self.tcp_established_timeout
    }
    pub fn udp_stream_timeout(&self) -> ::std::option::Option<i32> {
        self.udp_stream_timeout
    }
    pub fn udp_timeout(&self) -> ::std::option::Option<i32> {
        self.udp_timeout
    }
}
impl ConnectionTrackingSpecificationRequest {
    pub fn builder() -> crate::types::builders::ConnectionTrackingSpecificationRequestBuilder {
        crate::types::builders::ConnectionTrackingSpecificationRequestBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct ConnectionTrackingSpecificationRequestBuilder {
    pub(crate) tcp_established_timeout: ::std::option::Option<i32>,
    pub(crate) udp_stream_timeout: ::std::option::Option<i32>,
    pub(crate) udp_timeout: ::std::option::Option<i32>,
}
impl ConnectionTrackingSpecificationRequestBuilder {
    pub fn tcp_established_timeout(mut self, input: i32) -> Self {
        self.tcp_established_timeout = ::std::option::Option::Some(input);
        self
    }
    pub fn set_tcp_established_timeout(mut self, input: ::std::option::Option<i32>) -> Self {
        self.tcp_established_timeout = input;
        self
    }
    pub fn get_tcp_established_timeout(&self) -> &::std::option::Option<i32> {
        &self.tcp_established_timeout
    }
    pub fn udp_stream_timeout(mut self, input: i32) -> Self {
        self.udp_stream_timeout = ::std::option::Option::Some(input);
        self
    }
    pub fn set_udp_stream_timeout(mut self, input: ::std::option::Option<i32>) -> Self {
        self.udp_stream_timeout = input;
        self
    }
    pub fn get_udp_stream_timeout(&self) -> &::std::option::Option<i32> {
        &self.udp_stream_timeout
    }
    pub fn udp_timeout(mut self, input: i32) -> Self {
        self.udp_timeout = ::std::option::Option::Some(input);
        self
    }
    pub fn set_udp_timeout(mut self, input: ::std::option::Option<i32>) -> Self {
        self.udp_timeout = input;
        self
    }
    pub fn get_udp_timeout(&self) -> &::std::option::Option<i32> {
        &self.udp_timeout
    }
    pub fn build(self) -> crate::types::ConnectionTrackingSpecificationRequest {
        crate::types::ConnectionTrackingSpecificationRequest {
            tcp_established_timeout: self.tcp_established_timeout,
            udp_stream_timeout: self.udp_stream_timeout,
            udp_timeout: self.udp_timeout,
        }
    }
}
