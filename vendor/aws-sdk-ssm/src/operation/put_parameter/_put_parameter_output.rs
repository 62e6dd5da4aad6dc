#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct PutParameterOutput {
    pub version: i64,
    pub tier: ::std::option::Option<crate::types::ParameterTier>,
    _request_id: Option<String>,
}
impl PutParameterOutput {
    pub fn version(&self) -> i64 {
        self.version
    }
    pub fn tier(&self) -> ::std::option::Option<&crate::types::ParameterTier> {
        self.tier.as_ref()
    }
}
static PUTPARAMETEROUTPUT_MEMBER_VERSION: ::aws_smithy_schema::Schema<'static> = ::aws_smithy_schema::Schema::new_member(
    ::aws_smithy_schema::ShapeId::from_parts(
        "com.amazonaws.ssm.synthetic#PutParameterOutput$Version",
        "com.amazonaws.ssm.synthetic",
        "PutParameterOutput",
    ),
    ::aws_smithy_schema::ShapeType::Long,
    "Version",
    0,
);
static PUTPARAMETEROUTPUT_MEMBER_TIER: ::aws_smithy_schema::Schema<'static> = ::aws_smithy_schema::Schema::new_member(
    ::aws_smithy_schema::ShapeId::from_parts(
        "com.amazonaws.ssm.synthetic#PutParameterOutput$Tier",
        "com.amazonaws.ssm.synthetic",
        "PutParameterOutput",
    ),
    ::aws_smithy_schema::ShapeType::String,
    "Tier",
    1,
);
static PUTPARAMETEROUTPUT_SCHEMA: ::aws_smithy_schema::Schema<'static> = ::aws_smithy_schema::Schema::new_struct(
    ::aws_smithy_schema::ShapeId::from_parts(
        "com.amazonaws.ssm.synthetic#PutParameterOutput",
        "com.amazonaws.ssm.synthetic",
        "PutParameterOutput",
    ),
    ::aws_smithy_schema::ShapeType::Structure,
    &[&PUTPARAMETEROUTPUT_MEMBER_VERSION, &PUTPARAMETEROUTPUT_MEMBER_TIER],
)
.with_original_name("PutParameterResult");
impl PutParameterOutput {
    pub const SCHEMA: &'static ::aws_smithy_schema::Schema<'static> = &PUTPARAMETEROUTPUT_SCHEMA;
}
impl ::aws_smithy_schema::serde::SerializableStruct for PutParameterOutput {
    fn schema(&self) -> &::aws_smithy_schema::Schema<'_> {
        Self::SCHEMA
    }

    #[allow(unused_variables, clippy::diverging_sub_expression)]
    fn serialize_members(
        &self,
        ser: &mut dyn ::aws_smithy_schema::serde::ShapeSerializer,
    ) -> ::std::result::Result<(), ::aws_smithy_schema::serde::SerdeError> {
        {
            let val = &self.version;
            ser.write_long(&PUTPARAMETEROUTPUT_MEMBER_VERSION, *val)?;
        }
        if let Some(ref val) = self.tier {
            ser.write_string(&PUTPARAMETEROUTPUT_MEMBER_TIER, val.as_str())?;
        }
        Ok(())
    }
}
impl crate::operation::put_parameter::builders::PutParameterOutputBuilder {
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
        deserializer.read_struct(&PUTPARAMETEROUTPUT_SCHEMA, &mut |member, deser| {
            match member.member_index() {
                Some(0) => {
                    self.version = Some(deser.read_long(member)?);
                }
                Some(1) => {
                    if deser.is_null() {
                        deser.read_null()?;
                    } else {
                        self.tier = Some(crate::types::ParameterTier::from(deser.read_string(member)?.as_str()));
                    }
                }
                _ => {}
            }
            Ok(())
        })
    }
}
impl PutParameterOutput {
    pub fn deserialize(
        deserializer: &mut dyn ::aws_smithy_schema::serde::ShapeDeserializer,
    ) -> ::std::result::Result<Self, ::aws_smithy_schema::serde::SerdeError> {
        let mut builder = Self::builder();
        builder.deserialize_members(deserializer)?;
        Ok(builder.build())
    }
}
impl ::aws_types::request_id::RequestId for PutParameterOutput {
    fn request_id(&self) -> Option<&str> {
        self._request_id.as_deref()
    }
}
impl PutParameterOutput {
    pub fn builder() -> crate::operation::put_parameter::builders::PutParameterOutputBuilder {
        crate::operation::put_parameter::builders::PutParameterOutputBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct PutParameterOutputBuilder {
    pub(crate) version: ::std::option::Option<i64>,
    pub(crate) tier: ::std::option::Option<crate::types::ParameterTier>,
    _request_id: Option<String>,
}
impl PutParameterOutputBuilder {
    pub fn version(mut self, input: i64) -> Self {
        self.version = ::std::option::Option::Some(input);
        self
    }
    pub fn set_version(mut self, input: ::std::option::Option<i64>) -> Self {
        self.version = input;
        self
    }
    pub fn get_version(&self) -> &::std::option::Option<i64> {
        &self.version
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
    pub(crate) fn _request_id(mut self, request_id: impl Into<String>) -> Self {
        self._request_id = Some(request_id.into());
        self
    }

    pub(crate) fn _set_request_id(&mut self, request_id: Option<String>) -> &mut Self {
        self._request_id = request_id;
        self
    }
    pub fn build(self) -> crate::operation::put_parameter::PutParameterOutput {
        crate::operation::put_parameter::PutParameterOutput {
            version: self.version.unwrap_or_default(),
            tier: self.tier,
            _request_id: self._request_id,
        }
    }
}
