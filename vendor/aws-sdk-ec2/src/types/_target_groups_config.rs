#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct TargetGroupsConfig {
    pub target_groups: ::std::option::Option<::std::vec::Vec<crate::types::TargetGroup>>,
}
impl TargetGroupsConfig {
    pub fn target_groups(&self) -> &[crate::types::TargetGroup] {
        self.target_groups.as_deref().unwrap_or_default()
    }
}
impl TargetGroupsConfig {
    pub fn builder() -> crate::types::builders::TargetGroupsConfigBuilder {
        crate::types::builders::TargetGroupsConfigBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct TargetGroupsConfigBuilder {
    pub(crate) target_groups: ::std::option::Option<::std::vec::Vec<crate::types::TargetGroup>>,
}
impl TargetGroupsConfigBuilder {
    pub fn target_groups(mut self, input: crate::types::TargetGroup) -> Self {
        let mut v = self.target_groups.unwrap_or_default();
        v.push(input);
        self.target_groups = ::std::option::Option::Some(v);
        self
    }
    pub fn set_target_groups(mut self, input: ::std::option::Option<::std::vec::Vec<crate::types::TargetGroup>>) -> Self {
        self.target_groups = input;
        self
    }
    pub fn get_target_groups(&self) -> &::std::option::Option<::std::vec::Vec<crate::types::TargetGroup>> {
        &self.target_groups
    }
    pub fn build(self) -> crate::types::TargetGroupsConfig {
        crate::types::TargetGroupsConfig {
            target_groups: self.target_groups,
        }
    }
}
