#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct InvalidPolicyTypeException {
    #[allow(missing_docs)] // documentation missing in model
    pub message: ::std::option::Option<::std::string::String>,
    pub(crate) meta: ::aws_smithy_types::error::ErrorMetadata,
}
static INVALIDPOLICYTYPEEXCEPTION_MEMBER_MESSAGE: ::aws_smithy_schema::Schema<'static> = ::aws_smithy_schema::Schema::new_member(
    ::aws_smithy_schema::ShapeId::from_parts(
        "com.amazonaws.ssm#InvalidPolicyTypeException$message",
        "com.amazonaws.ssm",
        "InvalidPolicyTypeException",
    ),
    ::aws_smithy_schema::ShapeType::String,
    "message",
    0,
);
static INVALIDPOLICYTYPEEXCEPTION_TRAITS: std::sync::LazyLock<::aws_smithy_schema::TraitMap> = std::sync::LazyLock::new(|| {
    let mut map = ::aws_smithy_schema::TraitMap::new();
    map.insert(Box::new(::aws_smithy_schema::DocumentTrait::new(
        ::aws_smithy_schema::ShapeId::from_parts("aws.protocols#awsQueryError", "aws.protocols", "awsQueryError"),
        {
            let mut obj = ::std::collections::HashMap::new();
            obj.insert(
                "code".to_string(),
                ::aws_smithy_types::Document::String("InvalidPolicyTypeException".to_string()),
            );
            obj.insert(
                "httpResponseCode".to_string(),
                ::aws_smithy_types::Document::Number(::aws_smithy_types::Number::PosInt(400u64)),
            );
            ::aws_smithy_types::Document::Object(obj)
        },
    )));
    map
});
static INVALIDPOLICYTYPEEXCEPTION_SCHEMA: ::aws_smithy_schema::Schema<'static> = ::aws_smithy_schema::Schema::new_struct(
    ::aws_smithy_schema::ShapeId::from_parts(
        "com.amazonaws.ssm#InvalidPolicyTypeException",
        "com.amazonaws.ssm",
        "InvalidPolicyTypeException",
    ),
    ::aws_smithy_schema::ShapeType::Structure,
    &[&INVALIDPOLICYTYPEEXCEPTION_MEMBER_MESSAGE],
)
.with_traits(&INVALIDPOLICYTYPEEXCEPTION_TRAITS);
impl InvalidPolicyTypeException {
    pub const SCHEMA: &'static ::aws_smithy_schema::Schema<'static> = &INVALIDPOLICYTYPEEXCEPTION_SCHEMA;
}
impl ::aws_smithy_schema::serde::SerializableStruct for InvalidPolicyTypeException {
    fn schema(&self) -> &::aws_smithy_schema::Schema<'_> {
        Self::SCHEMA
    }

    #[allow(unused_variables, clippy::diverging_sub_expression)]
    fn serialize_members(
        &self,
        ser: &mut dyn ::aws_smithy_schema::serde::ShapeSerializer,
    ) -> ::std::result::Result<(), ::aws_smithy_schema::serde::SerdeError> {
        if let Some(ref val) = self.message {
            ser.write_string(&INVALIDPOLICYTYPEEXCEPTION_MEMBER_MESSAGE, val)?;
        }
        Ok(())
    }
}
impl crate::types::error::builders::InvalidPolicyTypeExceptionBuilder {
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
        deserializer.read_struct(&INVALIDPOLICYTYPEEXCEPTION_SCHEMA, &mut |member, deser| {
            match member.member_index() {
                Some(0) => {
                    if deser.is_null() {
                        deser.read_null()?;
                    } else {
                        self.message = Some(deser.read_string(member)?);
                    }
                }
                _ => {}
            }
            Ok(())
        })
    }
}
impl InvalidPolicyTypeException {
    pub fn deserialize(
        deserializer: &mut dyn ::aws_smithy_schema::serde::ShapeDeserializer,
    ) -> ::std::result::Result<Self, ::aws_smithy_schema::serde::SerdeError> {
        let mut builder = Self::builder();
        builder.deserialize_members(deserializer)?;
        Ok(builder.build())
    }
}
impl InvalidPolicyTypeException {
    pub fn message(&self) -> ::std::option::Option<&str> {
        self.message.as_deref()
    }
}
impl ::std::fmt::Display for InvalidPolicyTypeException {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        ::std::write!(f, "InvalidPolicyTypeException")?;
        if let ::std::option::Option::Some(inner_1) = &self.message {
            {
                ::std::write!(f, ": {inner_1}")?;
            }
        }
        Ok(())
    }
}
impl ::std::error::Error for InvalidPolicyTypeException {}
impl ::aws_types::request_id::RequestId for crate::types::error::InvalidPolicyTypeException {
    fn request_id(&self) -> Option<&str> {
        use ::aws_smithy_types::error::metadata::ProvideErrorMetadata;
        self.meta().request_id()
    }
}
impl ::aws_smithy_types::error::metadata::ProvideErrorMetadata for InvalidPolicyTypeException {
    fn meta(&self) -> &::aws_smithy_types::error::ErrorMetadata {
        &self.meta
    }
}
impl InvalidPolicyTypeException {
    pub fn builder() -> crate::types::error::builders::InvalidPolicyTypeExceptionBuilder {
        crate::types::error::builders::InvalidPolicyTypeExceptionBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct InvalidPolicyTypeExceptionBuilder {
    pub(crate) message: ::std::option::Option<::std::string::String>,
    meta: std::option::Option<::aws_smithy_types::error::ErrorMetadata>,
}
impl InvalidPolicyTypeExceptionBuilder {
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
    pub fn meta(mut self, meta: ::aws_smithy_types::error::ErrorMetadata) -> Self {
        self.meta = Some(meta);
        self
    }

    pub fn set_meta(&mut self, meta: std::option::Option<::aws_smithy_types::error::ErrorMetadata>) -> &mut Self {
        self.meta = meta;
        self
    }
    pub fn build(self) -> crate::types::error::InvalidPolicyTypeException {
        crate::types::error::InvalidPolicyTypeException {
            message: self.message,
            meta: self.meta.unwrap_or_default(),
        }
    }
}
