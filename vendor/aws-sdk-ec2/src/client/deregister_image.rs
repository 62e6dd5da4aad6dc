impl super::Client {
    pub fn deregister_image(&self) -> crate::operation::deregister_image::builders::DeregisterImageFluentBuilder {
        crate::operation::deregister_image::builders::DeregisterImageFluentBuilder::new(self.handle.clone())
    }
}
