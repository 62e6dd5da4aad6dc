#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct BaselinePerformanceFactorsRequest {
    pub cpu: ::std::option::Option<crate::types::CpuPerformanceFactorRequest>,
}
impl BaselinePerformanceFactorsRequest {
    pub fn cpu(&self) -> ::std::option::Option<&crate::types::CpuPerformanceFactorRequest> {
        self.cpu.as_ref()
    }
}
impl BaselinePerformanceFactorsRequest {
    pub fn builder() -> crate::types::builders::BaselinePerformanceFactorsRequestBuilder {
        crate::types::builders::BaselinePerformanceFactorsRequestBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct BaselinePerformanceFactorsRequestBuilder {
    pub(crate) cpu: ::std::option::Option<crate::types::CpuPerformanceFactorRequest>,
}
impl BaselinePerformanceFactorsRequestBuilder {
    pub fn cpu(mut self, input: crate::types::CpuPerformanceFactorRequest) -> Self {
        self.cpu = ::std::option::Option::Some(input);
        self
    }
    pub fn set_cpu(mut self, input: ::std::option::Option<crate::types::CpuPerformanceFactorRequest>) -> Self {
        self.cpu = input;
        self
    }
    pub fn get_cpu(&self) -> &::std::option::Option<crate::types::CpuPerformanceFactorRequest> {
        &self.cpu
    }
    pub fn build(self) -> crate::types::BaselinePerformanceFactorsRequest {
        crate::types::BaselinePerformanceFactorsRequest { cpu: self.cpu }
    }
}
