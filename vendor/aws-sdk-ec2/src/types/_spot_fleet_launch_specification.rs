#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq)]
pub struct SpotFleetLaunchSpecification {
    pub addressing_type: ::std::option::Option<::std::string::String>,
    pub block_device_mappings: ::std::option::Option<::std::vec::Vec<crate::types::BlockDeviceMapping>>,
    pub ebs_optimized: ::std::option::Option<bool>,
    pub iam_instance_profile: ::std::option::Option<crate::types::IamInstanceProfileSpecification>,
    pub image_id: ::std::option::Option<::std::string::String>,
    pub instance_type: ::std::option::Option<crate::types::InstanceType>,
    pub kernel_id: ::std::option::Option<::std::string::String>,
    pub key_name: ::std::option::Option<::std::string::String>,
    pub monitoring: ::std::option::Option<crate::types::SpotFleetMonitoring>,
    pub network_interfaces: ::std::option::Option<::std::vec::Vec<crate::types::InstanceNetworkInterfaceSpecification>>,
    pub placement: ::std::option::Option<crate::types::SpotPlacement>,
    pub ramdisk_id: ::std::option::Option<::std::string::String>,
    pub spot_price: ::std::option::Option<::std::string::String>,
    pub subnet_id: ::std::option::Option<::std::string::String>,
    pub user_data: ::std::option::Option<::std::string::String>,
    pub weighted_capacity: ::std::option::Option<f64>,
    pub tag_specifications: ::std::option::Option<::std::vec::Vec<crate::types::SpotFleetTagSpecification>>,
    pub instance_requirements: ::std::option::Option<crate::types::InstanceRequirements>,
    pub security_groups: ::std::option::Option<::std::vec::Vec<crate::types::GroupIdentifier>>,
}
impl SpotFleetLaunchSpecification {
    pub fn addressing_type(&self) -> ::std::option::Option<&str> {
        self.addressing_type.as_deref()
    }
    pub fn block_device_mappings(&self) -> &[crate::types::BlockDeviceMapping] {
        self.block_device_mappings.as_deref().unwrap_or_default()
    }
    pub fn ebs_optimized(&self) -> ::std::option::Option<bool> {
        self.ebs_optimized
    }
    pub fn iam_instance_profile(&self) -> ::std::option::Option<&crate::types::IamInstanceProfileSpecification> {
        self.iam_instance_profile.as_ref()
    }
    pub fn image_id(&self) -> ::std::option::Option<&str> {
        self.image_id.as_deref()
    }
    pub fn instance_type(&self) -> ::std::option::Option<&crate::types::InstanceType> {
        self.instance_type.as_ref()
    }
    pub fn kernel_id(&self) -> ::std::option::Option<&str> {
        self.kernel_id.as_deref()
    }
    pub fn key_name(&self) -> ::std::option::Option<&str> {
        self.key_name.as_deref()
    }
    pub fn monitoring(&self) -> ::std::option::Option<&crate::types::SpotFleetMonitoring> {
        self.monitoring.as_ref()
    }
    pub fn network_interfaces(&self) -> &[crate::types::InstanceNetworkInterfaceSpecification] {
        self.network_interfaces.as_deref().unwrap_or_default()
    }
    pub fn placement(&self) -> ::std::option::Option<&crate::types::SpotPlacement> {
        self.placement.as_ref()
    }
    pub fn ramdisk_id(&self) -> ::std::option::Option<&str> {
        self.ramdisk_id.as_deref()
    }
    pub fn spot_price(&self) -> ::std::option::Option<&str> {
        self.spot_price.as_deref()
    }
    pub fn subnet_id(&self) -> ::std::option::Option<&str> {
        self.subnet_id.as_deref()
    }
    pub fn user_data(&self) -> ::std::option::Option<&str> {
        self.user_data.as_deref()
    }
    pub fn weighted_capacity(&self) -> ::std::option::Option<f64> {
        self.weighted_capacity
    }
    pub fn tag_specifications(&self) -> &[crate::types::SpotFleetTagSpecification] {
        self.tag_specifications.as_deref().unwrap_or_default()
    }
    pub fn instance_requirements(&self) -> ::std::option::Option<&crate::types::InstanceRequirements> {
        self.instance_requirements.as_ref()
    }
    pub fn security_groups(&self) -> &[crate::types::GroupIdentifier] {
        self.security_groups.as_deref().unwrap_or_default()
    }
}
impl ::std::fmt::Debug for SpotFleetLaunchSpecification {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        let mut formatter = f.debug_struct("SpotFleetLaunchSpecification");
        formatter.field("addressing_type", &self.addressing_type);
        formatter.field("block_device_mappings", &self.block_device_mappings);
        formatter.field("ebs_optimized", &self.ebs_optimized);
        formatter.field("iam_instance_profile", &self.iam_instance_profile);
        formatter.field("image_id", &self.image_id);
        formatter.field("instance_type", &self.instance_type);
        formatter.field("kernel_id", &self.kernel_id);
        formatter.field("key_name", &self.key_name);
        formatter.field("monitoring", &self.monitoring);
        formatter.field("network_interfaces", &self.network_interfaces);
        formatter.field("placement", &self.placement);
        formatter.field("ramdisk_id", &self.ramdisk_id);
        formatter.field("spot_price", &self.spot_price);
        formatter.field("subnet_id", &self.subnet_id);
        formatter.field("user_data", &"*** Sensitive Data Redacted ***");
        formatter.field("weighted_capacity", &self.weighted_capacity);
        formatter.field("tag_specifications", &self.tag_specifications);
        formatter.field("instance_requirements", &self.instance_requirements);
        formatter.field("security_groups", &self.security_groups);
        formatter.finish()
    }
}
impl SpotFleetLaunchSpecification {
    pub fn builder() -> crate::types::builders::SpotFleetLaunchSpecificationBuilder {
        crate::types::builders::SpotFleetLaunchSpecificationBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default)]
