#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct ClassicLoadBalancersConfig {
    pub classic_load_balancers: ::std::option::Option<::std::vec::Vec<crate::types::ClassicLoadBalancer>>,
}
impl ClassicLoadBalancersConfig {
    pub fn classic_load_balancers(&self) -> &[crate::types::ClassicLoadBalancer] {
        self.classic_load_balancers.as_deref().unwrap_or_default()
    }
}
impl ClassicLoadBalancersConfig {
    pub fn builder() -> crate::types::builders::ClassicLoadBalancersConfigBuilder {
        crate::types::builders::ClassicLoadBalancersConfigBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct ClassicLoadBalancersConfigBuilder {
    pub(crate) classic_load_balancers: ::std::option::Option<::std::vec::Vec<crate::types::ClassicLoadBalancer>>,
}
impl ClassicLoadBalancersConfigBuilder {
    pub fn classic_load_balancers(mut self, input: crate::types::ClassicLoadBalancer) -> Self {
        let mut v = self.classic_load_balancers.unwrap_or_default();
        v.push(input);
        self.classic_load_balancers = ::std::option::Option::Some(v);
        self
    }
    pub fn set_classic_load_balancers(mut self, input: ::std::option::Option<::std::vec::Vec<crate::types::ClassicLoadBalancer>>) -> Self {
        self.classic_load_balancers = input;
        self
    }
    pub fn get_classic_load_balancers(&self) -> &::std::option::Option<::std::vec::Vec<crate::types::ClassicLoadBalancer>> {
        &self.classic_load_balancers
    }
    pub fn build(self) -> crate::types::ClassicLoadBalancersConfig {
        crate::types::ClassicLoadBalancersConfig {
            classic_load_balancers: self.classic_load_balancers,
        }
    }
}
