pub use ::aws_types::request_id::RequestId;
pub mod describe_key;
