#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct ModifyImageAttributeInput {
    pub attribute: ::std::option::Option<::std::string::String>,
    pub description: ::std::option::Option<crate::types::AttributeValue>,
    pub image_id: ::std::option::Option<::std::string::String>,
    pub launch_permission: ::std::option::Option<crate::types::LaunchPermissionModifications>,
    pub operation_type: ::std::option::Option<crate::types::OperationType>,
    pub product_codes: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
    pub user_groups: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
    pub user_ids: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
    pub value: ::std::option::Option<::std::string::String>,
    pub organization_arns: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
    pub organizational_unit_arns: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
    pub imds_support: ::std::option::Option<crate::types::AttributeValue>,
    pub dry_run: ::std::option::Option<bool>,
}
impl ModifyImageAttributeInput {
    pub fn attribute(&self) -> ::std::option::Option<&str> {
        self.attribute.as_deref()
    }
    pub fn description(&self) -> ::std::option::Option<&crate::types::AttributeValue> {
        self.description.as_ref()
    }
    pub fn image_id(&self) -> ::std::option::Option<&str> {
        self.image_id.as_deref()
    }
    pub fn launch_permission(&self) -> ::std::option::Option<&crate::types::LaunchPermissionModifications> {
        self.launch_permission.as_ref()
    }
    pub fn operation_type(&self) -> ::std::option::Option<&crate::types::OperationType> {
        self.operation_type.as_ref()
    }
    pub fn product_codes(&self) -> &[::std::string::String] {
        self.product_codes.as_deref().unwrap_or_default()
    }
    pub fn user_groups(&self) -> &[::std::string::String] {
        self.user_groups.as_deref().unwrap_or_default()
    }
    pub fn user_ids(&self) -> &[::std::string::String] {
        self.user_ids.as_deref().unwrap_or_default()
    }
    pub fn value(&self) -> ::std::option::Option<&str> {
        self.value.as_deref()
    }
    pub fn organization_arns(&self) -> &[::std::string::String] {
        self.organization_arns.as_deref().unwrap_or_default()
    }
    pub fn organizational_unit_arns(&self) -> &[::std::string::String] {
        self.organizational_unit_arns.as_deref().unwrap_or_default()
    }
    pub fn imds_support(&self) -> ::std::option::Option<&crate::types::AttributeValue> {
        self.imds_support.as_ref()
    }
    pub fn dry_run(&self) -> ::std::option::Option<bool> {
        self.dry_run
    }
}
impl ModifyImageAttributeInput {
    pub fn builder() -> crate::operation::modify_image_attribute::builders::ModifyImageAttributeInputBuilder {
        crate::operation::modify_image_attribute::builders::ModifyImageAttributeInputBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct ModifyImageAttributeInputBuilder {
    pub(crate) attribute: ::std::option::Option<::std::string::String>,
    pub(crate) description: ::std::option::Option<crate::types::AttributeValue>,
    pub(crate) image_id: ::std::option::Option<::std::string::String>,
    pub(crate) launch_permission: ::std::option::Option<crate::types::LaunchPermissionModifications>,
    pub(crate) operation_type: ::std::option::Option<crate::types::OperationType>,
    pub(crate) product_codes: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
    pub(crate) user_groups: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
    pub(crate) user_ids: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
    pub(crate) value: ::std::option::Option<::std::string::String>,
    pub(crate) organization_arns: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
    pub(crate) organizational_unit_arns: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
    pub(crate) imds_support: ::std::option::Option<crate::types::AttributeValue>,
    pub(crate) dry_run: ::std::option::Option<bool>,
}
impl ModifyImageAttributeInputBuilder {
    pub fn attribute(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.attribute = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_attribute(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.attribute = input;
        self
    }
    pub fn get_attribute(&self) -> &::std::option::Option<::std::string::String> {
        &self.attribute
    }
    pub fn description(mut self, input: crate::types::AttributeValue) -> Self {
        self.description = ::std::option::Option::Some(input);
        self
    }
    pub fn set_description(mut self, input: ::std::option::Option<crate::types::AttributeValue>) -> Self {
        self.description = input;
        self
    }
    pub fn get_description(&self) -> &::std::option::Option<crate::types::AttributeValue> {
        &self.description
    }
    pub fn image_id(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.image_id = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_image_id(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.image_id = input;
        self
    }
    pub fn get_image_id(&self) -> &::std::option::Option<::std::string::String> {
        &self.image_id
    }
    pub fn launch_permission(mut self, input: crate::types::LaunchPermissionModifications) -> Self {
        self.launch_permission = ::std::option::Option::Some(input);
        self
    }
    pub fn set_launch_permission(mut self, input: ::std::option::Option<crate::types::LaunchPermissionModifications>) -> Self {
        self.launch_permission = input;
        self
    }
    pub fn get_launch_permission(&self) -> &::std::option::Option<crate::types::LaunchPermissionModifications> {
        &self.launch_permission
    }
    pub fn operation_type(mut self, input: crate::types::OperationType) -> Self {
        self.operation_type = ::std::option::Option::Some(input);
        self
    }
    pub fn set_operation_type(mut self, input: ::std::option::Option<crate::types::OperationType>) -> Self {
        self.operation_type = input;
        self
    }
    pub fn get_operation_type(&self) -> &::std::option::Option<crate::types::OperationType> {
        &self.operation_type
    }
    pub fn product_codes(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        let mut v = self.product_codes.unwrap_or_default();
        v.push(input.into());
        self.product_codes = ::std::option::Option::Some(v);
        self
    }
    pub fn set_product_codes(mut self, input: ::std::option::Option<::std::vec::Vec<::std::string::String>>) -> Self {
        self.product_codes = input;
        self
    }
    pub fn get_product_codes(&self) -> &::std::option::Option<::std::vec::Vec<::std::string::String>> {
        &self.product_codes
    }
    pub fn user_groups(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        let mut v = self.user_groups.unwrap_or_default();
        v.push(input.into());
        self.user_groups = ::std::option::Option::Some(v);
        self
    }
    pub fn set_user_groups(mut self, input: ::std::option::Option<::std::vec::Vec<::std::string::String>>) -> Self {
        self.user_groups = input;
        self
    }
    pub fn get_user_groups(&self) -> &::std::option::Option<::std::vec::Vec<::std::string::String>> {
        &self.user_groups
    }
    pub fn user_ids(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        let mut v = self.user_ids.unwrap_or_default();
        v.push(input.into());
        self.user_ids = ::std::option::Option::Some(v);
        self
    }
    pub fn set_user_ids(mut self, input: ::std::option::Option<::std::vec::Vec<::std::string::String>>) -> Self {
        self.user_ids = input;
        self
    }
    pub fn get_user_ids(&self) -> &::std::option::Option<::std::vec::Vec<::std::string::String>> {
        &self.user_ids
    }
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
    pub fn organization_arns(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        let mut v = self.organization_arns.unwrap_or_default();
        v.push(input.into());
        self.organization_arns = ::std::option::Option::Some(v);
        self
    }
    pub fn set_organization_arns(mut self, input: ::std::option::Option<::std::vec::Vec<::std::string::String>>) -> Self {
        self.organization_arns = input;
        self
    }
    pub fn get_organization_arns(&self) -> &::std::option::Option<::std::vec::Vec<::std::string::String>> {
        &self.organization_arns
    }
    pub fn organizational_unit_arns(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        let mut v = self.organizational_unit_arns.unwrap_or_default();
        v.push(input.into());
        self.organizational_unit_arns = ::std::option::Option::Some(v);
        self
    }
    pub fn set_organizational_unit_arns(mut self, input: ::std::option::Option<::std::vec::Vec<::std::string::String>>) -> Self {
        self.organizational_unit_arns = input;
        self
    }
    pub fn get_organizational_unit_arns(&self) -> &::std::option::Option<::std::vec::Vec<::std::string::String>> {
        &self.organizational_unit_arns
    }
    pub fn imds_support(mut self, input: crate::types::AttributeValue) -> Self {
        self.imds_support = ::std::option::Option::Some(input);
        self
    }
    pub fn set_imds_support(mut self, input: ::std::option::Option<crate::types::AttributeValue>) -> Self {
        self.imds_support = input;
        self
    }
    pub fn get_imds_support(&self) -> &::std::option::Option<crate::types::AttributeValue> {
        &self.imds_support
    }
    pub fn dry_run(mut self, input: bool) -> Self {
        self.dry_run = ::std::option::Option::Some(input);
        self
    }
    pub fn set_dry_run(mut self, input: ::std::option::Option<bool>) -> Self {
        self.dry_run = input;
        self
    }
    pub fn get_dry_run(&self) -> &::std::option::Option<bool> {
        &self.dry_run
    }
    pub fn build(
        self,
    ) -> ::std::result::Result<crate::operation::modify_image_attribute::ModifyImageAttributeInput, ::aws_smithy_types::error::operation::BuildError>
    {
        ::std::result::Result::Ok(crate::operation::modify_image_attribute::ModifyImageAttributeInput {
            attribute: self.attribute,
            description: self.description,
            image_id: self.image_id,
            launch_permission: self.launch_permission,
            operation_type: self.operation_type,
            product_codes: self.product_codes,
            user_groups: self.user_groups,
            user_ids: self.user_ids,
            value: self.value,
            organization_arns: self.organization_arns,
            organizational_unit_arns: self.organizational_unit_arns,
            imds_support: self.imds_support,
            dry_run: self.dry_run,
        })
    }
}
