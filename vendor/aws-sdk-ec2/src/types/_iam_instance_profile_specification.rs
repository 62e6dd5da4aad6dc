#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct IamInstanceProfileSpecification {
    pub arn: ::std::option::Option<::std::string::String>,
    pub name: ::std::option::Option<::std::string::String>,
}
impl IamInstanceProfileSpecification {
    pub fn arn(&self) -> ::std::option::Option<&str> {
        self.arn.as_deref()
    }
    pub fn name(&self) -> ::std::option::Option<&str> {
        self.name.as_deref()
    }
}
impl IamInstanceProfileSpecification {
    pub fn builder() -> crate::types::builders::IamInstanceProfileSpecificationBuilder {
        crate::types::builders::IamInstanceProfileSpecificationBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct IamInstanceProfileSpecificationBuilder {
    pub(crate) arn: ::std::option::Option<::std::string::String>,
    pub(crate) name: ::std::option::Option<::std::string::String>,
}
impl IamInstanceProfileSpecificationBuilder {
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
    pub fn name(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.name = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_name(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.name = input;
        self
    }
    pub fn get_name(&self) -> &::std::option::Option<::std::string::String> {
        &self.name
    }
    pub fn build(self) -> crate::types::IamInstanceProfileSpecification {
        crate::types::IamInstanceProfileSpecification {
            arn: self.arn,
            name: self.name,
        }
    }
}
