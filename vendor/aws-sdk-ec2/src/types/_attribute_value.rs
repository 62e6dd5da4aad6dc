#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct AttributeValue {
    pub value: ::std::option::Option<::std::string::String>,
}
impl AttributeValue {
    pub fn value(&self) -> ::std::option::Option<&str> {
        self.value.as_deref()
    }
}
impl AttributeValue {
    pub fn builder() -> crate::types::builders::AttributeValueBuilder {
        crate::types::builders::AttributeValueBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct AttributeValueBuilder {
    pub(crate) value: ::std::option::Option<::std::string::String>,
}
impl AttributeValueBuilder {
    pub fn value(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.value = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_value(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.value = input;
        self
    }
    pub fn get_value(&self) -> &::std::option::Option<::std::string::String> {
        &self.value
    }
    pub fn build(self) -> crate::types::AttributeValue {
        crate::types::AttributeValue { value: self.value }
    }
}
