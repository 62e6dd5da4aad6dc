#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq)]
pub struct Parameter {
    pub name: ::std::option::Option<::std::string::String>,
    pub r#type: ::std::option::Option<crate::types::ParameterType>,
    pub value: ::std::option::Option<::std::string::String>,
    pub version: i64,
    pub selector: ::std::option::Option<::std::string::String>,
    pub source_result: ::std::option::Option<::std::string::String>,
    pub last_modified_date: ::std::option::Option<::aws_smithy_types::DateTime>,
    pub arn: ::std::option::Option<::std::string::String>,
    pub data_type: ::std::option::Option<::std::string::String>,
}
impl Parameter {
    pub fn name(&self) -> ::std::option::Option<&str> {
        self.name.as_deref()
    }
    pub fn r#type(&self) -> ::std::option::Option<&crate::types::ParameterType> {
        self.r#type.as_ref()
    }
    pub fn value(&self) -> ::std::option::Option<&str> {
        self.value.as_deref()
    }
    pub fn version(&self) -> i64 {
        self.version
    }
    pub fn selector(&self) -> ::std::option::Option<&str> {
        self.selector.as_deref()
    }
    pub fn source_result(&self) -> ::std::option::Option<&str> {
        self.source_result.as_deref()
    }
    pub fn last_modified_date(&self) -> ::std::option::Option<&::aws_smithy_types::DateTime> {
        self.last_modified_date.as_ref()
    }
    pub fn arn(&self) -> ::std::option::Option<&str> {
        self.arn.as_deref()
    }
    pub fn data_type(&self) -> ::std::option::Option<&str> {
        self.data_type.as_deref()
    }
}
impl ::std::fmt::Debug for Parameter {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        let mut formatter = f.debug_struct("Parameter");
        formatter.field("name", &self.name);
        formatter.field("r#type", &self.r#type);
        formatter.field("value", &"*** Sensitive Data Redacted ***");
        formatter.field("version", &self.version);
        formatter.field("selector", &self.selector);
        formatter.field("source_result", &self.source_result);
        formatter.field("last_modified_date", &self.last_modified_date);
        formatter.field("arn", &self.arn);
        formatter.field("data_type", &self.data_type);
        formatter.finish()
    }
}
static PARAMETER_MEMBER_NAME: ::aws_smithy_schema::Schema<'static> = ::aws_smithy_schema::Schema::new_member(
    ::aws_smithy_schema::ShapeId::from_parts("com.amazonaws.ssm#Parameter$Name", "com.amazonaws.ssm", "Parameter"),
    ::aws_smithy_schema::ShapeType::String,
    "Name",
    0,
);
static PARAMETER_MEMBER_TYPE: ::aws_smithy_schema::Schema<'static> = ::aws_smithy_schema::Schema::new_member(
    ::aws_smithy_schema::ShapeId::from_parts("com.amazonaws.ssm#Parameter$Type", "com.amazonaws.ssm", "Parameter"),
    ::aws_smithy_schema::ShapeType::String,
    "Type",
    1,
);
static PARAMETER_MEMBER_VALUE: ::aws_smithy_schema::Schema<'static> = ::aws_smithy_schema::Schema::new_member(
    ::aws_smithy_schema::ShapeId::from_parts("com.amazonaws.ssm#Parameter$Value", "com.amazonaws.ssm", "Parameter"),
    ::aws_smithy_schema::ShapeType::String,
    "Value",
    2,
);
static PARAMETER_MEMBER_VERSION: ::aws_smithy_schema::Schema<'static> = ::aws_smithy_schema::Schema::new_member(
    ::aws_smithy_schema::ShapeId::from_parts("com.amazonaws.ssm#Parameter$Version", "com.amazonaws.ssm", "Parameter"),
    ::aws_smithy_schema::ShapeType::Long,
    "Version",
    3,
);
static PARAMETER_MEMBER_SELECTOR: ::aws_smithy_schema::Schema<'static> = ::aws_smithy_schema::Schema::new_member(
    ::aws_smithy_schema::ShapeId::from_parts("com.amazonaws.ssm#Parameter$Selector", "com.amazonaws.ssm", "Parameter"),
    ::aws_smithy_schema::ShapeType::String,
    "Selector",
    4,
);
static PARAMETER_MEMBER_SOURCE_RESULT: ::aws_smithy_schema::Schema<'static> = ::aws_smithy_schema::Schema::new_member(
    ::aws_smithy_schema::ShapeId::from_parts("com.amazonaws.ssm#Parameter$SourceResult", "com.amazonaws.ssm", "Parameter"),
    ::aws_smithy_schema::ShapeType::String,
    "SourceResult",
    5,
);
static PARAMETER_MEMBER_LAST_MODIFIED_DATE: ::aws_smithy_schema::Schema<'static> = ::aws_smithy_schema::Schema::new_member(
    ::aws_smithy_schema::ShapeId::from_parts("com.amazonaws.ssm#Parameter$LastModifiedDate", "com.amazonaws.ssm", "Parameter"),
    ::aws_smithy_schema::ShapeType::Timestamp,
    "LastModifiedDate",
    6,
);
static PARAMETER_MEMBER_ARN: ::aws_smithy_schema::Schema<'static> = ::aws_smithy_schema::Schema::new_member(
    ::aws_smithy_schema::ShapeId::from_parts("com.amazonaws.ssm#Parameter$ARN", "com.amazonaws.ssm", "Parameter"),
    ::aws_smithy_schema::ShapeType::String,
    "ARN",
    7,
);
static PARAMETER_MEMBER_DATA_TYPE: ::aws_smithy_schema::Schema<'static> = ::aws_smithy_schema::Schema::new_member(
    ::aws_smithy_schema::ShapeId::from_parts("com.amazonaws.ssm#Parameter$DataType", "com.amazonaws.ssm", "Parameter"),
    ::aws_smithy_schema::ShapeType::String,
    "DataType",
    8,
);
static PARAMETER_SCHEMA: ::aws_smithy_schema::Schema<'static> = ::aws_smithy_schema::Schema::new_struct(
    ::aws_smithy_schema::ShapeId::from_parts("com.amazonaws.ssm#Parameter", "com.amazonaws.ssm", "Parameter"),
    ::aws_smithy_schema::ShapeType::Structure,
    &[
        &PARAMETER_MEMBER_NAME,
        &PARAMETER_MEMBER_TYPE,
        &PARAMETER_MEMBER_VALUE,
        &PARAMETER_MEMBER_VERSION,
        &PARAMETER_MEMBER_SELECTOR,
        &PARAMETER_MEMBER_SOURCE_RESULT,
        &PARAMETER_MEMBER_LAST_MODIFIED_DATE,
        &PARAMETER_MEMBER_ARN,
        &PARAMETER_MEMBER_DATA_TYPE,
    ],
);
impl Parameter {
    pub const SCHEMA: &'static ::aws_smithy_schema::Schema<'static> = &PARAMETER_SCHEMA;
}
impl ::aws_smithy_schema::serde::SerializableStruct for Parameter {
    fn schema(&self) -> &::aws_smithy_schema::Schema<'_> {
        Self::SCHEMA
    }

    #[allow(unused_variables, clippy::diverging_sub_expression)]
    fn serialize_members(
        &self,
        ser: &mut dyn ::aws_smithy_schema::serde::ShapeSerializer,
    ) -> ::std::result::Result<(), ::aws_smithy_schema::serde::SerdeError> {
        if let Some(ref val) = self.name {
            ser.write_string(&PARAMETER_MEMBER_NAME, val)?;
        }
        if let Some(ref val) = self.r#type {
            ser.write_string(&PARAMETER_MEMBER_TYPE, val.as_str())?;
        }
        if let Some(ref val) = self.value {
            ser.write_string(&PARAMETER_MEMBER_VALUE, val)?;
        }
        {
            let val = &self.version;
            ser.write_long(&PARAMETER_MEMBER_VERSION, *val)?;
        }
        if let Some(ref val) = self.selector {
            ser.write_string(&PARAMETER_MEMBER_SELECTOR, val)?;
        }
        if let Some(ref val) = self.source_result {
            ser.write_string(&PARAMETER_MEMBER_SOURCE_RESULT, val)?;
        }
        if let Some(ref val) = self.last_modified_date {
            ser.write_timestamp(&PARAMETER_MEMBER_LAST_MODIFIED_DATE, val)?;
        }
        if let Some(ref val) = self.arn {
            ser.write_string(&PARAMETER_MEMBER_ARN, val)?;
        }
        if let Some(ref val) = self.data_type {
            ser.write_string(&PARAMETER_MEMBER_DATA_TYPE, val)?;
        }
        Ok(())
    }
}
impl crate::types::builders::ParameterBuilder {
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
        deserializer.read_struct(&PARAMETER_SCHEMA, &mut |member, deser| {
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
                        self.r#type = Some(crate::types::ParameterType::from(deser.read_string(member)?.as_str()));
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
                    self.version = Some(deser.read_long(member)?);
                }
                Some(4) => {
                    if deser.is_null() {
                        deser.read_null()?;
                    } else {
                        self.selector = Some(deser.read_string(member)?);
                    }
                }
                Some(5) => {
                    if deser.is_null() {
                        deser.read_null()?;
                    } else {
                        self.source_result = Some(deser.read_string(member)?);
                    }
                }
                Some(6) => {
                    if deser.is_null() {
                        deser.read_null()?;
                    } else {
                        self.last_modified_date = Some(deser.read_timestamp(member)?);
                    }
                }
                Some(7) => {
                    if deser.is_null() {
                        deser.read_null()?;
                    } else {
                        self.arn = Some(deser.read_string(member)?);
                    }
                }
                Some(8) => {
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
impl Parameter {
    pub fn deserialize(
        deserializer: &mut dyn ::aws_smithy_schema::serde::ShapeDeserializer,
    ) -> ::std::result::Result<Self, ::aws_smithy_schema::serde::SerdeError> {
        let mut builder = Self::builder();
        builder.deserialize_members(deserializer)?;
        Ok(builder.build())
    }
}
impl Parameter {
    pub fn builder() -> crate::types::builders::ParameterBuilder {
        crate::types::builders::ParameterBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default)]
#[non_exhaustive]
pub struct ParameterBuilder {
    pub(crate) name: ::std::option::Option<::std::string::String>,
    pub(crate) r#type: ::std::option::Option<crate::types::ParameterType>,
    pub(crate) value: ::std::option::Option<::std::string::String>,
    pub(crate) version: ::std::option::Option<i64>,
    pub(crate) selector: ::std::option::Option<::std::string::String>,
    pub(crate) source_result: ::std::option::Option<::std::string::String>,
    pub(crate) last_modified_date: ::std::option::Option<::aws_smithy_types::DateTime>,
    pub(crate) arn: ::std::option::Option<::std::string::String>,
    pub(crate) data_type: ::std::option::Option<::std::string::String>,
}
impl ParameterBuilder {
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
    pub fn selector(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.selector = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_selector(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.selector = input;
        self
    }
    pub fn get_selector(&self) -> &::std::option::Option<::std::string::String> {
        &self.selector
    }
    pub fn source_result(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.source_result = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_source_result(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.source_result = input;
        self
    }
    pub fn get_source_result(&self) -> &::std::option::Option<::std::string::String> {
        &self.source_result
    }
    pub fn last_modified_date(mut self, input: ::aws_smithy_types::DateTime) -> Self {
        self.last_modified_date = ::std::option::Option::Some(input);
        self
    }
    pub fn set_last_modified_date(mut self, input: ::std::option::Option<::aws_smithy_types::DateTime>) -> Self {
        self.last_modified_date = input;
        self
    }
    pub fn get_last_modified_date(&self) -> &::std::option::Option<::aws_smithy_types::DateTime> {
        &self.last_modified_date
    }
    pub fn arn(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.arn = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_arn(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.arn = input;
        self
    }
    pub fn get_arn(&self) -> &::std::option::Option<::std::string::String> {
        &self.arn
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
    pub fn build(self) -> crate::types::Parameter {
        crate::types::Parameter {
            name: self.name,
            r#type: self.r#type,
            value: self.value,
            version: self.version.unwrap_or_default(),
            selector: self.selector,
            source_result: self.source_result,
            last_modified_date: self.last_modified_date,
            arn: self.arn,
            data_type: self.data_type,
        }
    }
}
impl ::std::fmt::Debug for ParameterBuilder {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        let mut formatter = f.debug_struct("ParameterBuilder");
        formatter.field("name", &self.name);
        formatter.field("r#type", &self.r#type);
        formatter.field("value", &"*** Sensitive Data Redacted ***");
        formatter.field("version", &self.version);
        formatter.field("selector", &self.selector);
        formatter.field("source_result", &self.source_result);
        formatter.field("last_modified_date", &self.last_modified_date);
        formatter.field("arn", &self.arn);
        formatter.field("data_type", &self.data_type);
        formatter.finish()
    }
}
