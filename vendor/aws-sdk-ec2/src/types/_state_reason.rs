#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct StateReason {
    pub code: ::std::option::Option<::std::string::String>,
    pub message: ::std::option::Option<::std::string::String>,
}
impl StateReason {
    pub fn code(&self) -> ::std::option::Option<&str> {
        self.code.as_deref()
    }
    pub fn message(&self) -> ::std::option::Option<&str> {
        self.message.as_deref()
    }
}
impl StateReason {
    pub fn builder() -> crate::types::builders::StateReasonBuilder {
        crate::types::builders::StateReasonBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct StateReasonBuilder {
    pub(crate) code: ::std::option::Option<::std::string::String>,
    pub(crate) message: ::std::option::Option<::std::string::String>,
}
impl StateReasonBuilder {
    pub fn code(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.code = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_code(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.code = input;
        self
    }
    pub fn get_code(&self) -> &::std::option::Option<::std::string::String> {
        &self.code
    }
    pub fn message(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.message = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_message(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.message = input;
        self
    }
    pub fn get_message(&self) -> &::std::option::Option<::std::string::String> {
        &self.message
    }
    pub fn build(self) -> crate::types::StateReason {
        crate::types::StateReason {
            code: self.code,
            message: self.message,
        }
    }
}
