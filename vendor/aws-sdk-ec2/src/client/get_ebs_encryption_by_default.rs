impl super::Client {
    pub fn get_ebs_encryption_by_default(&self) -> crate::operation::get_ebs_encryption_by_default::builders::GetEbsEncryptionByDefaultFluentBuilder {
        crate::operation::get_ebs_encryption_by_default::builders::GetEbsEncryptionByDefaultFluentBuilder::new(self.handle.clone())
    }
}
