impl super::Client {
    pub fn disable_image_deregistration_protection(
        &self,
    ) -> crate::operation::disable_image_deregistration_protection::builders::DisableImageDeregistrationProtectionFluentBuilder {
        crate::operation::disable_image_deregistration_protection::builders::DisableImageDeregistrationProtectionFluentBuilder::new(
            self.handle.clone(),
        )
    }
}
