impl super::Client {
    pub fn modify_image_attribute(&self) -> crate::operation::modify_image_attribute::builders::ModifyImageAttributeFluentBuilder {
        crate::operation::modify_image_attribute::builders::ModifyImageAttributeFluentBuilder::new(self.handle.clone())
    }
}
