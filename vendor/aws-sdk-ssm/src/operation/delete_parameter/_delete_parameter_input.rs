#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct DeleteParameterInput {
    pub name: ::std::option::Option<::std::string::String>,
}
impl DeleteParameterInput {
    pub fn name(&self) -> ::std::option::Option<&str> {
        self.name.as_deref()
    }
}
static DELETEPARAMETERINPUT_MEMBER_NAME: ::aws_smithy_schema::Schema<'static> = ::aws_smithy_schema::Schema::new_member(
    ::aws_smithy_schema::ShapeId::from_parts(
        "com.amazonaws.ssm.synthetic#DeleteParameterInput$Name",
        "com.amazonaws.ssm.synthetic",
        "DeleteParameterInput",
    ),
    ::aws_smithy_schema::ShapeType::String,
    "Name",
    0,
);
static DELETEPARAMETERINPUT_SCHEMA: ::aws_smithy_schema::Schema<'static> = ::aws_smithy_schema::Schema::new_struct(
    ::aws_smithy_schema::ShapeId::from_parts(
        "com.amazonaws.ssm.synthetic#DeleteParameterInput",
        "com.amazonaws.ssm.synthetic",
        "DeleteParameterInput",
    ),
    ::aws_smithy_schema::ShapeType::Structure,
    &[&DELETEPARAMETERINPUT_MEMBER_NAME],
)
.with_payload_hint(::aws_smithy_schema::PayloadHint::NoStructPayload)
.with_original_name("DeleteParameterRequest");
impl DeleteParameterInput {
    pub const SCHEMA: &'static ::aws_smithy_schema::Schema<'static> = &DELETEPARAMETERINPUT_SCHEMA;
}
impl ::aws_smithy_schema::serde::SerializableStruct for DeleteParameterInput {
    fn schema(&self) -> &::aws_smithy_schema::Schema<'_> {
        Self::SCHEMA
    }

    #[allow(unused_variables, clippy::diverging_sub_expression)]
    fn serialize_members(
        &self,
        ser: &mut dyn ::aws_smithy_schema::serde::ShapeSerializer,
    ) -> ::std::result::Result<(), ::aws_smithy_schema::serde::SerdeError> {
        if let Some(ref val) = self.name {
            ser.write_string(&DELETEPARAMETERINPUT_MEMBER_NAME, val)?;
        }
        Ok(())
    }
}
impl crate::operation::delete_parameter::builders::DeleteParameterInputBuilder {
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
        deserializer.read_struct(&DELETEPARAMETERINPUT_SCHEMA, &mut |member, deser| {
            match member.member_index() {
                Some(0) => {
                    if deser.is_null() {
                        deser.read_null()?;
                    } else {
                        self.name = Some(deser.read_string(member)?);
                    }
                }
                _ => {}
            }
            Ok(())
        })
    }
}
impl DeleteParameterInput {
    pub fn deserialize(
        deserializer: &mut dyn ::aws_smithy_schema::serde::ShapeDeserializer,
    ) -> ::std::result::Result<Self, ::aws_smithy_schema::serde::SerdeError> {
        let mut builder = Self::builder();
        builder.deserialize_members(deserializer)?;
        builder.name = builder.name.or(Some(String::new()));
        builder.build().map_err(|e| aws_smithy_schema::serde::SerdeError::custom(e.to_string()))
    }
}
impl DeleteParameterInput {
    pub fn builder() -> crate::operation::delete_parameter::builders::DeleteParameterInputBuilder {
        crate::operation::delete_parameter::builders::DeleteParameterInputBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct DeleteParameterInputBuilder {
    pub(crate) name: ::std::option::Option<::std::string::String>,
}
impl DeleteParameterInputBuilder {
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
    pub fn build(
        self,
    ) -> ::std::result::Result<crate::operation::delete_parameter::DeleteParameterInput, ::aws_smithy_types::error::operation::BuildError> {
        ::std::result::Result::Ok(crate::operation::delete_parameter::DeleteParameterInput { name: self.name })
    }
}
