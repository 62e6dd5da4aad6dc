#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct SpotCapacityRebalance {
    pub replacement_strategy: ::std::option::Option<crate::types::ReplacementStrategy>,
    pub termination_delay: ::std::option::Option<i32>,
}
impl SpotCapacityRebalance {
    pub fn replacement_strategy(&self) -> ::std::option::Option<&crate::types::ReplacementStrategy> {
        self.replacement_strategy.as_ref()
    }
    pub fn termination_delay(&self) -> ::std::option::Option<i32> {
        self.termination_delay
    }
}
impl SpotCapacityRebalance {
    pub fn builder() -> crate::types::builders::SpotCapacityRebalanceBuilder {
        crate::types::builders::SpotCapacityRebalanceBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct SpotCapacityRebalanceBuilder {
    pub(crate) replacement_strategy: ::std::option::Option<crate::types::ReplacementStrategy>,
    pub(crate) termination_delay: ::std::option::Option<i32>,
}
impl SpotCapacityRebalanceBuilder {
    pub fn replacement_strategy(mut self, input: crate::types::ReplacementStrategy) -> Self {
        self.replacement_strategy = ::std::option::Option::Some(input);
        self
    }
    pub fn set_replacement_strategy(mut self, input: ::std::option::Option<crate::types::ReplacementStrategy>) -> Self {
        self.replacement_strategy = input;
        self
    }
    pub fn get_replacement_strategy(&self) -> &::std::option::Option<crate::types::ReplacementStrategy> {
        &self.replacement_strategy
    }
    pub fn termination_delay(mut self, input: i32) -> Self {
        self.termination_delay = ::std::option::Option::Some(input);
        self
    }
    pub fn set_termination_delay(mut self, input: ::std::option::Option<i32>) -> Self {
        self.termination_delay = input;
        self
    }
    pub fn get_termination_delay(&self) -> &::std::option::Option<i32> {
        &self.termination_delay
    }
    pub fn build(self) -> crate::types::SpotCapacityRebalance {
        crate::types::SpotCapacityRebalance {
            replacement_strategy: self.replacement_strategy,
            termination_delay: self.termination_delay,
        }
    }
}
