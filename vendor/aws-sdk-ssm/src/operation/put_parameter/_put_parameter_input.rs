#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq)]
pub struct PutParameterInput {
    pub name: ::std::option::Option<::std::string::String>,
    pub description: ::std::option::Option<::std::string::String>,
    pub value: ::std::option::Option<::std::string::String>,
    pub r#type: ::std::option::Option<crate::types::ParameterType>,
    pub key_id: ::std::option::Option<::std::string::String>,
    pub overwrite: ::std::option::Option<bool>,
    pub allowed_pattern: ::std::option::Option<::std::string::String>,
    pub tags: ::std::option::Option<::std::vec::Vec<crate::types::Tag>>,
    pub tier: ::std::option::Option<crate::types::ParameterTier>,
    pub policies: ::std::option::Option<::std::string::String>,
    pub data_type: ::std::option::Option<::std::string::String>,
}
impl PutParameterInput {
    pub fn name(&self) -> ::std::option::Option<&str> {
        self.name.as_deref()
    }
    pub fn description(&self) -> ::std::option::Option<&str> {
        self.description.as_deref()
    }
    pub fn value(&self) -> ::std::option::Option<&str> {
        self.value.as_deref()
    }
    pub fn r#type(&self) -> ::std::option::Option<&crate::types::ParameterType> {
        self.r#type.as_ref()
    }
    pub fn key_id(&self) -> ::std::option::Option<&str> {
        self.key_id.as_deref()
    }
    pub fn overwrite(&self) -> ::std::option::Option<bool> {
        self.overwrite
    }
    pub fn allowed_pattern(&self) -> ::std::option::Option<&str> {
        self.allowed_pattern.as_deref()
    }
    pub fn tags(&self) -> &[crate::types::Tag] {
        self.tags.as_deref().unwrap_or_default()
    }
    pub fn tier(&self) -> ::std::option::Option<&crate::types::ParameterTier> {
        self.tier.as_ref()
    }
    pub fn policies(&self) -> ::std::option::Option<&str> {
        self.policies.as_deref()
    }
    pub fn data_type(&self) -> ::std::option::Option<&str> {
        self.data_type.as_deref()
    }
}
impl ::std::fmt::Debug for PutParameterInput {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        let mut formatter = f.debug_struct("PutParameterInput");
        formatter.field("name", &self.name);
        formatter.field("description", &self.description);
        formatter.field("value", &"*** Sensitive Data Redacted ***");
        formatter.field("r#type", &self.r#type);
        formatter.field("key_id", &self.key_id);
        formatter.field("overwrite", &self.overwrite);
        formatter.field("allowed_pattern", &self.allowed_pattern);
        formatter.field("tags", &self.tags);
        formatter.field("tier", &self.tier);
        formatter.field("policies", &self.policies);
        formatter.field("data_type", &self.data_type);
        formatter.finish()
    }
}
static PUTPARAMETERINPUT_MEMBER_NAME: ::aws_smithy_schema::Schema<'static> = ::aws_smithy_schema::Schema::new_member(
    ::aws_smithy_schema::ShapeId::from_parts(
        "com.amazonaws.ssm.synthetic#PutParameterInput$Name",
        "com.amazonaws.ssm.synthetic",
        "PutParameterInput",
    ),
    ::aws_smithy_schema::ShapeType::String,
    "Name",
    0,
);
static PUTPARAMETERINPUT_MEMBER_DESCRIPTION: ::aws_smithy_schema::Schema<'static> = ::aws_smithy_schema::Schema::new_member(
    ::aws_smithy_schema::ShapeId::from_parts(
        "com.amazonaws.ssm.synthetic#PutParameterInput$Description",
        "com.amazonaws.ssm.synthetic",
        "PutParameterInput",
    ),
    ::aws_smithy_schema::ShapeType::String,
    "Description",
    1,
);
static PUTPARAMETERINPUT_MEMBER_VALUE: ::aws_smithy_schema::Schema<'static> = ::aws_smithy_schema::Schema::new_member(
    ::aws_smithy_schema::ShapeId::from_parts(
        "com.amazonaws.ssm.synthetic#PutParameterInput$Value",
        "com.amazonaws.ssm.synthetic",
        "PutParameterInput",
    ),
    ::aws_smithy_schema::ShapeType::String,
    "Value",
    2,
);
static PUTPARAMETERINPUT_MEMBER_TYPE: ::aws_smithy_schema::Schema<'static> = ::aws_smithy_schema::Schema::new_member(
    ::aws_smithy_schema::ShapeId::from_parts(
        "com.amazonaws.ssm.synthetic#PutParameterInput$Type",
        "com.amazonaws.ssm.synthetic",
        "PutParameterInput",
    ),
    ::aws_smithy_schema::ShapeType::String,
    "Type",
    3,
);
static PUTPARAMETERINPUT_MEMBER_KEY_ID: ::aws_smithy_schema::Schema<'static> = ::aws_smithy_schema::Schema::new_member(
    ::aws_smithy_schema::ShapeId::from_parts(
        "com.amazonaws.ssm.synthetic#PutParameterInput$KeyId",
        "com.amazonaws.ssm.synthetic",
        "PutParameterInput",
    ),
    ::aws_smithy_schema::ShapeType::String,
    "KeyId",
    4,
);
static PUTPARAMETERINPUT_MEMBER_OVERWRITE: ::aws_smithy_schema::Schema<'static> = ::aws_smithy_schema::Schema::new_member(
    ::aws_smithy_schema::ShapeId::from_parts(
        "com.amazonaws.ssm.synthetic#PutParameterInput$Overwrite",
        "com.amazonaws.ssm.synthetic",
        "PutParameterInput",
    ),
    ::aws_smithy_schema::ShapeType::Boolean,
    "Overwrite",
    5,
);
static PUTPARAMETERINPUT_MEMBER_ALLOWED_PATTERN: ::aws_smithy_schema::Schema<'static> = ::aws_smithy_schema::Schema::new_member(
    ::aws_smithy_schema::ShapeId::from_parts(
        "com.amazonaws.ssm.synthetic#PutParameterInput$AllowedPattern",
        "com.amazonaws.ssm.synthetic",
        "PutParameterInput",
    ),
    ::aws_smithy_schema::ShapeType::String,
    "AllowedPattern",
    6,
);
static PUTPARAMETERINPUT_MEMBER_TAGS_MEMBER: ::aws_smithy_schema::Schema<'static> = ::aws_smithy_schema::Schema::new_member(
    ::aws_smithy_schema::ShapeId::from_parts("com.amazonaws.ssm#TagList$member", "com.amazonaws.ssm", "TagList"),
    ::aws_smithy_schema::ShapeType::Structure,
    "member",
    0,
);
static PUTPARAMETERINPUT_MEMBER_TAGS: ::aws_smithy_schema::Schema<'static> = ::aws_smithy_schema::Schema::new_member(
    ::aws_smithy_schema::ShapeId::from_parts(
        "com.amazonaws.ssm.synthetic#PutParameterInput$Tags",
        "com.amazonaws.ssm.synthetic",
        "PutParameterInput",
    ),
    ::aws_smithy_schema::ShapeType::List,
    "Tags",
    7,
)
.with_list_member(&PUTPARAMETERINPUT_MEMBER_TAGS_MEMBER);
static PUTPARAMETERINPUT_MEMBER_TIER: ::aws_smithy_schema::Schema<'static> = ::aws_smithy_schema::Schema::new_member(
    ::aws_smithy_schema::ShapeId::from_parts(
        "com.amazonaws.ssm.synthetic#PutParameterInput$Tier",
        "com.amazonaws.ssm.synthetic",
        "PutParameterInput",
    ),
    ::aws_smithy_schema::ShapeType::String,
    "Tier",
    8,
);
static PUTPARAMETERINPUT_MEMBER_POLICIES: ::aws_smithy_schema::Schema<'static> = ::aws_smithy_schema::Schema::new_member(
    ::aws_smithy_schema::ShapeId::from_parts(
        "com.amazonaws.ssm.synthetic#PutParameterInput$Policies",
        "com.amazonaws.ssm.synthetic",
        "PutParameterInput",
    ),
    ::aws_smithy_schema::ShapeType::String,
    "Policies",
    9,
);
static PUTPARAMETERINPUT_MEMBER_DATA_TYPE: ::aws_smithy_schema::Schema<'static> = ::aws_smithy_schema::Schema::new_member(
    ::aws_smithy_schema::ShapeId::from_parts(
        "com.amazonaws.ssm.synthetic#PutParameterInput$DataType",
        "com.amazonaws.ssm.synthetic",
        "PutParameterInput",
    ),
    ::aws_smithy_schema::ShapeType::String,
    "DataType",
    10,
);
static PUTPARAMETERINPUT_SCHEMA: ::aws_smithy_schema::Schema<'static> = ::aws_smithy_schema::Schema::new_struct(
    ::aws_smithy_schema::ShapeId::from_parts(
        "com.amazonaws.ssm.synthetic#PutParameterInput",
        "com.amazonaws.ssm.synthetic",
        "PutParameterInput",
    ),
    ::aws_smithy_schema::ShapeType::Structure,
    &[
        &PUTPARAMETERINPUT_MEMBER_NAME,
        &PUTPARAMETERINPUT_MEMBER_DESCRIPTION,
        &PUTPARAMETERINPUT_MEMBER_VALUE,
        &PUTPARAMETERINPUT_MEMBER_TYPE,
        &PUTPARAMETERINPUT_MEMBER_KEY_ID,
        &PUTPARAMETERINPUT_MEMBER_OVERWRITE,
        &PUTPARAMETERINPUT_MEMBER_ALLOWED_PATTERN,
        &PUTPARAMETERINPUT_MEMBER_TAGS,
        &PUTPARAMETERINPUT_MEMBER_TIER,
        &PUTPARAMETERINPUT_MEMBER_POLICIES,
        &PUTPARAMETERINPUT_MEMBER_DATA_TYPE,
    ],
)
.with_payload_hint(::aws_smithy_schema::PayloadHint::NoStructPayload)
.with_original_name("PutParameterRequest");
impl PutParameterInput {
    pub const SCHEMA: &'static ::aws_smithy_schema::Schema<'static> = &PUTPARAMETERINPUT_SCHEMA;
}
impl ::aws_smithy_schema::serde::SerializableStruct for PutParameterInput {
    fn schema(&self) -> &::aws_smithy_schema::Schema<'_> {
        Self::SCHEMA
    }

    #[allow(unused_variables, clippy::diverging_sub_expression)]
    fn serialize_members(
        &self,
        ser: &mut dyn ::aws_smithy_schema::serde::ShapeSerializer,
    ) -> ::std::result::Result<(), ::aws_smithy_schema::serde::SerdeError> {
        if let Some(ref val) = self.name {
            ser.write_string(&PUTPARAMETERINPUT_MEMBER_NAME, val)?;
        }
        if let Some(ref val) = self.description {
            ser.write_string(&PUTPARAMETERINPUT_MEMBER_DESCRIPTION, val)?;
        }
        if let Some(ref val) = self.value {
            ser.write_string(&PUTPARAMETERINPUT_MEMBER_VALUE, val)?;
        }
        if let Some(ref val) = self.r#type {
            ser.write_string(&PUTPARAMETERINPUT_MEMBER_TYPE, val.as_str())?;
        }
        if let Some(ref val) = self.key_id {
            ser.write_string(&PUTPARAMETERINPUT_MEMBER_KEY_ID, val)?;
        }
        if let Some(ref val) = self.overwrite {
            ser.write_boolean(&PUTPARAMETERINPUT_MEMBER_OVERWRITE, *val)?;
        }
        if let Some(ref val) = self.allowed_pattern {
            ser.write_string(&PUTPARAMETERINPUT_MEMBER_ALLOWED_PATTERN, val)?;
        }
        if let Some(ref val) = self.tags {
            ser.write_list(
                &PUTPARAMETERINPUT_MEMBER_TAGS,
                &|ser: &mut dyn ::aws_smithy_schema::serde::ShapeSerializer| {
                    for item in val {
                        ser.write_struct(crate::types::Tag::SCHEMA, item)?;
                    }
                    Ok(())
                },
            )?;
        }
        if let Some(ref val) = self.tier {
            ser.write_string(&PUTPARAMETERINPUT_MEMBER_TIER, val.as_str())?;
        }
        if let Some(ref val) = self.policies {
            ser.write_string(&PUTPARAMETERINPUT_MEMBER_POLICIES, val)?;
        }
        if let Some(ref val) = self.data_type {
            ser.write_string(&PUTPARAMETERINPUT_MEMBER_DATA_TYPE, val)?;
        }
        Ok(())
    }
}
impl crate::operation::put_parameter::builders::PutParameterInputBuilder {
    #[allow(
        unused_variables,
        unreachable_code,
        clippy::single_match,
        clippy::match_single_binding,
        clippy::diverging_sub_expression
    )]
    pub(crate) fn deserialize_members(
        &mut self,
        deserializer: &mut dyn ::aws_smithy_schema::serde::ShapeDeserializer,
    ) -> ::std::result::Result<(), ::aws_smithy_schema::serde::SerdeError> {
        deserializer.read_struct(&PUTPARAMETERINPUT_SCHEMA, &mut |member, deser| {
            match member.member_index() {
                Some(0) => {
                    if deser.is_null() {
                        deser.read_null()?;
                    } else {
                        self.name = Some(deser.read_string(member)?);
                    }
                }
                Some(1) => {
                    if deser.is_null() {
                        deser.read_null()?;
                    } else {
                        self.description = Some(deser.read_string(member)?);
                    }
                }
                Some(2) => {
                    if deser.is_null() {
                        deser.read_null()?;
                    } else {
                        self.value = Some(deser.read_string(member)?);
                    }
                }
                Some(3) => {
                    if deser.is_null() {
                        deser.read_null()?;
                    } else {
                        self.r#type = Some(crate::types::ParameterType::from(deser.read_string(member)?.as_str()));
                    }
                }
                Some(4) => {
                    if deser.is_null() {
                        deser.read_null()?;
                    } else {
                        self.key_id = Some(deser.read_string(member)?);
                    }
                }
                Some(5) => {
                    if deser.is_null() {
                        deser.read_null()?;
                    } else {
                        self.overwrite = Some(deser.read_boolean(member)?);
                    }
                }
                Some(6) => {
                    if deser.is_null() {
                        deser.read_null()?;
                    } else {
                        self.allowed_pattern = Some(deser.read_string(member)?);
                    }
                }
                Some(7) => {
                    if deser.is_null() {
                        deser.read_null()?;
                    } else {
                        self.tags = Some({
                            let mut container = Vec::new();
                            deser.read_list(member, &mut |deser| {
                                container.push(crate::types::Tag::deserialize(deser)?);
                                Ok(())
                            })?;
                            container
                        });
                    }
                }
                Some(8) => {
                    if deser.is_null() {
                        deser.read_null()?;
                    } else {
                        self.tier = Some(crate::types::ParameterTier::from(deser.read_string(member)?.as_str()));
                    }
                }
                Some(9) => {
                    if deser.is_null() {
                        deser.read_null()?;
                    } else {
                        self.policies = Some(deser.read_string(member)?);
                    }
                }
                Some(10) => {
                    if deser.is_null() {
                        deser.read_null()?;
                    } else {
                        self.data_type = Some(deser.read_string(member)?);
                    }
                }
                _ => {}
            }
            Ok(())
        })
    }
}
impl PutParameterInput {
    pub fn deserialize(
        deserializer: &mut dyn ::aws_smithy_schema::serde::ShapeDeserializer,
    ) -> ::std::result::Result<Self, ::aws_smithy_schema::serde::SerdeError> {
        let mut builder = Self::builder();
        builder.deserialize_members(deserializer)?;
        builder.name = builder.name.or(Some(String::new()));
        builder.value = builder.value.or(Some(String::new()));
        builder.build().map_err(|e| aws_smithy_schema::serde::SerdeError::custom(e.to_string()))
    }
}
impl PutParameterInput {
    pub fn builder() -> crate::operation::put_parameter::builders::PutParameterInputBuilder {
        crate::operation::put_parameter::builders::PutParameterInputBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default)]
