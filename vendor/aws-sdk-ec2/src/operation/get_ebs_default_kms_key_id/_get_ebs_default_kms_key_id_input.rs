#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct GetEbsDefaultKmsKeyIdInput {
    pub dry_run: ::std::option::Option<bool>,
}
impl GetEbsDefaultKmsKeyIdInput {
    pub fn dry_run(&self) -> ::std::option::Option<bool> {
        self.dry_run
    }
}
impl GetEbsDefaultKmsKeyIdInput {
    pub fn builder() -> crate::operation::get_ebs_default_kms_key_id::builders::GetEbsDefaultKmsKeyIdInputBuilder {
        crate::operation::get_ebs_default_kms_key_id::builders::GetEbsDefaultKmsKeyIdInputBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct GetEbsDefaultKmsKeyIdInputBuilder {
    pub(crate) dry_run: ::std::option::Option<bool>,
}
impl GetEbsDefaultKmsKeyIdInputBuilder {
    pub fn dry_run(mut self, input: bool) -> Self {
        self.dry_run = ::std::option::Option::Some(input);
        self
    }
    pub fn set_dry_run(mut self, input: ::std::option::Option<bool>) -> Self {
        self.dry_run = input;
        self
    }
    pub fn get_dry_run(&self) -> &::std::option::Option<bool> {
        &self.dry_run
    }
    pub fn build(
        self,
    ) -> ::std::result::Result<
        crate::operation::get_ebs_default_kms_key_id::GetEbsDefaultKmsKeyIdInput,
        ::aws_smithy_types::error::operation::BuildError,
    > {
        ::std::result::Result::Ok(crate::operation::get_ebs_default_kms_key_id::GetEbsDefaultKmsKeyIdInput { dry_run: self.dry_run })
    }
}
