#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct MultiRegionKey {
    pub arn: ::std::option::Option<::std::string::String>,
    pub region: ::std::option::Option<::std::string::String>,
}
impl MultiRegionKey {
    pub fn arn(&self) -> ::std::option::Option<&str> {
        self.arn.as_deref()
    }
    pub fn region(&self) -> ::std::option::Option<&str> {
        self.region.as_deref()
    }
}
impl MultiRegionKey {
    pub fn builder() -> crate::types::builders::MultiRegionKeyBuilder {
        crate::types::builders::MultiRegionKeyBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct MultiRegionKeyBuilder {
    pub(crate) arn: ::std::option::Option<::std::string::String>,
    pub(crate) region: ::std::option::Option<::std::string::String>,
}
impl MultiRegionKeyBuilder {
    pub fn arn(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.arn = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_arn(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.arn = input;
        self
    }
    pub fn get_arn(&self) -> &::std::option::Option<::std::string::String> {
        &self.arn
    }
    pub fn region(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.region = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_region(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.region = input;
        self
    }
    pub fn get_region(&self) -> &::std::option::Option<::std::string::String> {
        &self.region
    }
    pub fn build(self) -> crate::types::MultiRegionKey {
        crate::types::MultiRegionKey {
            arn: self.arn,
            region: self.region,
        }
    }
}
