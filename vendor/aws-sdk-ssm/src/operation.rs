pub use ::aws_types::request_id::RequestId;
pub mod delete_parameter;
pub mod get_parameter;
pub mod put_parameter;
