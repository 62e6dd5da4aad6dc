#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct MemoryGiBPerVCpuRequest {
    pub min: ::std::option::Option<f64>,
    pub max: ::std::option::Option<f64>,
}
impl MemoryGiBPerVCpuRequest {
    pub fn min(&self) -> ::std::option::Option<f64> {
        self.min
    }
    pub fn max(&self) -> ::std::option::Option<f64> {
        self.max
    }
}
impl MemoryGiBPerVCpuRequest {
    pub fn builder() -> crate::types::builders::MemoryGiBPerVCpuRequestBuilder {
        crate::types::builders::MemoryGiBPerVCpuRequestBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct MemoryGiBPerVCpuRequestBuilder {
    pub(crate) min: ::std::option::Option<f64>,
    pub(crate) max: ::std::option::Option<f64>,
}
impl MemoryGiBPerVCpuRequestBuilder {
    pub fn min(mut self, input: f64) -> Self {
        self.min = ::std::option::Option::Some(input);
        self
    }
    pub fn set_min(mut self, input: ::std::option::Option<f64>) -> Self {
        self.min = input;
        self
    }
    pub fn get_min(&self) -> &::std::option::Option<f64> {
        &self.min
    }
    pub fn max(mut self, input: f64) -> Self {
        self.max = ::std::option::Option::Some(input);
        self
    }
    pub fn set_max(mut self, input: ::std::option::Option<f64>) -> Self {
        self.max = input;
        self
    }
    pub fn get_max(&self) -> &::std::option::Option<f64> {
        &self.max
    }
    pub fn build(self) -> crate::types::MemoryGiBPerVCpuRequest {
        crate::types::MemoryGiBPerVCpuRequest {
            min: self.min,
            max: self.max,
        }
    }
}
