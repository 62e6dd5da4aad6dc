impl super::Client {
    pub fn delete_parameter(&self) -> crate::operation::delete_parameter::builders::DeleteParameterFluentBuilder {
        crate::operation::delete_parameter::builders::DeleteParameterFluentBuilder::new(self.handle.clone())
    }
}
