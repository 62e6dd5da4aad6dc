impl super::Client {
    pub fn get_ebs_default_kms_key_id(&self) -> crate::operation::get_ebs_default_kms_key_id::builders::GetEbsDefaultKmsKeyIdFluentBuilder {
        crate::operation::get_ebs_default_kms_key_id::builders::GetEbsDefaultKmsKeyIdFluentBuilder::new(self.handle.clone())
    }
}
