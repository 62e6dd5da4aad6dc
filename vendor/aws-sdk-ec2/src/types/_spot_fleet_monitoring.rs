#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct SpotFleetMonitoring {
    pub enabled: ::std::option::Option<bool>,
}
impl SpotFleetMonitoring {
    pub fn enabled(&self) -> ::std::option::Option<bool> {
        self.enabled
    }
}
impl SpotFleetMonitoring {
    pub fn builder() -> crate::types::builders::SpotFleetMonitoringBuilder {
        crate::types::builders::SpotFleetMonitoringBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct SpotFleetMonitoringBuilder {
    pub(crate) enabled: ::std::option::Option<bool>,
}
impl SpotFleetMonitoringBuilder {
    pub fn enabled(mut self, input: bool) -> Self {
        self.enabled = ::std::option::Option::Some(input);
        self
    }
    pub fn set_enabled(mut self, input: ::std::option::Option<bool>) -> Self {
        self.enabled = input;
        self
    }
    pub fn get_enabled(&self) -> &::std::option::Option<bool> {
        &self.enabled
    }
    pub fn build(self) -> crate::types::SpotFleetMonitoring {
        crate::types::SpotFleetMonitoring { enabled: self.enabled }
    }
}
