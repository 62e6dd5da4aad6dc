#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct LaunchTemplateConfig {
    pub launch_template_specification: ::std::option::Option<crate::types::FleetLaunchTemplateSpecification>,
    pub overrides: ::std::option::Option<::std::vec::Vec<crate::types::LaunchTemplateOverrides>>,
}
impl LaunchTemplateConfig {
    pub fn launch_template_specification(&self) -> ::std::option::Option<&crate::types::FleetLaunchTemplateSpecification> {
        self.launch_template_specification.as_ref()
    }
    pub fn overrides(&self) -> &[crate::types::LaunchTemplateOverrides] {
        self.overrides.as_deref().unwrap_or_default()
    }
}
impl LaunchTemplateConfig {
    pub fn builder() -> crate::types::builders::LaunchTemplateConfigBuilder {
        crate::types::builders::LaunchTemplateConfigBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct LaunchTemplateConfigBuilder {
    pub(crate) launch_template_specification: ::std::option::Option<crate::types::FleetLaunchTemplateSpecification>,
    pub(crate) overrides: ::std::option::Option<::std::vec::Vec<crate::types::LaunchTemplateOverrides>>,
}
impl LaunchTemplateConfigBuilder {
    pub fn launch_template_specification(mut self, input: crate::types::FleetLaunchTemplateSpecification) -> Self {
        self.launch_template_specification = ::std::option::Option::Some(input);
        self
    }
    pub fn set_launch_template_specification(mut self, input: ::std::option::Option<crate::types::FleetLaunchTemplateSpecification>) -> Self {
        self.launch_template_specification = input;
        self
    }
    pub fn get_launch_template_specification(&self) -> &::std::option::Option<crate::types::FleetLaunchTemplateSpecification> {
        &self.launch_template_specification
    }
    pub fn overrides(mut self, input: crate::types::LaunchTemplateOverrides) -> Self {
        let mut v = self.overrides.unwrap_or_default();
        v.push(input);
        self.overrides = ::std::option::Option::Some(v);
        self
    }
    pub fn set_overrides(mut self, input: ::std::option::Option<::std::vec::Vec<crate::types::LaunchTemplateOverrides>>) -> Self {
        self.overrides = input;
        self
    }
    pub fn get_overrides(&self) -> &::std::option::Option<::std::vec::Vec<crate::types::LaunchTemplateOverrides>> {
        &self.overrides
    }
    pub fn build(self) -> crate::types::LaunchTemplateConfig {
        crate::types::LaunchTemplateConfig {
            launch_template_specification: self.launch_template_specification,
            overrides: self.overrides,
        }
    }
}
