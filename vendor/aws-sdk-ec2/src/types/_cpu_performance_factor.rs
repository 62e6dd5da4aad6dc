#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct CpuPerformanceFactor {
    pub references: ::std::option::Option<::std::vec::Vec<crate::types::PerformanceFactorReference>>,
}
impl CpuPerformanceFactor {
    pub fn references(&self) -> &[crate::types::PerformanceFactorReference] {
        self.references.as_deref().unwrap_or_default()
    }
}
impl CpuPerformanceFactor {
    pub fn builder() -> crate::types::builders::CpuPerformanceFactorBuilder {
        crate::types::builders::CpuPerformanceFactorBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct CpuPerformanceFactorBuilder {
    pub(crate) references: ::std::option::Option<::std::vec::Vec<crate::types::PerformanceFactorReference>>,
}
impl CpuPerformanceFactorBuilder {
    pub fn references(mut self, input: crate::types::PerformanceFactorReference) -> Self {
        let mut v = self.references.unwrap_or_default();
        v.push(input);
        self.references = ::std::option::Option::Some(v);
        self
    }
    pub fn set_references(mut self, input: ::std::option::Option<::std::vec::Vec<crate::types::PerformanceFactorReference>>) -> Self {
        self.references = input;
        self
    }
    pub fn get_references(&self) -> &::std::option::Option<::std::vec::Vec<crate::types::PerformanceFactorReference>> {
        &self.references
    }
    pub fn build(self) -> crate::types::CpuPerformanceFactor {
        crate::types::CpuPerformanceFactor { references: self.references }
    }
}
