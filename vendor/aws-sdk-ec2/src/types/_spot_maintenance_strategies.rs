#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct SpotMaintenanceStrategies {
    pub capacity_rebalance: ::std::option::Option<crate::types::SpotCapacityRebalance>,
}
impl SpotMaintenanceStrategies {
    pub fn capacity_rebalance(&self) -> ::std::option::Option<&crate::types::SpotCapacityRebalance> {
        self.capacity_rebalance.as_ref()
    }
}
impl SpotMaintenanceStrategies {
    pub fn builder() -> crate::types::builders::SpotMaintenanceStrategiesBuilder {
        crate::types::builders::SpotMaintenanceStrategiesBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct SpotMaintenanceStrategiesBuilder {
    pub(crate) capacity_rebalance: ::std::option::Option<crate::types::SpotCapacityRebalance>,
}
impl SpotMaintenanceStrategiesBuilder {
    pub fn capacity_rebalance(mut self, input: crate::types::SpotCapacityRebalance) -> Self {
        self.capacity_rebalance = ::std::option::Option::Some(input);
        self
    }
    pub fn set_capacity_rebalance(mut self, input: ::std::option::Option<crate::types::SpotCapacityRebalance>) -> Self {
        self.capacity_rebalance = input;
        self
    }
    pub fn get_capacity_rebalance(&self) -> &::std::option::Option<crate::types::SpotCapacityRebalance> {
        &self.capacity_rebalance
    }
    pub fn build(self) -> crate::types::SpotMaintenanceStrategies {
        crate::types::SpotMaintenanceStrategies {
            capacity_rebalance: self.capacity_rebalance,
        }
    }
}
