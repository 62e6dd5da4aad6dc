#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct Tag {
    pub key: ::std::string::String,
    pub value: ::std::string::String,
}
impl Tag {
    pub fn key(&self) -> &str {
        use std::ops::Deref;
        self.key.deref()
    }
    pub fn value(&self) -> &str {
        use std::ops::Deref;
        self.value.deref()
    }
}
static TAG_MEMBER_KEY: ::aws_smithy_schema::Schema<'static> = ::aws_smithy_schema::Schema::new_member(
    ::aws_smithy_schema::ShapeId::from_parts("com.amazonaws.ssm#Tag$Key", "com.amazonaws.ssm", "Tag"),
    ::aws_smithy_schema::ShapeType::String,
    "Key",
    0,
);
static TAG_MEMBER_VALUE: ::aws_smithy_schema::Schema<'static> = ::aws_smithy_schema::Schema::new_member(
    ::aws_smithy_schema::ShapeId::from_parts("com.amazonaws.ssm#Tag$Value", "com.amazonaws.ssm", "Tag"),
    ::aws_smithy_schema::ShapeType::String,
    "Value",
    1,
);
static TAG_SCHEMA: ::aws_smithy_schema::Schema<'static> = ::aws_smithy_schema::Schema::new_struct(
    ::aws_smithy_schema::ShapeId::from_parts("com.amazonaws.ssm#Tag", "com.amazonaws.ssm", "Tag"),
    ::aws_smithy_schema::ShapeType::Structure,
    &[&TAG_MEMBER_KEY, &TAG_MEMBER_VALUE],
);
impl Tag {
    pub const SCHEMA: &'static ::aws_smithy_schema::Schema<'static> = &TAG_SCHEMA;
}
impl ::aws_smithy_schema::serde::SerializableStruct for Tag {
    fn schema(&self) -> &::aws_smithy_schema::Schema<'_> {
        Self::SCHEMA
    }

    #[allow(unused_variables, clippy::diverging_sub_expression)]
    fn serialize_members(
        &self,
        ser: &mut dyn ::aws_smithy_schema::serde::ShapeSerializer,
    ) -> ::std::result::Result<(), ::aws_smithy_schema::serde::SerdeError> {
        {
            let val = &self.key;
            ser.write_string(&TAG_MEMBER_KEY, val)?;
        }
        {
            let val = &self.value;
            ser.write_string(&TAG_MEMBER_VALUE, val)?;
        }
        Ok(())
    }
}
impl crate::types::builders::TagBuilder {
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
        deserializer.read_struct(&TAG_SCHEMA, &mut |member, deser| {
            match member.member_index() {
                Some(0) => {
                    self.key = Some(deser.read_string(member)?);
                }
                Some(1) => {
                    self.value = Some(deser.read_string(member)?);
                }
                _ => {}
            }
            Ok(())
        })
    }
}
impl Tag {
    pub fn deserialize(
        deserializer: &mut dyn ::aws_smithy_schema::serde::ShapeDeserializer,
    ) -> ::std::result::Result<Self, ::aws_smithy_schema::serde::SerdeError> {
        let mut builder = Self::builder();
        builder.deserialize_members(deserializer)?;
        builder.key = builder.key.or(Some(String::new()));
        builder.value = builder.value.or(Some(String::new()));
        builder.build().map_err(|e| aws_smithy_schema::serde::SerdeError::custom(e.to_string()))
    }
}
impl Tag {
    pub fn builder() -> crate::types::builders::TagBuilder {
        crate::types::builders::TagBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct TagBuilder {
    pub(crate) key: ::std::option::Option<::std::string::String>,
    pub(crate) value: ::std::option::Option<::std::string::String>,
}
impl TagBuilder {
    pub fn key(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.key = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_key(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.key = input;
        self
    }
    pub fn get_key(&self) -> &::std::option::Option<::std::string::String> {
        &self.key
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
    pub fn build(self) -> ::std::result::Result<crate::types::Tag, ::aws_smithy_types::error::operation::BuildError> {
        ::std::result::Result::Ok(crate::types::Tag {
            key: self.key.ok_or_else(|| {
                ::aws_smithy_types::error::operation::BuildError::missing_field("key", "key was not specified but it is required when building Tag")
            })?,
            value: self.value.ok_or_else(|| {
                ::aws_smithy_types::error::operation::BuildError::missing_field(
                    "value",
                    "value was not specified but it is required when building Tag",
                )
            })?,
        })
    }
}
