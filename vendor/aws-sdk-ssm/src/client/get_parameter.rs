impl super::Client {
    pub fn get_parameter(&self) -> crate::operation::get_parameter::builders::GetParameterFluentBuilder {
        crate::operation::get_parameter::builders::GetParameterFluentBuilder::new(self.handle.clone())
    }
}
