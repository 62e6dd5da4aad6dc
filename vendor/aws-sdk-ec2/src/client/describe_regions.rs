impl super::Client {
    pub fn describe_regions(&self) -> crate::operation::describe_regions::builders::DescribeRegionsFluentBuilder {
        crate::operation::describe_regions::builders::DescribeRegionsFluentBuilder::new(self.handle.clone())
    }
}
