impl super::Client {
    pub fn describe_image_attribute(&self) -> crate::operation::describe_image_attribute::builders::DescribeImageAttributeFluentBuilder {
        crate::operation::describe_image_attribute::builders::DescribeImageAttributeFluentBuilder::new(self.handle.clone())
    }
}
