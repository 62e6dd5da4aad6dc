impl super::Client {
    pub fn register_image(&self) -> crate::operation::register_image::builders::RegisterImageFluentBuilder {
        crate::operation::register_image::builders::RegisterImageFluentBuilder::new(self.handle.clone())
    }
}