#[non_exhaustive]
pub struct PutParameterInputBuilder {
    pub(crate) name: ::std::option::Option<::std::string::String>,
    pub(crate) description: ::std::option::Option<::std::string::String>,
    pub(crate) value: ::std::option::Option<::std::string::String>,
    pub(crate) r#type: ::std::option::Option<crate::types::ParameterType>,
    pub(crate) key_id: ::std::option::Option<::std::string::String>,
    pub(crate) overwrite: ::std::option::Option<bool>,
    pub(crate) allowed_pattern: ::std::option::Option<::std::string::String>,
    pub(crate) tags: ::std::option::Option<::std::vec::Vec<crate::types::Tag>>,
    pub(crate) tier: ::std::option::Option<crate::types::ParameterTier>,
    pub(crate) policies: ::std::option::Option<::std::string::String>,
    pub(crate) data_type: ::std::option::Option<::std::string::String>,
}
impl PutParameterInputBuilder {
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
    pub fn description(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.description = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_description(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.description = input;
        self
    }
    pub fn get_description(&self) -> &::std::option::Option<::std::string::String> {
        &self.description
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
    pub fn r#type(mut self, input: crate::types::ParameterType) -> Self {
        self.r#type = ::std::option::Option::Some(input);
        self
    }
    pub fn set_type(mut self, input: ::std::option::Option<crate::types::ParameterType>) -> Self {
        self.r#type = input;
        self
    }
    pub fn get_type(&self) -> &::std::option::Option<crate::types::ParameterType> {
        &self.r#type
    }
    pub fn key_id(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.key_id = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_key_id(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.key_id = input;
        self
    }
    pub fn get_key_id(&self) -> &::std::option::Option<::std::string::String> {
        &self.key_id
    }
    pub fn overwrite(mut self, input: bool) -> Self {
        self.overwrite = ::std::option::Option::Some(input);
        self
    }
    pub fn set_overwrite(mut self, input: ::std::option::Option<bool>) -> Self {
        self.overwrite = input;
        self
    }
    pub fn get_overwrite(&self) -> &::std::option::Option<bool> {
        &self.overwrite
    }
    pub fn allowed_pattern(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.allowed_pattern = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_allowed_pattern(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.allowed_pattern = input;
        self
    }
    pub fn get_allowed_pattern(&self) -> &::std::option::Option<::std::string::String> {
        &self.allowed_pattern
    }
    pub fn tags(mut self, input: crate::types::Tag) -> Self {
        let mut v = self.tags.unwrap_or_default();
        v.push(input);
        self.tags = ::std::option::Option::Some(v);
        self
    }
    pub fn set_tags(mut self, input: ::std::option::Option<::std::vec::Vec<crate::types::Tag>>) -> Self {
        self.tags = input;
        self
    }
    pub fn get_tags(&self) -> &::std::option::Option<::std::vec::Vec<crate::types::Tag>> {
        &self.tags
    }
    pub fn tier(mut self, input: crate::types::ParameterTier) -> Self {
        self.tier = ::std::option::Option::Some(input);
        self
    }
    pub fn set_tier(mut self, input: ::std::option::Option<crate::types::ParameterTier>) -> Self {
        self.tier = input;
        self
    }
    pub fn get_tier(&self) -> &::std::option::Option<crate::types::ParameterTier> {
        &self.tier
    }
    pub fn policies(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.policies = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_policies(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.policies = input;
        self
    }
    pub fn get_policies(&self) -> &::std::option::Option<::std::string::String> {
        &self.policies
    }
    pub fn data_type(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.data_type = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_data_type(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.data_type = input;
        self
    }
    pub fn get_data_type(&self) -> &::std::option::Option<::std::string::String> {
        &self.data_type
    }
    pub fn build(
        self,
    ) -> ::std::result::Result<crate::operation::put_parameter::PutParameterInput, ::aws_smithy_types::error::operation::BuildError> {
        ::std::result::Result::Ok(crate::operation::put_parameter::PutParameterInput {
            name: self.name,
            description: self.description,
            value: self.value,
            r#type: self.r#type,
            key_id: self.key_id,
            overwrite: self.overwrite,
            allowed_pattern: self.allowed_pattern,
            tags: self.tags,
            tier: self.tier,
            policies: self.policies,
            data_type: self.data_type,
        })
    }
}
impl ::std::fmt::Debug for PutParameterInputBuilder {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        let mut formatter = f.debug_struct("PutParameterInputBuilder");
        formatter.field("name", &self.name);
        formatter.field("description", &self.description);
        formatter.field("value", &"*** Sensitive Data Redacted ***");
        formatter.field("r#type", &self.r#type);
        formatter.field("key_id", &self.key_id);
        formatter.field("overwrite", &self.overwrite);
        formatter.field("allowed_pattern", &self.allowed_pattern);
        formatter.field("tags", &self.tags);
        formatter.field("tier", &self.tier);
        formatter.field("policies", &self.policies);
        formatter.field("data_type", &self.data_type);
        formatter.finish()
    }
}
