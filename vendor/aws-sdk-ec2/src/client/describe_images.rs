impl super::Client {
    pub fn describe_images(&self) -> crate::operation::describe_images::builders::DescribeImagesFluentBuilder {
        crate::operation::describe_images::builders::DescribeImagesFluentBuilder::new(self.handle.clone())
    }
}
