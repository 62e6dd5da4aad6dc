#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct LaunchTemplateOverrides {
    pub instance_type: ::std::option::Option<crate::types::InstanceType>,
    pub spot_price: ::std::option::Option<::std::string::String>,
    pub subnet_id: ::std::option::Option<::std::string::String>,
    pub availability_zone: ::std::option::Option<::std::string::String>,
    pub weighted_capacity: ::std::option::Option<f64>,
    pub priority: ::std::option::Option<f64>,
    pub instance_requirements: ::std::option::Option<crate::types::InstanceRequirements>,
    pub availability_zone_id: ::std::option::Option<::std::string::String>,
}
impl LaunchTemplateOverrides {
    pub fn instance_type(&self) -> ::std::option::Option<&crate::types::InstanceType> {
        self.instance_type.as_ref()
    }
    pub fn spot_price(&self) -> ::std::option::Option<&str> {
        self.spot_price.as_deref()
    }
    pub fn subnet_id(&self) -> ::std::option::Option<&str> {
        self.subnet_id.as_deref()
    }
    pub fn availability_zone(&self) -> ::std::option::Option<&str> {
        self.availability_zone.as_deref()
    }
    pub fn weighted_capacity(&self) -> ::std::option::Option<f64> {
        self.weighted_capacity
    }
    pub fn priority(&self) -> ::std::option::Option<f64> {
        self.priority
    }
    pub fn instance_requirements(&self) -> ::std::option::Option<&crate::types::InstanceRequirements> {
        self.instance_requirements.as_ref()
    }
    pub fn availability_zone_id(&self) -> ::std::option::Option<&str> {
        self.availability_zone_id.as_deref()
    }
}
impl LaunchTemplateOverrides {
    pub fn builder() -> crate::types::builders::LaunchTemplateOverridesBuilder {
        crate::types::builders::LaunchTemplateOverridesBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct LaunchTemplateOverridesBuilder {
    pub(crate) instance_type: ::std::option::Option<crate::types::InstanceType>,
    pub(crate) spot_price: ::std::option::Option<::std::string::String>,
    pub(crate) subnet_id: ::std::option::Option<::std::string::String>,
    pub(crate) availability_zone: ::std::option::Option<::std::string::String>,
    pub(crate) weighted_capacity: ::std::option::Option<f64>,
    pub(crate) priority: ::std::option::Option<f64>,
    pub(crate) instance_requirements: ::std::option::Option<crate::types::InstanceRequirements>,
    pub(crate) availability_zone_id: ::std::option::Option<::std::string::String>,
}
impl LaunchTemplateOverridesBuilder {
    pub fn instance_type(mut self, input: crate::types::InstanceType) -> Self {
        self.instance_type = ::std::option::Option::Some(input);
        self
    }
    pub fn set_instance_type(mut self, input: ::std::option::Option<crate::types::InstanceType>) -> Self {
        self.instance_type = input;
        self
    }
    pub fn get_instance_type(&self) -> &::std::option::Option<crate::types::InstanceType> {
        &self.instance_type
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
    pub fn subnet_id(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.subnet_id = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_subnet_id(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.subnet_id = input;
        self
    }
    pub fn get_subnet_id(&self) -> &::std::option::Option<::std::string::String> {
        &self.subnet_id
    }
    pub fn availability_zone(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.availability_zone = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_availability_zone(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.availability_zone = input;
        self
    }
    pub fn get_availability_zone(&self) -> &::std::option::Option<::std::string::String> {
        &self.availability_zone
    }
    pub fn weighted_capacity(mut self, input: f64) -> Self {
        self.weighted_capacity = ::std::option::Option::Some(input);
        self
    }
    pub fn set_weighted_capacity(mut self, input: ::std::option::Option<f64>) -> Self {
        self.weighted_capacity = input;
        self
    }
    pub fn get_weighted_capacity(&self) -> &::std::option::Option<f64> {
        &self.weighted_capacity
    }
    pub fn priority(mut self, input: f64) -> Self {
        self.priority = ::std::option::Option::Some(input);
        self
    }
    pub fn set_priority(mut self, input: ::std::option::Option<f64>) -> Self {
        self.priority = input;
        self
    }
    pub fn get_priority(&self) -> &::std::option::Option<f64> {
        &self.priority
    }
    pub fn instance_requirements(mut self, input: crate::types::InstanceRequirements) -> Self {
        self.instance_requirements = ::std::option::Option::Some(input);
        self
    }
    pub fn set_instance_requirements(mut self, input: ::std::option::Option<crate::types::InstanceRequirements>) -> Self {
        self.instance_requirements = input;
        self
    }
    pub fn get_instance_requirements(&self) -> &::std::option::Option<crate::types::InstanceRequirements> {
        &self.instance_requirements
    }
    pub fn availability_zone_id(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.availability_zone_id = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_availability_zone_id(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.availability_zone_id = input;
        self
    }
    pub fn get_availability_zone_id(&self) -> &::std::option::Option<::std::string::String> {
        &self.availability_zone_id
    }
    pub fn build(self) -> crate::types::LaunchTemplateOverrides {
        crate::types::LaunchTemplateOverrides {
            instance_type: self.instance_type,
            spot_price: self.spot_price,
            subnet_id: self.subnet_id,
            availability_zone: self.availability_zone,
            weighted_capacity: self.weighted_capacity,
            priority: self.priority,
            instance_requirements: self.instance_requirements,
            availability_zone_id: self.availability_zone_id,
        }
    }
}
