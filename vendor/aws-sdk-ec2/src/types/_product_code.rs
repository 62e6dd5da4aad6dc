#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct ProductCode {
    pub product_code_id: ::std::option::Option<::std::string::String>,
    pub product_code_type: ::std::option::Option<crate::types::ProductCodeValues>,
}
impl ProductCode {
    pub fn product_code_id(&self) -> ::std::option::Option<&str> {
        self.product_code_id.as_deref()
    }
    pub fn product_code_type(&self) -> ::std::option::Option<&crate::types::ProductCodeValues> {
        self.product_code_type.as_ref()
    }
}
impl ProductCode {
    pub fn builder() -> crate::types::builders::ProductCodeBuilder {
        crate::types::builders::ProductCodeBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct ProductCodeBuilder {
    pub(crate) product_code_id: ::std::option::Option<::std::string::String>,
    pub(crate) product_code_type: ::std::option::Option<crate::types::ProductCodeValues>,
}
impl ProductCodeBuilder {
    pub fn product_code_id(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.product_code_id = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_product_code_id(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.product_code_id = input;
        self
    }
    pub fn get_product_code_id(&self) -> &::std::option::Option<::std::string::String> {
        &self.product_code_id
    }
    pub fn product_code_type(mut self, input: crate::types::ProductCodeValues) -> Self {
        self.product_code_type = ::std::option::Option::Some(input);
        self
    }
    pub fn set_product_code_type(mut self, input: ::std::option::Option<crate::types::ProductCodeValues>) -> Self {
        self.product_code_type = input;
        self
    }
    pub fn get_product_code_type(&self) -> &::std::option::Option<crate::types::ProductCodeValues> {
        &self.product_code_type
    }
    pub fn build(self) -> crate::types::ProductCode {
        crate::types::ProductCode {
            product_code_id: self.product_code_id,
            product_code_type: self.product_code_type,
        }
    }
}
