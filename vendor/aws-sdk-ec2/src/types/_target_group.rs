#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct TargetGroup {
    pub arn: ::std::option::Option<::std::string::String>,
}
impl TargetGroup {
    pub fn arn(&self) -> ::std::option::Option<&str> {
        self.arn.as_deref()
    }
}
impl TargetGroup {
    pub fn builder() -> crate::types::builders::TargetGroupBuilder {
        crate::types::builders::TargetGroupBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct TargetGroupBuilder {
    pub(crate) arn: ::std::option::Option<::std::string::String>,
}
impl TargetGroupBuilder {
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
    pub fn build(self) -> crate::types::TargetGroup {
        crate::types::TargetGroup { arn: self.arn }
    }
}
