#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct SpotFleetRequestConfigData {
    pub allocation_strategy: ::std::option::Option<crate::types::AllocationStrategy>,
    pub on_demand_allocation_strategy: ::std::option::Option<crate::types::OnDemandAllocationStrategy>,
    pub spot_maintenance_strategies: ::std::option::Option<crate::types::SpotMaintenanceStrategies>,
    pub client_token: ::std::option::Option<::std::string::String>,
    pub excess_capacity_termination_policy: ::std::option::Option<crate::types::ExcessCapacityTerminationPolicy>,
    pub fulfilled_capacity: ::std::option::Option<f64>,
    pub on_demand_fulfilled_capacity: ::std::option::Option<f64>,
    pub iam_fleet_role: ::std::option::Option<::std::string::String>,
    pub launch_specifications: ::std::option::Option<::std::vec::Vec<crate::types::SpotFleetLaunchSpecification>>,
    pub launch_template_configs: ::std::option::Option<::std::vec::Vec<crate::types::LaunchTemplateConfig>>,
    pub spot_price: ::std::option::Option<::std::string::String>,
    pub target_capacity: ::std::option::Option<i32>,
    pub on_demand_target_capacity: ::std::option::Option<i32>,
    pub on_demand_max_total_price: ::std::option::Option<::std::string::String>,
    pub spot_max_total_price: ::std::option::Option<::std::string::String>,
    pub terminate_instances_with_expiration: ::std::option::Option<bool>,
    pub r#type: ::std::option::Option<crate::types::FleetType>,
    pub valid_from: ::std::option::Option<::aws_smithy_types::DateTime>,
    pub valid_until: ::std::option::Option<::aws_smithy_types::DateTime>,
    pub replace_unhealthy_instances: ::std::option::Option<bool>,
    pub instance_interruption_behavior: ::std::option::Option<crate::types::InstanceInterruptionBehavior>,
    pub load_balancers_config: ::std::option::Option<crate::types::LoadBalancersConfig>,
    pub instance_pools_to_use_count: ::std::option::Option<i32>,
    pub context: ::std::option::Option<::std::string::String>,
    pub target_capacity_unit_type: ::std::option::Option<crate::types::TargetCapacityUnitType>,
    pub tag_specifications: ::std::option::Option<::std::vec::Vec<crate::types::TagSpecification>>,
}
impl SpotFleetRequestConfigData {
    pub fn allocation_strategy(&self) -> ::std::option::Option<&crate::types::AllocationStrategy> {
        self.allocation_strategy.as_ref()
    }
    pub fn on_demand_allocation_strategy(&self) -> ::std::option::Option<&crate::types::OnDemandAllocationStrategy> {
        self.on_demand_allocation_strategy.as_ref()
    }
    pub fn spot_maintenance_strategies(&self) -> ::std::option::Option<&crate::types::SpotMaintenanceStrategies> {
        self.spot_maintenance_strategies.as_ref()
    }
    pub fn client_token(&self) -> ::std::option::Option<&str> {
        self.client_token.as_deref()
    }
    pub fn excess_capacity_termination_policy(&self) -> ::std::option::Option<&crate::types::ExcessCapacityTerminationPolicy> {
        self.excess_capacity_termination_policy.as_ref()
    }
    pub fn fulfilled_capacity(&self) -> ::std::option::Option<f64> {
        self.fulfilled_capacity
    }
    pub fn on_demand_fulfilled_capacity(&self) -> ::std::option::Option<f64> {
        self.on_demand_fulfilled_capacity
    }
    pub fn iam_fleet_role(&self) -> ::std::option::Option<&str> {
        self.iam_fleet_role.as_deref()
    }
    pub fn launch_specifications(&self) -> &[crate::types::SpotFleetLaunchSpecification] {
        self.launch_specifications.as_deref().unwrap_or_default()
    }
    pub fn launch_template_configs(&self) -> &[crate::types::LaunchTemplateConfig] {
        self.launch_template_configs.as_deref().unwrap_or_default()
    }
    pub fn spot_price(&self) -> ::std::option::Option<&str> {
        self.spot_price.as_deref()
    }
    pub fn target_capacity(&self) -> ::std::option::Option<i32> {
        self.target_capacity
    }
    pub fn on_demand_target_capacity(&self) -> ::std::option::Option<i32> {
        self.on_demand_target_capacity
    }
    pub fn on_demand_max_total_price(&self) -> ::std::option::Option<&str> {
        self.on_demand_max_total_price.as_deref()
    }
    pub fn spot_max_total_price(&self) -> ::std::option::Option<&str> {
        self.spot_max_total_price.as_deref()
    }
    pub fn terminate_instances_with_expiration(&self) -> ::std::option::Option<bool> {
        self.terminate_instances_with_expiration
    }
    pub fn r#type(&self) -> ::std::option::Option<&crate::types::FleetType> {
        self.r#type.as_ref()
    }
    pub fn valid_from(&self) -> ::std::option::Option<&::aws_smithy_types::DateTime> {
        self.valid_from.as_ref()
    }
    pub fn valid_until(&self) -> ::std::option::Option<&::aws_smithy_types::DateTime> {
        self.valid_until.as_ref()
    }
    pub fn replace_unhealthy_instances(&self) -> ::std::option::Option<bool> {
        self.replace_unhealthy_instances
    }
    pub fn instance_interruption_behavior(&self) -> ::std::option::Option<&crate::types::InstanceInterruptionBehavior> {
        self.instance_interruption_behavior.as_ref()
    }
    pub fn load_balancers_config(&self) -> ::std::option::Option<&crate::types::LoadBalancersConfig> {
        self.load_balancers_config.as_ref()
    }
    pub fn instance_pools_to_use_count(&self) -> ::std::option::Option<i32> {
        self.instance_pools_to_use_count
    }
    pub fn context(&self) -> ::std::option::Option<&str> {
        self.context.as_deref()
    }
    pub fn target_capacity_unit_type(&self) -> ::std::option::Option<&crate::types::TargetCapacityUnitType> {
        self.target_capacity_unit_type.as_ref()
    }
    pub fn tag_specifications(&self) -> &[crate::types::TagSpecification] {
        self.tag_specifications.as_deref().unwrap_or_default()
    }
}
impl SpotFleetRequestConfigData {
    pub fn builder() -> crate::types::builders::SpotFleetRequestConfigDataBuilder {
        crate::types::builders::SpotFleetRequestConfigDataBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct SpotFleetRequestConfigDataBuilder {
    pub(crate) allocation_strategy: ::std::option::Option<crate::types::AllocationStrategy>,
    pub(crate) on_demand_allocation_strategy: ::std::option::Option<crate::types::OnDemandAllocationStrategy>,
    pub(crate) spot_maintenance_strategies: ::std::option::Option<crate::types::SpotMaintenanceStrategies>,
    pub(crate) client_token: ::std::option::Option<::std::string::String>,
    pub(crate) excess_capacity_termination_policy: ::std::option::Option<crate::types::ExcessCapacityTerminationPolicy>,
    pub(crate) fulfilled_capacity: ::std::option::Option<f64>,
    pub(crate) on_demand_fulfilled_capacity: ::std::option::Option<f64>,
    pub(crate) iam_fleet_role: ::std::option::Option<::std::string::String>,
    pub(crate) launch_specifications: ::std::option::Option<::std::vec::Vec<crate::types::SpotFleetLaunchSpecification>>,
    pub(crate) launch_template_configs: ::std::option::Option<::std::vec::Vec<crate::types::LaunchTemplateConfig>>,
    pub(crate) spot_price: ::std::option::Option<::std::string::String>,
    pub(crate) target_capacity: ::std::option::Option<i32>,
    pub(crate) on_demand_target_capacity: ::std::option::Option<i32>,
    pub(crate) on_demand_max_total_price: ::std::option::Option<::std::string::String>,
    pub(crate) spot_max_total_price: ::std::option::Option<::std::string::String>,
    pub(crate) terminate_instances_with_expiration: ::std::option::Option<bool>,
    pub(crate) r#type: ::std::option::Option<crate::types::FleetType>,
    pub(crate) valid_from: ::std::option::Option<::aws_smithy_types::DateTime>,
    pub(crate) valid_until: ::std::option::Option<::aws_smithy_types::DateTime>,
    pub(crate) replace_unhealthy_instances: ::std::option::Option<bool>,
    pub(crate) instance_interruption_behavior: ::std::option::Option<crate::types::InstanceInterruptionBehavior>,
    pub(crate) load_balancers_config: ::std::option::Option<crate::types::LoadBalancersConfig>,
    pub(crate) instance_pools_to_use_count: ::std::option::Option<i32>,
    pub(crate) context: ::std::option::Option<::std::string::String>,
    pub(crate) target_capacity_unit_type: ::std::option::Option<crate::types::TargetCapacityUnitType>,
    pub(crate) tag_specifications: ::std::option::Option<::std::vec::Vec<crate::types::TagSpecification>>,
}
impl SpotFleetRequestConfigDataBuilder {
    pub fn allocation_strategy(mut self, input: crate::types::AllocationStrategy) -> Self {
        self.allocation_strategy = ::std::option::Option::Some(input);
        self
    }
    pub fn set_allocation_strategy(mut self, input: ::std::option::Option<crate::types::AllocationStrategy>) -> Self {
        self.allocation_strategy = input;
        self
    }
    pub fn get_allocation_strategy(&self) -> &::std::option::Option<crate::types::AllocationStrategy> {
        &self.allocation_strategy
    }
    pub fn on_demand_allocation_strategy(mut self, input: crate::types::OnDemandAllocationStrategy) -> Self {
        self.on_demand_allocation_strategy = ::std::option::Option::Some(input);
        self
    }
    pub fn set_on_demand_allocation_strategy(mut self, input: ::std::option::Option<crate::types::OnDemandAllocationStrategy>) -> Self {
        self.on_demand_allocation_strategy = input;
        self
    }
    pub fn get_on_demand_allocation_strategy(&self) -> &::std::option::Option<crate::types::OnDemandAllocationStrategy> {
        &self.on_demand_allocation_strategy
    }
    pub fn spot_maintenance_strategies(mut self, input: crate::types::SpotMaintenanceStrategies) -> Self {
        self.spot_maintenance_strategies = ::std::option::Option::Some(input);
        self
    }
    pub fn set_spot_maintenance_strategies(mut self, input: ::std::option::Option<crate::types::SpotMaintenanceStrategies>) -> Self {
        self.spot_maintenance_strategies = input;
        self
    }
    pub fn get_spot_maintenance_strategies(&self) -> &::std::option::Option<crate::types::SpotMaintenanceStrategies> {
        &self.spot_maintenance_strategies
    }
    pub fn client_token(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.client_token = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_client_token(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.client_token = input;
        self
    }
    pub fn get_client_token(&self) -> &::std::option::Option<::std::string::String> {
        &self.client_token
    }
    pub fn excess_capacity_termination_policy(mut self, input: crate::types::ExcessCapacityTerminationPolicy) -> Self {
        self.excess_capacity_termination_policy = ::std::option::Option::Some(input);
        self
    }
    pub fn set_excess_capacity_termination_policy(mut self, input: ::std::option::Option<crate::types::ExcessCapacityTerminationPolicy>) -> Self {
        self.excess_capacity_termination_policy = input;
        self
    }
    pub fn get_excess_capacity_termination_policy(&self) -> &::std::option::Option<crate::types::ExcessCapacityTerminationPolicy> {
        &self.excess_capacity_termination_policy
    }
    pub fn fulfilled_capacity(mut self, input: f64) -> Self {
        self.fulfilled_capacity = ::std::option::Option::Some(input);
        self
    }
    pub fn set_fulfilled_capacity(mut self, input: ::std::option::Option<f64>) -> Self {
        self.fulfilled_capacity = input;
        self
    }
    pub fn get_fulfilled_capacity(&self) -> &::std::option::Option<f64> {
        &self.fulfilled_capacity
    }
    pub fn on_demand_fulfilled_capacity(mut self, input: f64) -> Self {
        self.on_demand_fulfilled_capacity = ::std::option::Option::Some(input);
        self
    }
    pub fn set_on_demand_fulfilled_capacity(mut self, input: ::std::option::Option<f64>) -> Self {
        self.on_demand_fulfilled_capacity = input;
        self
    }
    pub fn get_on_demand_fulfilled_capacity(&self) -> &::std::option::Option<f64> {
        &self.on_demand_fulfilled_capacity
    }
    pub fn iam_fleet_role(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.iam_fleet_role = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_iam_fleet_role(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.iam_fleet_role = input;
        self
    }
    pub fn get_iam_fleet_role(&self) -> &::std::option::Option<::std::string::String> {
        &self.iam_fleet_role
    }
    pub fn launch_specifications(mut self, input: crate::types::SpotFleetLaunchSpecification) -> Self {
        let mut v = self.launch_specifications.unwrap_or_default();
        v.push(input);
        self.launch_specifications = ::std::option::Option::Some(v);
        self
    }
    pub fn set_launch_specifications(mut self, input: ::std::option::Option<::std::vec::Vec<crate::types::SpotFleetLaunchSpecification>>) -> Self {
        self.launch_specifications = input;
        self
    }
    pub fn get_launch_specifications(&self) -> &::std::option::Option<::std::vec::Vec<crate::types::SpotFleetLaunchSpecification>> {
        &self.launch_specifications
    }
    pub fn launch_template_configs(mut self, input: crate::types::LaunchTemplateConfig) -> Self {
        let mut v = self.launch_template_configs.unwrap_or_default();
        v.push(input);
        self.launch_template_configs = ::std::option::Option::Some(v);
        self
    }
    pub fn set_launch_template_configs(mut self, input: ::std::option::Option<::std::vec::Vec<crate::types::LaunchTemplateConfig>>) -> Self {
        self.launch_template_configs = input;
        self
    }
    pub fn get_launch_template_configs(&self) -> &::std::option::Option<::std::vec::Vec<crate::types::LaunchTemplateConfig>> {
        &self.launch_template_configs
    }
    pub fn spot_price(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.spot_price = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_spot_price(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.spot_price = input;
        self
    }
    pub fn get_spot_price(&self) -> &::std::option::Option<::std::string::String> {
        &self.spot_price
    }
    pub fn target_capacity(mut self, input: i32) -> Self {
        self.target_capacity = ::std::option::Option::Some(input);
        self
    }
    pub fn set_target_capacity(mut self, input: ::std::option::Option<i32>) -> Self {
        self.target_capacity = input;
        self
    }
    pub fn get_target_capacity(&self) -> &::std::option::Option<i32> {
        &self.target_capacity
    }
    pub fn on_demand_target_capacity(mut self, input: i32) -> Self {
        self.on_demand_target_capacity = ::std::option::Option::Some(input);
        self
    }
    pub fn set_on_demand_target_capacity(mut self, input: ::std::option::Option<i32>) -> Self {
        self.on_demand_target_capacity = input;
        self
    }
    pub fn get_on_demand_target_capacity(&self) -> &::std::option::Option<i32> {
        &self.on_demand_target_capacity
    }
    pub fn on_demand_max_total_price(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.on_demand_max_total_price = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_on_demand_max_total_price(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.on_demand_max_total_price = input;
        self
    }
    pub fn get_on_demand_max_total_price(&self) -> &::std::option::Option<::std::string::String> {
        &self.on_demand_max_total_price
    }
    pub fn spot_max_total_price(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.spot_max_total_price = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_spot_max_total_price(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.spot_max_total_price = input;
        self
    }
    pub fn get_spot_max_total_price(&self) -> &::std::option::Option<::std::string::String> {
        &self.spot_max_total_price
    }
    pub fn terminate_instances_with_expiration(mut self, input: bool) -> Self {
        self.terminate_instances_with_expiration = ::std::option::Option::Some(input);
        self
    }
    pub fn set_terminate_instances_with_expiration(mut self, input: ::std::option::Option<bool>) -> Self {
        self.terminate_instances_with_expiration = input;
        self
    }
    pub fn get_terminate_instances_with_expiration(&self) -> &::std::option::Option<bool> {
        &self.terminate_instances_with_expiration
    }
    pub fn r#type(mut self, input: crate::types::FleetType) -> Self {
        self.r#type = ::std::option::Option::Some(input);
        self
    }
    pub fn set_type(mut self, input: ::std::option::Option<crate::types::FleetType>) -> Self {
        self.r#type = input;
        self
    }
    pub fn get_type(&self) -> &::std::option::Option<crate::types::FleetType> {
        &self.r#type
    }
    pub fn valid_from(mut self, input: ::aws_smithy_types::DateTime) -> Self {
        self.valid_from = ::std::option::Option::Some(input);
        self
    }
    pub fn set_valid_from(mut self, input: ::std::option::Option<::aws_smithy_types::DateTime>) -> Self {
        self.valid_from = input;
        self
    }
    pub fn get_valid_from(&self) -> &::std::option::Option<::aws_smithy_types::DateTime> {
        &self.valid_from
    }
    pub fn valid_until(mut self, input: ::aws_smithy_types::DateTime) -> Self {
        self.valid_until = ::std::option::Option::Some(input);
        self
    }
    pub fn set_valid_until(mut self, input: ::std::option::Option<::aws_smithy_types::DateTime>) -> Self {
        self.valid_until = input;
        self
    }
    pub fn get_valid_until(&self) -> &::std::option::Option<::aws_smithy_types::DateTime> {
        &self.valid_until
    }
    pub fn replace_unhealthy_instances(mut self, input: bool) -> Self {
        self.replace_unhealthy_instances = ::std::option::Option::Some(input);
        self
    }
    pub fn set_replace_unhealthy_instances(mut self, input: ::std::option::Option<bool>) -> Self {
        self.replace_unhealthy_instances = input;
        self
    }
    pub fn get_replace_unhealthy_instances(&self) -> &::std::option::Option<bool> {
        &self.replace_unhealthy_instances
    }
    pub fn instance_interruption_behavior(mut self, input: crate::types::InstanceInterruptionBehavior) -> Self {
        self.instance_interruption_behavior = ::std::option::Option::Some(input);
        self
    }
    pub fn set_instance_interruption_behavior(mut self, input: ::std::option::Option<crate::types::InstanceInterruptionBehavior>) -> Self {
        self.instance_interruption_behavior = input;
        self
    }
    pub fn get_instance_interruption_behavior(&self) -> &::std::option::Option<crate::types::InstanceInterruptionBehavior> {
        &self.instance_interruption_behavior
    }
    pub fn load_balancers_config(mut self, input: crate::types::LoadBalancersConfig) -> Self {
        self.load_balancers_config = ::std::option::Option::Some(input);
        self
    }
    pub fn set_load_balancers_config(mut self, input: ::std::option::Option<crate::types::LoadBalancersConfig>) -> Self {
        self.load_balancers_config = input;
        self
    }
    pub fn get_load_balancers_config(&self) -> &::std::option::Option<crate::types::LoadBalancersConfig> {
        &self.load_balancers_config
    }
    pub fn instance_pools_to_use_count(mut self, input: i32) -> Self {
        self.instance_pools_to_use_count = ::std::option::Option::Some(input);
        self
    }
    pub fn set_instance_pools_to_use_count(mut self, input: ::std::option::Option<i32>) -> Self {
        self.instance_pools_to_use_count = input;
        self
    }
    pub fn get_instance_pools_to_use_count(&self) -> &::std::option::Option<i32> {
        &self.instance_pools_to_use_count
    }
    pub fn context(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.context = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_context(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.context = input;
        self
    }
    pub fn get_context(&self) -> &::std::option::Option<::std::string::String> {
        &self.context
    }
    pub fn target_capacity_unit_type(mut self, input: crate::types::TargetCapacityUnitType) -> Self {
        self.target_capacity_unit_type = ::std::option::Option::Some(input);
        self
    }
    pub fn set_target_capacity_unit_type(mut self, input: ::std::option::Option<crate::types::TargetCapacityUnitType>) -> Self {
        self.target_capacity_unit_type = input;
        self
    }
    pub fn get_target_capacity_unit_type(&self) -> &::std::option::Option<crate::types::TargetCapacityUnitType> {
        &self.target_capacity_unit_type
    }
    pub fn tag_specifications(mut self, input: crate::types::TagSpecification) -> Self {
        let mut v = self.tag_specifications.unwrap_or_default();
        v.push(input);
        self.tag_specifications = ::std::option::Option::Some(v);
        self
    }
    pub fn set_tag_specifications(mut self, input: ::std::option::Option<::std::vec::Vec<crate::types::TagSpecification>>) -> Self {
        self.tag_specifications = input;
        self
    }
    pub fn get_tag_specifications(&self) -> &::std::option::Option<::std::vec::Vec<crate::types::TagSpecification>> {
        &self.tag_specifications
    }
    pub fn build(self) -> crate::types::SpotFleetRequestConfigData {
        crate::types::SpotFleetRequestConfigData {
            allocation_strategy: self.allocation_strategy,
            on_demand_allocation_strategy: self.on_demand_allocation_strategy,
            spot_maintenance_strategies: self.spot_maintenance_strategies,
            client_token: self.client_token,
            excess_capacity_termination_policy: self.excess_capacity_termination_policy,
            fulfilled_capacity: self.fulfilled_capacity,
            on_demand_fulfilled_capacity: self.on_demand_fulfilled_capacity,
            iam_fleet_role: self.iam_fleet_role,
            launch_specifications: self.launch_specifications,
            launch_template_configs: self.launch_template_configs,
            spot_price: self.spot_price,
            target_capacity: self.target_capacity,
            on_demand_target_capacity: self.on_demand_target_capacity,
            on_demand_max_total_price: self.on_demand_max_total_price,
            spot_max_total_price: self.spot_max_total_price,
            terminate_instances_with_expiration: self.terminate_instances_with_expiration,
            r#type: self.r#type,
            valid_from: self.valid_from,
            valid_until: self.valid_until,
            replace_unhealthy_instances: self.replace_unhealthy_instances,
            instance_interruption_behavior: self.instance_interruption_behavior,
            load_balancers_config: self.load_balancers_config,
            instance_pools_to_use_count: self.instance_pools_to_use_count,
            context: self.context,
            target_capacity_unit_type: self.target_capacity_unit_type,
            tag_specifications: self.tag_specifications,
        }
    }
}
