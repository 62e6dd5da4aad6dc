#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct LoadBalancersConfig {
    pub classic_load_balancers_config: ::std::option::Option<crate::types::ClassicLoadBalancersConfig>,
    pub target_groups_config: ::std::option::Option<crate::types::TargetGroupsConfig>,
}
impl LoadBalancersConfig {
    pub fn classic_load_balancers_config(&self) -> ::std::option::Option<&crate::types::ClassicLoadBalancersConfig> {
        self.classic_load_balancers_config.as_ref()
    }
    pub fn target_groups_config(&self) -> ::std::option::Option<&crate::types::TargetGroupsConfig> {
        self.target_groups_config.as_ref()
    }
}
impl LoadBalancersConfig {
    pub fn builder() -> crate::types::builders::LoadBalancersConfigBuilder {
        crate::types::builders::LoadBalancersConfigBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct LoadBalancersConfigBuilder {
    pub(crate) classic_load_balancers_config: ::std::option::Option<crate::types::ClassicLoadBalancersConfig>,
    pub(crate) target_groups_config: ::std::option::Option<crate::types::TargetGroupsConfig>,
}
impl LoadBalancersConfigBuilder {
    pub fn classic_load_balancers_config(mut self, input: crate::types::ClassicLoadBalancersConfig) -> Self {
        self.classic_load_balancers_config = ::std::option::Option::Some(input);
        self
    }
    pub fn set_classic_load_balancers_config(mut self, input: ::std::option::Option<crate::types::ClassicLoadBalancersConfig>) -> Self {
        self.classic_load_balancers_config = input;
        self
    }
    pub fn get_classic_load_balancers_config(&self) -> &::std::option::Option<crate::types::ClassicLoadBalancersConfig> {
        &self.classic_load_balancers_config
    }
    pub fn target_groups_config(mut self, input: crate::types::TargetGroupsConfig) -> Self {
        self.target_groups_config = ::std::option::Option::Some(input);
        self
    }
    pub fn set_target_groups_config(mut self, input: ::std::option::Option<crate::types::TargetGroupsConfig>) -> Self {
        self.target_groups_config = input;
        self
    }
    pub fn get_target_groups_config(&self) -> &::std::option::Option<crate::types::TargetGroupsConfig> {
        &self.target_groups_config
    }
    pub fn build(self) -> crate::types::LoadBalancersConfig {
        crate::types::LoadBalancersConfig {
            classic_load_balancers_config: self.classic_load_balancers_config,
            target_groups_config: self.target_groups_config,
        }
    }
}
