#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct BaselinePerformanceFactors {
    pub cpu: ::std::option::Option<crate::types::CpuPerformanceFactor>,
}
impl BaselinePerformanceFactors {
    pub fn cpu(&self) -> ::std::option::Option<&crate::types::CpuPerformanceFactor> {
        self.cpu.as_ref()
    }
}
impl BaselinePerformanceFactors {
    pub fn builder() -> crate::types::builders::BaselinePerformanceFactorsBuilder {
        crate::types::builders::BaselinePerformanceFactorsBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct BaselinePerformanceFactorsBuilder {
    pub(crate) cpu: ::std::option::Option<crate::types::CpuPerformanceFactor>,
}
impl BaselinePerformanceFactorsBuilder {
    pub fn cpu(mut self, input: crate::types::CpuPerformanceFactor) -> Self {
        self.cpu = ::std::option::Option::Some(input);
        self
    }
    pub fn set_cpu(mut self, input: ::std::option::Option<crate::types::CpuPerformanceFactor>) -> Self {
        self.cpu = input;
        self
    }
    pub fn get_cpu(&self) -> &::std::option::Option<crate::types::CpuPerformanceFactor> {
        &self.cpu
    }
    pub fn build(self) -> crate::types::BaselinePerformanceFactors {
        crate::types::BaselinePerformanceFactors { cpu: self.cpu }
    }
}
