#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct DeleteParameterOutput {
    _request_id: Option<String>,
}
static DELETEPARAMETEROUTPUT_SCHEMA: ::aws_smithy_schema::Schema<'static> = ::aws_smithy_schema::Schema::new_struct(
    ::aws_smithy_schema::ShapeId::from_parts(
        "com.amazonaws.ssm.synthetic#DeleteParameterOutput",
        "com.amazonaws.ssm.synthetic",
        "DeleteParameterOutput",
    ),
    ::aws_smithy_schema::ShapeType::Structure,
    &[],
)
.with_original_name("DeleteParameterResult");
impl DeleteParameterOutput {
    pub const SCHEMA: &'static ::aws_smithy_schema::Schema<'static> = &DELETEPARAMETEROUTPUT_SCHEMA;
}
impl ::aws_smithy_schema::serde::SerializableStruct for DeleteParameterOutput {
    fn schema(&self) -> &::aws_smithy_schema::Schema<'_> {
        Self::SCHEMA
    }

    #[allow(unused_variables, clippy::diverging_sub_expression)]
    fn serialize_members(
        &self,
        ser: &mut dyn ::aws_smithy_schema::serde::ShapeSerializer,
    ) -> ::std::result::Result<(), ::aws_smithy_schema::serde::SerdeError> {
        Ok(())
    }
}
impl crate::operation::delete_parameter::builders::DeleteParameterOutputBuilder {
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
        deserializer.read_struct(&DELETEPARAMETEROUTPUT_SCHEMA, &mut |member, deser| {
            match member.member_index() {
                _ => {}
            }
            Ok(())
        })
    }
}
impl DeleteParameterOutput {
    pub fn deserialize(
        deserializer: &mut dyn ::aws_smithy_schema::serde::ShapeDeserializer,
    ) -> ::std::result::Result<Self, ::aws_smithy_schema::serde::SerdeError> {
        let mut builder = Self::builder();
        builder.deserialize_members(deserializer)?;
        Ok(builder.build())
    }
}
impl ::aws_types::request_id::RequestId for DeleteParameterOutput {
    fn request_id(&self) -> Option<&str> {
        self._request_id.as_deref()
    }
}
impl DeleteParameterOutput {
    pub fn builder() -> crate::operation::delete_parameter::builders::DeleteParameterOutputBuilder {
        crate::operation::delete_parameter::builders::DeleteParameterOutputBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct DeleteParameterOutputBuilder {
    _request_id: Option<String>,
}
impl DeleteParameterOutputBuilder {
    pub(crate) fn _request_id(mut self, request_id: impl Into<String>) -> Self {
        self._request_id = Some(request_id.into());
        self
    }

    pub(crate) fn _set_request_id(&mut self, request_id: Option<String>) -> &mut Self {
        self._request_id = request_id;
        self
    }
    pub fn build(self) -> crate::operation::delete_parameter::DeleteParameterOutput {
        crate::operation::delete_parameter::DeleteParameterOutput {
            _request_id: self._request_id,
        }
    }
}
