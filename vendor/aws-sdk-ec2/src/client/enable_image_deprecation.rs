impl super::Client {
    pub fn enable_image_deprecation(&self) -> crate::operation::enable_image_deprecation::builders::EnableImageDeprecationFluentBuilder {
        crate::operation::enable_image_deprecation::builders::EnableImageDeprecationFluentBuilder::new(self.handle.clone())
    }
}
