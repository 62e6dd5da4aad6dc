pub use crate::types::error::_dependency_timeout_exception::DependencyTimeoutExceptionBuilder;
pub use crate::types::error::_invalid_arn_exception::InvalidArnExceptionBuilder;
pub use crate::types::error::_kms_internal_exception::KmsInternalExceptionBuilder;
pub use crate::types::error::_not_found_exception::NotFoundExceptionBuilder;
