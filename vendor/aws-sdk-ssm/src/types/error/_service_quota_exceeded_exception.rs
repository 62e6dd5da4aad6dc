#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct ServiceQuotaExceededException {
    #[allow(missing_docs)] // documentation missing in model
    pub message: ::std::string::String,
    pub resource_id: ::std::option::Option<::std::string::String>,
    pub resource_type: ::std::option::Option<::std::string::String>,
    pub quota_code: ::std::string::String,
    pub service_code: ::std::string::String,
    pub(crate) meta: ::aws_smithy_types::error::ErrorMetadata,
}
impl ServiceQuotaExceededException {
    pub fn resource_id(&self) -> ::std::option::Option<&str> {
        self.resource_id.as_deref()
    }
    pub fn resource_type(&self) -> ::std::option::Option<&str> {
        self.resource_type.as_deref()
    }
    pub fn quota_code(&self) -> &str {
        use std::ops::Deref;
        self.quota_code.deref()
    }
    pub fn service_code(&self) -> &str {
        use std::ops::Deref;
        self.service_code.deref()
    }
}
static SERVICEQUOTAEXCEEDEDEXCEPTION_MEMBER_MESSAGE: ::aws_smithy_schema::Schema<'static> = ::aws_smithy_schema::Schema::new_member(
    ::aws_smithy_schema::ShapeId::from_parts(
        "com.amazonaws.ssm#ServiceQuotaExceededException$Message",
        "com.amazonaws.ssm",
        "ServiceQuotaExceededException",
    ),
    ::aws_smithy_schema::ShapeType::String,
    "Message",
    0,
);
static SERVICEQUOTAEXCEEDEDEXCEPTION_MEMBER_RESOURCE_ID: ::aws_smithy_schema::Schema<'static> = ::aws_smithy_schema::Schema::new_member(
    ::aws_smithy_schema::ShapeId::from_parts(
        "com.amazonaws.ssm#ServiceQuotaExceededException$ResourceId",
        "com.amazonaws.ssm",
        "ServiceQuotaExceededException",
    ),
    ::aws_smithy_schema::ShapeType::String,
    "ResourceId",
    1,
);
static SERVICEQUOTAEXCEEDEDEXCEPTION_MEMBER_RESOURCE_TYPE: ::aws_smithy_schema::Schema<'static> = ::aws_smithy_schema::Schema::new_member(
    ::aws_smithy_schema::ShapeId::from_parts(
        "com.amazonaws.ssm#ServiceQuotaExceededException$ResourceType",
        "com.amazonaws.ssm",
        "ServiceQuotaExceededException",
    ),
    ::aws_smithy_schema::ShapeType::String,
    "ResourceType",
    2,
);
static SERVICEQUOTAEXCEEDEDEXCEPTION_MEMBER_QUOTA_CODE: ::aws_smithy_schema::Schema<'static> = ::aws_smithy_schema::Schema::new_member(
    ::aws_smithy_schema::ShapeId::from_parts(
        "com.amazonaws.ssm#ServiceQuotaExceededException$QuotaCode",
        "com.amazonaws.ssm",
        "ServiceQuotaExceededException",
    ),
    ::aws_smithy_schema::ShapeType::String,
    "QuotaCode",
    3,
);
static SERVICEQUOTAEXCEEDEDEXCEPTION_MEMBER_SERVICE_CODE: ::aws_smithy_schema::Schema<'static> = ::aws_smithy_schema::Schema::new_member(
    ::aws_smithy_schema::ShapeId::from_parts(
        "com.amazonaws.ssm#ServiceQuotaExceededException$ServiceCode",
        "com.amazonaws.ssm",
        "ServiceQuotaExceededException",
    ),
    ::aws_smithy_schema::ShapeType::String,
    "ServiceCode",
    4,
);
static SERVICEQUOTAEXCEEDEDEXCEPTION_SCHEMA: ::aws_smithy_schema::Schema<'static> = ::aws_smithy_schema::Schema::new_struct(
    ::aws_smithy_schema::ShapeId::from_parts(
        "com.amazonaws.ssm#ServiceQuotaExceededException",
        "com.amazonaws.ssm",
        "ServiceQuotaExceededException",
    ),
    ::aws_smithy_schema::ShapeType::Structure,
    &[
        &SERVICEQUOTAEXCEEDEDEXCEPTION_MEMBER_MESSAGE,
        &SERVICEQUOTAEXCEEDEDEXCEPTION_MEMBER_RESOURCE_ID,
        &SERVICEQUOTAEXCEEDEDEXCEPTION_MEMBER_RESOURCE_TYPE,
        &SERVICEQUOTAEXCEEDEDEXCEPTION_MEMBER_QUOTA_CODE,
        &SERVICEQUOTAEXCEEDEDEXCEPTION_MEMBER_SERVICE_CODE,
    ],
);
impl ServiceQuotaExceededException {
    pub const SCHEMA: &'static ::aws_smithy_schema::Schema<'static> = &SERVICEQUOTAEXCEEDEDEXCEPTION_SCHEMA;
}
impl ::aws_smithy_schema::serde::SerializableStruct for ServiceQuotaExceededException {
    fn schema(&self) -> &::aws_smithy_schema::Schema<'_> {
        Self::SCHEMA
    }

    #[allow(unused_variables, clippy::diverging_sub_expression)]
    fn serialize_members(
        &self,
        ser: &mut dyn ::aws_smithy_schema::serde::ShapeSerializer,
    ) -> ::std::result::Result<(), ::aws_smithy_schema::serde::SerdeError> {
        {
            let val = &self.message;
            ser.write_string(&SERVICEQUOTAEXCEEDEDEXCEPTION_MEMBER_MESSAGE, val)?;
        }
        if let Some(ref val) = self.resource_id {
            ser.write_string(&SERVICEQUOTAEXCEEDEDEXCEPTION_MEMBER_RESOURCE_ID, val)?;
        }
        if let Some(ref val) = self.resource_type {
            ser.write_string(&SERVICEQUOTAEXCEEDEDEXCEPTION_MEMBER_RESOURCE_TYPE, val)?;
        }
        {
            let val = &self.quota_code;
            ser.write_string(&SERVICEQUOTAEXCEEDEDEXCEPTION_MEMBER_QUOTA_CODE, val)?;
        }
        {
            let val = &self.service_code;
            ser.write_string(&SERVICEQUOTAEXCEEDEDEXCEPTION_MEMBER_SERVICE_CODE, val)?;
        }
        Ok(())
    }
}
impl crate::types::error::builders::ServiceQuotaExceededExceptionBuilder {
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
        deserializer.read_struct(&SERVICEQUOTAEXCEEDEDEXCEPTION_SCHEMA, &mut |member, deser| {
            match member.member_index() {
                Some(0) => {
                    self.message = Some(deser.read_string(member)?);
                }
                Some(1) => {
                    if deser.is_null() {
                        deser.read_null()?;
                    } else {
                        self.resource_id = Some(deser.read_string(member)?);
                    }
                }
                Some(2) => {
                    if deser.is_null() {
                        deser.read_null()?;
                    } else {
                        self.resource_type = Some(deser.read_string(member)?);
                    }
                }
                Some(3) => {
                    self.quota_code = Some(deser.read_string(member)?);
                }
                Some(4) => {
                    self.service_code = Some(deser.read_string(member)?);
                }
                _ => {}
            }
            Ok(())
        })
    }
}
impl ServiceQuotaExceededException {
    pub fn deserialize(
        deserializer: &mut dyn ::aws_smithy_schema::serde::ShapeDeserializer,
    ) -> ::std::result::Result<Self, ::aws_smithy_schema::serde::SerdeError> {
        let mut builder = Self::builder();
        builder.deserialize_members(deserializer)?;
        builder.message = builder.message.or(Some(String::new()));
        builder.quota_code = builder.quota_code.or(Some(String::new()));
        builder.service_code = builder.service_code.or(Some(String::new()));
        builder.build().map_err(|e| aws_smithy_schema::serde::SerdeError::custom(e.to_string()))
    }
}
impl ServiceQuotaExceededException {
    pub fn message(&self) -> &str {
        &self.message
    }
}
impl ::std::fmt::Display for ServiceQuotaExceededException {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        ::std::write!(f, "ServiceQuotaExceededException")?;
        {
            ::std::write!(f, ": {}", &self.message)?;
        }
        Ok(())
    }
}
impl ::std::error::Error for ServiceQuotaExceededException {}
impl ::aws_types::request_id::RequestId for crate::types::error::ServiceQuotaExceededException {
    fn request_id(&self) -> Option<&str> {
        use ::aws_smithy_types::error::metadata::ProvideErrorMetadata;
        self.meta().request_id()
    }
}
impl ::aws_smithy_types::error::metadata::ProvideErrorMetadata for ServiceQuotaExceededException {
    fn meta(&self) -> &::aws_smithy_types::error::ErrorMetadata {
        &self.meta
    }
}
impl ServiceQuotaExceededException {
    pub fn builder() -> crate::types::error::builders::ServiceQuotaExceededExceptionBuilder {
        crate::types::error::builders::ServiceQuotaExceededExceptionBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct ServiceQuotaExceededExceptionBuilder {
    pub(crate) message: ::std::option::Option<::std::string::String>,
    pub(crate) resource_id: ::std::option::Option<::std::string::String>,
    pub(crate) resource_type: ::std::option::Option<::std::string::String>,
    pub(crate) quota_code: ::std::option::Option<::std::string::String>,
    pub(crate) service_code: ::std::option::Option<::std::string::String>,
    meta: std::option::Option<::aws_smithy_types::error::ErrorMetadata>,
}
impl ServiceQuotaExceededExceptionBuilder {
    #[allow(missing_docs)] // documentation missing in model
    pub fn message(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.message = ::std::option::Option::Some(input.into());
        self
    }
    #[allow(missing_docs)] // documentation missing in model
    pub fn set_message(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.message = input;
        self
    }
    #[allow(missing_docs)] // documentation missing in model
    pub fn get_message(&self) -> &::std::option::Option<::std::string::String> {
        &self.message
    }
    pub fn resource_id(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.resource_id = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_resource_id(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.resource_id = input;
        self
    }
    pub fn get_resource_id(&self) -> &::std::option::Option<::std::string::String> {
        &self.resource_id
    }
    pub fn resource_type(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.resource_type = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_resource_type(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.resource_type = input;
        self
    }
    pub fn get_resource_type(&self) -> &::std::option::Option<::std::string::String> {
        &self.resource_type
    }
    pub fn quota_code(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.quota_code = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_quota_code(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.quota_code = input;
        self
    }
    pub fn get_quota_code(&self) -> &::std::option::Option<::std::string::String> {
        &self.quota_code
    }
    pub fn service_code(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.service_code = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_service_code(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.service_code = input;
        self
    }
    pub fn get_service_code(&self) -> &::std::option::Option<::std::string::String> {
        &self.service_code
    }
    pub fn meta(mut self, meta: ::aws_smithy_types::error::ErrorMetadata) -> Self {
        self.meta = Some(meta);
        self
    }

    pub fn set_meta(&mut self, meta: std::option::Option<::aws_smithy_types::error::ErrorMetadata>) -> &mut Self {
        self.meta = meta;
        self
    }
    pub fn build(
        self,
    ) -> ::std::result::Result<crate::types::error::ServiceQuotaExceededException, ::aws_smithy_types::error::operation::BuildError> {
        ::std::result::Result::Ok(crate::types::error::ServiceQuotaExceededException {
            message: self.message.ok_or_else(|| {
                ::aws_smithy_types::error::operation::BuildError::missing_field(
                    "message",
                    "message was not specified but it is required when building ServiceQuotaExceededException",
                )
            })?,
            resource_id: self.resource_id,
            resource_type: self.resource_type,
            quota_code: self.quota_code.ok_or_else(|| {
                ::aws_smithy_types::error::operation::BuildError::missing_field(
                    "quota_code",
                    "quota_code was not specified but it is required when building ServiceQuotaExceededException",
                )
            })?,
            service_code: self.service_code.ok_or_else(|| {
                ::aws_smithy_types::error::operation::BuildError::missing_field(
                    "service_code",
                    "service_code was not specified but it is required when building ServiceQuotaExceededException",
                )
            })?,
            meta: self.meta.unwrap_or_default(),
        })
    }
}
