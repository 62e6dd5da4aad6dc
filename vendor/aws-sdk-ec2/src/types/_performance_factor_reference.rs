#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct PerformanceFactorReference {
    pub instance_family: ::std::option::Option<::std::string::String>,
}
impl PerformanceFactorReference {
    pub fn instance_family(&self) -> ::std::option::Option<&str> {
        self.instance_family.as_deref()
    }
}
impl PerformanceFactorReference {
    pub fn builder() -> crate::types::builders::PerformanceFactorReferenceBuilder {
        crate::types::builders::PerformanceFactorReferenceBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct PerformanceFactorReferenceBuilder {
    pub(crate) instance_family: ::std::option::Option<::std::string::String>,
}
impl PerformanceFactorReferenceBuilder {
    pub fn instance_family(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.instance_family = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_instance_family(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.instance_family = input;
        self
    }
    pub fn get_instance_family(&self) -> &::std::option::Option<::std::string::String> {
        &self.instance_family
    }
    pub fn build(self) -> crate::types::PerformanceFactorReference {
        crate::types::PerformanceFactorReference {
            instance_family: self.instance_family,
        }
    }
}
