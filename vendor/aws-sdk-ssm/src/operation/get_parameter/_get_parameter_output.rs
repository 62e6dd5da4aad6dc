#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct GetParameterOutput {
    pub parameter: ::std::option::Option<crate::types::Parameter>,
    _request_id: Option<String>,
}
impl GetParameterOutput {
    pub fn parameter(&self) -> ::std::option::Option<&crate::types::Parameter> {
        self.parameter.as_ref()
    }
}
static GETPARAMETEROUTPUT_MEMBER_PARAMETER: ::aws_smithy_schema::Schema<'static> = ::aws_smithy_schema::Schema::new_member(
    ::aws_smithy_schema::ShapeId::from_parts(
        "com.amazonaws.ssm.synthetic#GetParameterOutput$Parameter",
        "com.amazonaws.ssm.synthetic",
        "GetParameterOutput",
    ),
    ::aws_smithy_schema::ShapeType::Structure,
    "Parameter",
    0,
);
static GETPARAMETEROUTPUT_SCHEMA: ::aws_smithy_schema::Schema<'static> = ::aws_smithy_schema::Schema::new_struct(
    ::aws_smithy_schema::ShapeId::from_parts(
        "com.amazonaws.ssm.synthetic#GetParameterOutput",
        "com.amazonaws.ssm.synthetic",
        "GetParameterOutput",
    ),
    ::aws_smithy_schema::ShapeType::Structure,
    &[&GETPARAMETEROUTPUT_MEMBER_PARAMETER],
)
.with_original_name("GetParameterResult");
impl GetParameterOutput {
    pub const SCHEMA: &'static ::aws_smithy_schema::Schema<'static> = &GETPARAMETEROUTPUT_SCHEMA;
}
impl ::aws_smithy_schema::serde::SerializableStruct for GetParameterOutput {
    fn schema(&self) -> &::aws_smithy_schema::Schema<'_> {
        Self::SCHEMA
    }

    #[allow(unused_variables, clippy::diverging_sub_expression)]
    fn serialize_members(
        &self,
        ser: &mut dyn ::aws_smithy_schema::serde::ShapeSerializer,
    ) -> ::std::result::Result<(), ::aws_smithy_schema::serde::SerdeError> {
        if let Some(ref val) = self.parameter {
            ser.write_struct(&GETPARAMETEROUTPUT_MEMBER_PARAMETER, val)?;
        }
        Ok(())
    }
}
impl crate::operation::get_parameter::builders::GetParameterOutputBuilder {
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
        deserializer.read_struct(&GETPARAMETEROUTPUT_SCHEMA, &mut |member, deser| {
            match member.member_index() {
                Some(0) => {
                    if deser.is_null() {
                        deser.read_null()?;
                    } else {
                        self.parameter = Some(crate::types::Parameter::deserialize(deser)?);
                    }
                }
                _ => {}
            }
            Ok(())
        })
    }
}
impl GetParameterOutput {
    pub fn deserialize(
        deserializer: &mut dyn ::aws_smithy_schema::serde::ShapeDeserializer,
    ) -> ::std::result::Result<Self, ::aws_smithy_schema::serde::SerdeError> {
        let mut builder = Self::builder();
        builder.deserialize_members(deserializer)?;
        Ok(builder.build())
    }
}
impl ::aws_types::request_id::RequestId for GetParameterOutput {
    fn request_id(&self) -> Option<&str> {
        self._request_id.as_deref()
    }
}
impl GetParameterOutput {
    pub fn builder() -> crate::operation::get_parameter::builders::GetParameterOutputBuilder {
        crate::operation::get_parameter::builders::GetParameterOutputBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct GetParameterOutputBuilder {
    pub(crate) parameter: ::std::option::Option<crate::types::Parameter>,
    _request_id: Option<String>,
}
impl GetParameterOutputBuilder {
    pub fn parameter(mut self, input: crate::types::Parameter) -> Self {
        self.parameter = ::std::option::Option::Some(input);
        self
    }
    pub fn set_parameter(mut self, input: ::std::option::Option<crate::types::Parameter>) -> Self {
        self.parameter = input;
        self
    }
    pub fn get_parameter(&self) -> &::std::option::Option<crate::types::Parameter> {
        &self.parameter
    }
    pub(crate) fn _request_id(mut self, request_id: impl Into<String>) -> Self {
        self._request_id = Some(request_id.into());
        self
    }

    pub(crate) fn _set_request_id(&mut self, request_id: Option<String>) -> &mut Self {
        self._request_id = request_id;
        self
    }
    pub fn build(self) -> crate::operation::get_parameter::GetParameterOutput {
        crate::operation::get_parameter::GetParameterOutput {
            parameter: self.parameter,
            _request_id: self._request_id,
        }
    }
}
