#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct CpuPerformanceFactorRequest {
    pub references: ::std::option::Option<::std::vec::Vec<crate::types::PerformanceFactorReferenceRequest>>,
}
impl CpuPerformanceFactorRequest {
    pub fn references(&self) -> &[crate::types::PerformanceFactorReferenceRequest] {
        self.references.as_deref().unwrap_or_default()
    }
}
impl CpuPerformanceFactorRequest {
    pub fn builder() -> crate::types::builders::CpuPerformanceFactorRequestBuilder {
        crate::types::builders::CpuPerformanceFactorRequestBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct CpuPerformanceFactorRequestBuilder {
    pub(crate) references: ::std::option::Option<::std::vec::Vec<crate::types::PerformanceFactorReferenceRequest>>,
}
impl CpuPerformanceFactorRequestBuilder {
    pub fn references(mut self, input: crate::types::PerformanceFactorReferenceRequest) -> Self {
        let mut v = self.references.unwrap_or_default();
        v.push(input);
        self.references = ::std::option::Option::Some(v);
        self
    }
    pub fn set_references(mut self, input: ::std::option::Option<::std::vec::Vec<crate::types::PerformanceFactorReferenceRequest>>) -> Self {
        self.references = input;
        self
    }
    pub fn get_references(&self) -> &::std::option::Option<::std::vec::Vec<crate::types::PerformanceFactorReferenceRequest>> {
        &self.references
    }
    pub fn build(self) -> crate::types::CpuPerformanceFactorRequest {
        crate::types::CpuPerformanceFactorRequest { references: self.references }
    }
}
