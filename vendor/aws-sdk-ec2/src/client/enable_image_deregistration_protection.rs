impl super::Client {
    pub fn enable_image_deregistration_protection(
        &self,
    ) -> crate::operation::enable_image_deregistration_protection::builders::EnableImageDeregistrationProtectionFluentBuilder {
        crate::operation::enable_image_deregistration_protection::builders::EnableImageDeregistrationProtectionFluentBuilder::new(self.handle.clone())
    }
}
