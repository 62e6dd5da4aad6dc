#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct RunInstancesMonitoringEnabled {
    pub enabled: ::std::option::Option<bool>,
}
impl RunInstancesMonitoringEnabled {
    pub fn enabled(&self) -> ::std::option::Option<bool> {
        self.enabled
    }
}
impl RunInstancesMonitoringEnabled {
    pub fn builder() -> crate::types::builders::RunInstancesMonitoringEnabledBuilder {
        crate::types::builders::RunInstancesMonitoringEnabledBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct RunInstancesMonitoringEnabledBuilder {
    pub(crate) enabled: ::std::option::Option<bool>,
}
impl RunInstancesMonitoringEnabledBuilder {
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
    pub fn build(self) -> crate::types::RunInstancesMonitoringEnabled {
        crate::types::RunInstancesMonitoringEnabled { enabled: self.enabled }
    }
}