#[non_exhaustive]
pub struct SpotFleetLaunchSpecificationBuilder {
    pub(crate) addressing_type: ::std::option::Option<::std::string::String>,
    pub(crate) block_device_mappings: ::std::option::Option<::std::vec::Vec<crate::types::BlockDeviceMapping>>,
    pub(crate) ebs_optimized: ::std::option::Option<bool>,
    pub(crate) iam_instance_profile: ::std::option::Option<crate::types::IamInstanceProfileSpecification>,
    pub(crate) image_id: ::std::option::Option<::std::string::String>,
    pub(crate) instance_type: ::std::option::Option<crate::types::InstanceType>,
    pub(crate) kernel_id: ::std::option::Option<::std::string::String>,
    pub(crate) key_name: ::std::option::Option<::std::string::String>,
    pub(crate) monitoring: ::std::option::Option<crate::types::SpotFleetMonitoring>,
    pub(crate) network_interfaces: ::std::option::Option<::std::vec::Vec<crate::types::InstanceNetworkInterfaceSpecification>>,
    pub(crate) placement: ::std::option::Option<crate::types::SpotPlacement>,
    pub(crate) ramdisk_id: ::std::option::Option<::std::string::String>,
    pub(crate) spot_price: ::std::option::Option<::std::string::String>,
    pub(crate) subnet_id: ::std::option::Option<::std::string::String>,
    pub(crate) user_data: ::std::option::Option<::std::string::String>,
    pub(crate) weighted_capacity: ::std::option::Option<f64>,
    pub(crate) tag_specifications: ::std::option::Option<::std::vec::Vec<crate::types::SpotFleetTagSpecification>>,
    pub(crate) instance_requirements: ::std::option::Option<crate::types::InstanceRequirements>,
    pub(crate) security_groups: ::std::option::Option<::std::vec::Vec<crate::types::GroupIdentifier>>,
}
impl SpotFleetLaunchSpecificationBuilder {
    pub fn addressing_type(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.addressing_type = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_addressing_type(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.addressing_type = input;
        self
    }
    pub fn get_addressing_type(&self) -> &::std::option::Option<::std::string::String> {
        &self.addressing_type
    }
    pub fn block_device_mappings(mut self, input: crate::types::BlockDeviceMapping) -> Self {
        let mut v = self.block_device_mappings.unwrap_or_default();
        v.push(input);
        self.block_device_mappings = ::std::option::Option::Some(v);
        self
    }
    pub fn set_block_device_mappings(mut self, input: ::std::option::Option<::std::vec::Vec<crate::types::BlockDeviceMapping>>) -> Self {
        self.block_device_mappings = input;
        self
    }
    pub fn get_block_device_mappings(&self) -> &::std::option::Option<::std::vec::Vec<crate::types::BlockDeviceMapping>> {
        &self.block_device_mappings
    }
    pub fn ebs_optimized(mut self, input: bool) -> Self {
        self.ebs_optimized = ::std::option::Option::Some(input);
        self
    }
    pub fn set_ebs_optimized(mut self, input: ::std::option::Option<bool>) -> Self {
        self.ebs_optimized = input;
        self
    }
    pub fn get_ebs_optimized(&self) -> &::std::option::Option<bool> {
        &self.ebs_optimized
    }
    pub fn iam_instance_profile(mut self, input: crate::types::IamInstanceProfileSpecification) -> Self {
        self.iam_instance_profile = ::std::option::Option::Some(input);
        self
    }
    pub fn set_iam_instance_profile(mut self, input: ::std::option::Option<crate::types::IamInstanceProfileSpecification>) -> Self {
        self.iam_instance_profile = input;
        self
    }
    pub fn get_iam_instance_profile(&self) -> &::std::option::Option<crate::types::IamInstanceProfileSpecification> {
        &self.iam_instance_profile
    }
    pub fn image_id(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.image_id = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_image_id(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.image_id = input;
        self
    }
    pub fn get_image_id(&self) -> &::std::option::Option<::std::string::String> {
        &self.image_id
    }
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
    pub fn kernel_id(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.kernel_id = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_kernel_id(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.kernel_id = input;
        self
    }
    pub fn get_kernel_id(&self) -> &::std::option::Option<::std::string::String> {
        &self.kernel_id
    }
    pub fn key_name(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.key_name = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_key_name(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.key_name = input;
        self
    }
    pub fn get_key_name(&self) -> &::std::option::Option<::std::string::String> {
        &self.key_name
    }
    pub fn monitoring(mut self, input: crate::types::SpotFleetMonitoring) -> Self {
        self.monitoring = ::std::option::Option::Some(input);
        self
    }
    pub fn set_monitoring(mut self, input: ::std::option::Option<crate::types::SpotFleetMonitoring>) -> Self {
        self.monitoring = input;
        self
    }
    pub fn get_monitoring(&self) -> &::std::option::Option<crate::types::SpotFleetMonitoring> {
        &self.monitoring
    }
    pub fn network_interfaces(mut self, input: crate::types::InstanceNetworkInterfaceSpecification) -> Self {
        let mut v = self.network_interfaces.unwrap_or_default();
        v.push(input);
        self.network_interfaces = ::std::option::Option::Some(v);
        self
    }
    pub fn set_network_interfaces(
        mut self,
        input: ::std::option::Option<::std::vec::Vec<crate::types::InstanceNetworkInterfaceSpecification>>,
    ) -> Self {
        self.network_interfaces = input;
        self
    }
    pub fn get_network_interfaces(&self) -> &::std::option::Option<::std::vec::Vec<crate::types::InstanceNetworkInterfaceSpecification>> {
        &self.network_interfaces
    }
    pub fn placement(mut self, input: crate::types::SpotPlacement) -> Self {
        self.placement = ::std::option::Option::Some(input);
        self
    }
    pub fn set_placement(mut self, input: ::std::option::Option<crate::types::SpotPlacement>) -> Self {
        self.placement = input;
        self
    }
    pub fn get_placement(&self) -> &::std::option::Option<crate::types::SpotPlacement> {
        &self.placement
    }
    pub fn ramdisk_id(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.ramdisk_id = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_ramdisk_id(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.ramdisk_id = input;
        self
    }
    pub fn get_ramdisk_id(&self) -> &::std::option::Option<::std::string::String> {
        &self.ramdisk_id
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
    pub fn user_data(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.user_data = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_user_data(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.user_data = input;
        self
    }
    pub fn get_user_data(&self) -> &::std::option::Option<::std::string::String> {
        &self.user_data
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
    pub fn tag_specifications(mut self, input: crate::types::SpotFleetTagSpecification) -> Self {
        let mut v = self.tag_specifications.unwrap_or_default();
        v.push(input);
        self.tag_specifications = ::std::option::Option::Some(v);
        self
    }
    pub fn set_tag_specifications(mut self, input: ::std::option::Option<::std::vec::Vec<crate::types::SpotFleetTagSpecification>>) -> Self {
        self.tag_specifications = input;
        self
    }
    pub fn get_tag_specifications(&self) -> &::std::option::Option<::std::vec::Vec<crate::types::SpotFleetTagSpecification>> {
        &self.tag_specifications
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
    pub fn security_groups(mut self, input: crate::types::GroupIdentifier) -> Self {
        let mut v = self.security_groups.unwrap_or_default();
        v.push(input);
        self.security_groups = ::std::option::Option::Some(v);
        self
    }
    pub fn set_security_groups(mut self, input: ::std::option::Option<::std::vec::Vec<crate::types::GroupIdentifier>>) -> Self {
        self.security_groups = input;
        self
    }
    pub fn get_security_groups(&self) -> &::std::option::Option<::std::vec::Vec<crate::types::GroupIdentifier>> {
        &self.security_groups
    }
    pub fn build(self) -> crate::types::SpotFleetLaunchSpecification {
        crate::types::SpotFleetLaunchSpecification {
            addressing_type: self.addressing_type,
            block_device_mappings: self.block_device_mappings,
            ebs_optimized: self.ebs_optimized,
            iam_instance_profile: self.iam_instance_profile,
            image_id: self.image_id,
            instance_type: self.instance_type,
            kernel_id: self.kernel_id,
            key_name: self.key_name,
            monitoring: self.monitoring,
            network_interfaces: self.network_interfaces,
            placement: self.placement,
            ramdisk_id: self.ramdisk_id,
            spot_price: self.spot_price,
            subnet_id: self.subnet_id,
            user_data: self.user_data,
            weighted_capacity: self.weighted_capacity,
            tag_specifications: self.tag_specifications,
            instance_requirements: self.instance_requirements,
            security_groups: self.security_groups,
        }
    }
}
impl ::std::fmt::Debug for SpotFleetLaunchSpecificationBuilder {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        let mut formatter = f.debug_struct("SpotFleetLaunchSpecificationBuilder");
        formatter.field("addressing_type", &self.addressing_type);
        formatter.field("block_device_mappings", &self.block_device_mappings);
        formatter.field("ebs_optimized", &self.ebs_optimized);
        formatter.field("iam_instance_profile", &self.iam_instance_profile);
        formatter.field("image_id", &self.image_id);
        formatter.field("instance_type", &self.instance_type);
        formatter.field("kernel_id", &self.kernel_id);
        formatter.field("key_name", &self.key_name);
        formatter.field("monitoring", &self.monitoring);
        formatter.field("network_interfaces", &self.network_interfaces);
        formatter.field("placement", &self.placement);
        formatter.field("ramdisk_id", &self.ramdisk_id);
        formatter.field("spot_price", &self.spot_price);
        formatter.field("subnet_id", &self.subnet_id);
        formatter.field("user_data", &"*** Sensitive Data Redacted ***");
        formatter.field("weighted_capacity", &self.weighted_capacity);
        formatter.field("tag_specifications", &self.tag_specifications);
        formatter.field("instance_requirements", &self.instance_requirements);
        formatter.field("security_groups", &self.security_groups);
        formatter.finish()
    }
}
