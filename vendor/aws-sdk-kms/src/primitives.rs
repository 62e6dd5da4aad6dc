pub use ::aws_smithy_types::date_time::Format as DateTimeFormat;
pub use ::aws_smithy_types::Blob;
pub use ::aws_smithy_types::DateTime;
pub mod event_stream;
pub(crate) mod sealed_enum_unknown;
