pub use crate::types::error::_dependency_timeout_exception::DependencyTimeoutException;
pub use crate::types::error::_invalid_arn_exception::InvalidArnException;
pub use crate::types::error::_kms_internal_exception::KmsInternalException;
pub use crate::types::error::_not_found_exception::NotFoundException;
mod _dependency_timeout_exception;
mod _invalid_arn_exception;
mod _kms_internal_exception;
mod _not_found_exception;
pub mod builders;
