impl super::Client {
    pub fn put_parameter(&self) -> crate::operation::put_parameter::builders::PutParameterFluentBuilder {
        crate::operation::put_parameter::builders::PutParameterFluentBuilder::new(self.handle.clone())
    }
}
