#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct InstanceRequirements {
    pub v_cpu_count: ::std::option::Option<crate::types::VCpuCountRange>,
    pub memory_mib: ::std::option::Option<crate::types::MemoryMiB>,
    pub cpu_manufacturers: ::std::option::Option<::std::vec::Vec<crate::types::CpuManufacturer>>,
    pub memory_gib_per_v_cpu: ::std::option::Option<crate::types::MemoryGiBPerVCpu>,
    pub excluded_instance_types: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
    pub instance_generations: ::std::option::Option<::std::vec::Vec<crate::types::InstanceGeneration>>,
    pub spot_max_price_percentage_over_lowest_price: ::std::option::Option<i32>,
    pub on_demand_max_price_percentage_over_lowest_price: ::std::option::Option<i32>,
    pub bare_metal: ::std::option::Option<crate::types::BareMetal>,
    pub burstable_performance: ::std::option::Option<crate::types::BurstablePerformance>,
    pub require_hibernate_support: ::std::option::Option<bool>,
    pub network_interface_count: ::std::option::Option<crate::types::NetworkInterfaceCount>,
    pub local_storage: ::std::option::Option<crate::types::LocalStorage>,
    pub local_storage_types: ::std::option::Option<::std::vec::Vec<crate::types::LocalStorageType>>,
    pub total_local_storage_gb: ::std::option::Option<crate::types::TotalLocalStorageGb>,
    pub baseline_ebs_bandwidth_mbps: ::std::option::Option<crate::types::BaselineEbsBandwidthMbps>,
    pub accelerator_types: ::std::option::Option<::std::vec::Vec<crate::types::AcceleratorType>>,
    pub accelerator_count: ::std::option::Option<crate::types::AcceleratorCount>,
    pub accelerator_manufacturers: ::std::option::Option<::std::vec::Vec<crate::types::AcceleratorManufacturer>>,
    pub accelerator_names: ::std::option::Option<::std::vec::Vec<crate::types::AcceleratorName>>,
    pub accelerator_total_memory_mib: ::std::option::Option<crate::types::AcceleratorTotalMemoryMiB>,
    pub network_bandwidth_gbps: ::std::option::Option<crate::types::NetworkBandwidthGbps>,
    pub allowed_instance_types: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
    pub max_spot_price_as_percentage_of_optimal_on_demand_price: ::std::option::Option<i32>,
    pub baseline_performance_factors: ::std::option::Option<crate::types::BaselinePerformanceFactors>,
    pub require_encryption_in_transit: ::std::option::Option<bool>,
}
impl InstanceRequirements {
    pub fn v_cpu_count(&self) -> ::std::option::Option<&crate::types::VCpuCountRange> {
        self.v_cpu_count.as_ref()
    }
    pub fn memory_mib(&self) -> ::std::option::Option<&crate::types::MemoryMiB> {
        self.memory_mib.as_ref()
    }
    pub fn cpu_manufacturers(&self) -> &[crate::types::CpuManufacturer] {
        self.cpu_manufacturers.as_deref().unwrap_or_default()
    }
    pub fn memory_gib_per_v_cpu(&self) -> ::std::option::Option<&crate::types::MemoryGiBPerVCpu> {
        self.memory_gib_per_v_cpu.as_ref()
    }
    pub fn excluded_instance_types(&self) -> &[::std::string::String] {
        self.excluded_instance_types.as_deref().unwrap_or_default()
    }
    pub fn instance_generations(&self) -> &[crate::types::InstanceGeneration] {
        self.instance_generations.as_deref().unwrap_or_default()
    }
    pub fn spot_max_price_percentage_over_lowest_price(&self) -> ::std::option::Option<i32> {
        self.spot_max_price_percentage_over_lowest_price
    }
    pub fn on_demand_max_price_percentage_over_lowest_price(&self) -> ::std::option::Option<i32> {
        self.on_demand_max_price_percentage_over_lowest_price
    }
    pub fn bare_metal(&self) -> ::std::option::Option<&crate::types::BareMetal> {
        self.bare_metal.as_ref()
    }
    pub fn burstable_performance(&self) -> ::std::option::Option<&crate::types::BurstablePerformance> {
        self.burstable_performance.as_ref()
    }
    pub fn require_hibernate_support(&self) -> ::std::option::Option<bool> {
        self.require_hibernate_support
    }
    pub fn network_interface_count(&self) -> ::std::option::Option<&crate::types::NetworkInterfaceCount> {
        self.network_interface_count.as_ref()
    }
    pub fn local_storage(&self) -> ::std::option::Option<&crate::types::LocalStorage> {
        self.local_storage.as_ref()
    }
    pub fn local_storage_types(&self) -> &[crate::types::LocalStorageType] {
        self.local_storage_types.as_deref().unwrap_or_default()
    }
    pub fn total_local_storage_gb(&self) -> ::std::option::Option<&crate::types::TotalLocalStorageGb> {
        self.total_local_storage_gb.as_ref()
    }
    pub fn baseline_ebs_bandwidth_mbps(&self) -> ::std::option::Option<&crate::types::BaselineEbsBandwidthMbps> {
        self.baseline_ebs_bandwidth_mbps.as_ref()
    }
    pub fn accelerator_types(&self) -> &[crate::types::AcceleratorType] {
        self.accelerator_types.as_deref().unwrap_or_default()
    }
    pub fn accelerator_count(&self) -> ::std::option::Option<&crate::types::AcceleratorCount> {
        self.accelerator_count.as_ref()
    }
    pub fn accelerator_manufacturers(&self) -> &[crate::types::AcceleratorManufacturer] {
        self.accelerator_manufacturers.as_deref().unwrap_or_default()
    }
    pub fn accelerator_names(&self) -> &[crate::types::AcceleratorName] {
        self.accelerator_names.as_deref().unwrap_or_default()
    }
    pub fn accelerator_total_memory_mib(&self) -> ::std::option::Option<&crate::types::AcceleratorTotalMemoryMiB> {
        self.accelerator_total_memory_mib.as_ref()
    }
    pub fn network_bandwidth_gbps(&self) -> ::std::option::Option<&crate::types::NetworkBandwidthGbps> {
        self.network_bandwidth_gbps.as_ref()
    }
    pub fn allowed_instance_types(&self) -> &[::std::string::String] {
        self.allowed_instance_types.as_deref().unwrap_or_default()
    }
    pub fn max_spot_price_as_percentage_of_optimal_on_demand_price(&self) -> ::std::option::Option<i32> {
        self.max_spot_price_as_percentage_of_optimal_on_demand_price
    }
    pub fn baseline_performance_factors(&self) -> ::std::option::Option<&crate::types::BaselinePerformanceFactors> {
        self.baseline_performance_factors.as_ref()
    }
    pub fn require_encryption_in_transit(&self) -> ::std::option::Option<bool> {
        self.require_encryption_in_transit
    }
}
impl InstanceRequirements {
    pub fn builder() -> crate::types::builders::InstanceRequirementsBuilder {
        crate::types::builders::InstanceRequirementsBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct InstanceRequirementsBuilder {
    pub(crate) v_cpu_count: ::std::option::Option<crate::types::VCpuCountRange>,
    pub(crate) memory_mib: ::std::option::Option<crate::types::MemoryMiB>,
    pub(crate) cpu_manufacturers: ::std::option::Option<::std::vec::Vec<crate::types::CpuManufacturer>>,
    pub(crate) memory_gib_per_v_cpu: ::std::option::Option<crate::types::MemoryGiBPerVCpu>,
    pub(crate) excluded_instance_types: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
    pub(crate) instance_generations: ::std::option::Option<::std::vec::Vec<crate::types::InstanceGeneration>>,
    pub(crate) spot_max_price_percentage_over_lowest_price: ::std::option::Option<i32>,
    pub(crate) on_demand_max_price_percentage_over_lowest_price: ::std::option::Option<i32>,
    pub(crate) bare_metal: ::std::option::Option<crate::types::BareMetal>,
    pub(crate) burstable_performance: ::std::option::Option<crate::types::BurstablePerformance>,
    pub(crate) require_hibernate_support: ::std::option::Option<bool>,
    pub(crate) network_interface_count: ::std::option::Option<crate::types::NetworkInterfaceCount>,
    pub(crate) local_storage: ::std::option::Option<crate::types::LocalStorage>,
    pub(crate) local_storage_types: ::std::option::Option<::std::vec::Vec<crate::types::LocalStorageType>>,
    pub(crate) total_local_storage_gb: ::std::option::Option<crate::types::TotalLocalStorageGb>,
    pub(crate) baseline_ebs_bandwidth_mbps: ::std::option::Option<crate::types::BaselineEbsBandwidthMbps>,
    pub(crate) accelerator_types: ::std::option::Option<::std::vec::Vec<crate::types::AcceleratorType>>,
    pub(crate) accelerator_count: ::std::option::Option<crate::types::AcceleratorCount>,
    pub(crate) accelerator_manufacturers: ::std::option::Option<::std::vec::Vec<crate::types::AcceleratorManufacturer>>,
    pub(crate) accelerator_names: ::std::option::Option<::std::vec::Vec<crate::types::AcceleratorName>>,
    pub(crate) accelerator_total_memory_mib: ::std::option::Option<crate::types::AcceleratorTotalMemoryMiB>,
    pub(crate) network_bandwidth_gbps: ::std::option::Option<crate::types::NetworkBandwidthGbps>,
    pub(crate) allowed_instance_types: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
    pub(crate) max_spot_price_as_percentage_of_optimal_on_demand_price: ::std::option::Option<i32>,
    pub(crate) baseline_performance_factors: ::std::option::Option<crate::types::BaselinePerformanceFactors>,
    pub(crate) require_encryption_in_transit: ::std::option::Option<bool>,
}
impl InstanceRequirementsBuilder {
    pub fn v_cpu_count(mut self, input: crate::types::VCpuCountRange) -> Self {
        self.v_cpu_count = ::std::option::Option::Some(input);
        self
    }
    pub fn set_v_cpu_count(mut self, input: ::std::option::Option<crate::types::VCpuCountRange>) -> Self {
        self.v_cpu_count = input;
        self
    }
    pub fn get_v_cpu_count(&self) -> &::std::option::Option<crate::types::VCpuCountRange> {
        &self.v_cpu_count
    }
    pub fn memory_mib(mut self, input: crate::types::MemoryMiB) -> Self {
        self.memory_mib = ::std::option::Option::Some(input);
        self
    }
    pub fn set_memory_mib(mut self, input: ::std::option::Option<crate::types::MemoryMiB>) -> Self {
        self.memory_mib = input;
        self
    }
    pub fn get_memory_mib(&self) -> &::std::option::Option<crate::types::MemoryMiB> {
        &self.memory_mib
    }
    pub fn cpu_manufacturers(mut self, input: crate::types::CpuManufacturer) -> Self {
        let mut v = self.cpu_manufacturers.unwrap_or_default();
        v.push(input);
        self.cpu_manufacturers = ::std::option::Option::Some(v);
        self
    }
    pub fn set_cpu_manufacturers(mut self, input: ::std::option::Option<::std::vec::Vec<crate::types::CpuManufacturer>>) -> Self {
        self.cpu_manufacturers = input;
        self
    }
    pub fn get_cpu_manufacturers(&self) -> &::std::option::Option<::std::vec::Vec<crate::types::CpuManufacturer>> {
        &self.cpu_manufacturers
    }
    pub fn memory_gib_per_v_cpu(mut self, input: crate::types::MemoryGiBPerVCpu) -> Self {
        self.memory_gib_per_v_cpu = ::std::option::Option::Some(input);
        self
    }
    pub fn set_memory_gib_per_v_cpu(mut self, input: ::std::option::Option<crate::types::MemoryGiBPerVCpu>) -> Self {
        self.memory_gib_per_v_cpu = input;
        self
    }
    pub fn get_memory_gib_per_v_cpu(&self) -> &::std::option::Option<crate::types::MemoryGiBPerVCpu> {
        &self.memory_gib_per_v_cpu
    }
    pub fn excluded_instance_types(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        let mut v = self.excluded_instance_types.unwrap_or_default();
        v.push(input.into());
        self.excluded_instance_types = ::std::option::Option::Some(v);
        self
    }
    pub fn set_excluded_instance_types(mut self, input: ::std::option::Option<::std::vec::Vec<::std::string::String>>) -> Self {
        self.excluded_instance_types = input;
        self
    }
    pub fn get_excluded_instance_types(&self) -> &::std::option::Option<::std::vec::Vec<::std::string::String>> {
        &self.excluded_instance_types
    }
    pub fn instance_generations(mut self, input: crate::types::InstanceGeneration) -> Self {
        let mut v = self.instance_generations.unwrap_or_default();
        v.push(input);
        self.instance_generations = ::std::option::Option::Some(v);
        self
    }
    pub fn set_instance_generations(mut self, input: ::std::option::Option<::std::vec::Vec<crate::types::InstanceGeneration>>) -> Self {
        self.instance_generations = input;
        self
    }
    pub fn get_instance_generations(&self) -> &::std::option::Option<::std::vec::Vec<crate::types::InstanceGeneration>> {
        &self.instance_generations
    }
    pub fn spot_max_price_percentage_over_lowest_price(mut self, input: i32) -> Self {
        self.spot_max_price_percentage_over_lowest_price = ::std::option::Option::Some(input);
        self
    }
    pub fn set_spot_max_price_percentage_over_lowest_price(mut self, input: ::std::option::Option<i32>) -> Self {
        self.spot_max_price_percentage_over_lowest_price = input;
        self
    }
    pub fn get_spot_max_price_percentage_over_lowest_price(&self) -> &::std::option::Option<i32> {
        &self.spot_max_price_percentage_over_lowest_price
    }
    pub fn on_demand_max_price_percentage_over_lowest_price(mut self, input: i32) -> Self {
        self.on_demand_max_price_percentage_over_lowest_price = ::std::option::Option::Some(input);
        self
    }
    pub fn set_on_demand_max_price_percentage_over_lowest_price(mut self, input: ::std::option::Option<i32>) -> Self {
        self.on_demand_max_price_percentage_over_lowest_price = input;
        self
    }
    pub fn get_on_demand_max_price_percentage_over_lowest_price(&self) -> &::std::option::Option<i32> {
        &self.on_demand_max_price_percentage_over_lowest_price
    }
    pub fn bare_metal(mut self, input: crate::types::BareMetal) -> Self {
        self.bare_metal = ::std::option::Option::Some(input);
        self
    }
    pub fn set_bare_metal(mut self, input: ::std::option::Option<crate::types::BareMetal>) -> Self {
        self.bare_metal = input;
        self
    }
    pub fn get_bare_metal(&self) -> &::std::option::Option<crate::types::BareMetal> {
        &self.bare_metal
    }
    pub fn burstable_performance(mut self, input: crate::types::BurstablePerformance) -> Self {
        self.burstable_performance = ::std::option::Option::Some(input);
        self
    }
    pub fn set_burstable_performance(mut self, input: ::std::option::Option<crate::types::BurstablePerformance>) -> Self {
        self.burstable_performance = input;
        self
    }
    pub fn get_burstable_performance(&self) -> &::std::option::Option<crate::types::BurstablePerformance> {
        &self.burstable_performance
    }
    pub fn require_hibernate_support(mut self, input: bool) -> Self {
        self.require_hibernate_support = ::std::option::Option::Some(input);
        self
    }
    pub fn set_require_hibernate_support(mut self, input: ::std::option::Option<bool>) -> Self {
        self.require_hibernate_support = input;
        self
    }
    pub fn get_require_hibernate_support(&self) -> &::std::option::Option<bool> {
        &self.require_hibernate_support
    }
    pub fn network_interface_count(mut self, input: crate::types::NetworkInterfaceCount) -> Self {
        self.network_interface_count = ::std::option::Option::Some(input);
        self
    }
    pub fn set_network_interface_count(mut self, input: ::std::option::Option<crate::types::NetworkInterfaceCount>) -> Self {
        self.network_interface_count = input;
        self
    }
    pub fn get_network_interface_count(&self) -> &::std::option::Option<crate::types::NetworkInterfaceCount> {
        &self.network_interface_count
    }
    pub fn local_storage(mut self, input: crate::types::LocalStorage) -> Self {
        self.local_storage = ::std::option::Option::Some(input);
        self
    }
    pub fn set_local_storage(mut self, input: ::std::option::Option<crate::types::LocalStorage>) -> Self {
        self.local_storage = input;
        self
    }
    pub fn get_local_storage(&self) -> &::std::option::Option<crate::types::LocalStorage> {
        &self.local_storage
    }
    pub fn local_storage_types(mut self, input: crate::types::LocalStorageType) -> Self {
        let mut v = self.local_storage_types.unwrap_or_default();
        v.push(input);
        self.local_storage_types = ::std::option::Option::Some(v);
        self
    }
    pub fn set_local_storage_types(mut self, input: ::std::option::Option<::std::vec::Vec<crate::types::LocalStorageType>>) -> Self {
        self.local_storage_types = input;
        self
    }
    pub fn get_local_storage_types(&self) -> &::std::option::Option<::std::vec::Vec<crate::types::LocalStorageType>> {
        &self.local_storage_types
    }
    pub fn total_local_storage_gb(mut self, input: crate::types::TotalLocalStorageGb) -> Self {
        self.total_local_storage_gb = ::std::option::Option::Some(input);
        self
    }
    pub fn set_total_local_storage_gb(mut self, input: ::std::option::Option<crate::types::TotalLocalStorageGb>) -> Self {
        self.total_local_storage_gb = input;
        self
    }
    pub fn get_total_local_storage_gb(&self) -> &::std::option::Option<crate::types::TotalLocalStorageGb> {
        &self.total_local_storage_gb
    }
    pub fn baseline_ebs_bandwidth_mbps(mut self, input: crate::types::BaselineEbsBandwidthMbps) -> Self {
        self.baseline_ebs_bandwidth_mbps = ::std::option::Option::Some(input);
        self
    }
    pub fn set_baseline_ebs_bandwidth_mbps(mut self, input: ::std::option::Option<crate::types::BaselineEbsBandwidthMbps>) -> Self {
        self.baseline_ebs_bandwidth_mbps = input;
        self
    }
    pub fn get_baseline_ebs_bandwidth_mbps(&self) -> &::std::option::Option<crate::types::BaselineEbsBandwidthMbps> {
        &self.baseline_ebs_bandwidth_mbps
    }
    pub fn accelerator_types(mut self, input: crate::types::AcceleratorType) -> Self {
        let mut v = self.accelerator_types.unwrap_or_default();
        v.push(input);
        self.accelerator_types = ::std::option::Option::Some(v);
        self
    }
    pub fn set_accelerator_types(mut self, input: ::std::option::Option<::std::vec::Vec<crate::types::AcceleratorType>>) -> Self {
        self.accelerator_types = input;
        self
    }
    pub fn get_accelerator_types(&self) -> &::std::option::Option<::std::vec::Vec<crate::types::AcceleratorType>> {
        &self.accelerator_types
    }
    pub fn accelerator_count(mut self, input: crate::types::AcceleratorCount) -> Self {
        self.accelerator_count = ::std::option::Option::Some(input);
        self
    }
    pub fn set_accelerator_count(mut self, input: ::std::option::Option<crate::types::AcceleratorCount>) -> Self {
        self.accelerator_count = input;
        self
    }
    pub fn get_accelerator_count(&self) -> &::std::option::Option<crate::types::AcceleratorCount> {
        &self.accelerator_count
    }
    pub fn accelerator_manufacturers(mut self, input: crate::types::AcceleratorManufacturer) -> Self {
        let mut v = self.accelerator_manufacturers.unwrap_or_default();
        v.push(input);
        self.accelerator_manufacturers = ::std::option::Option::Some(v);
        self
    }
    pub fn set_accelerator_manufacturers(mut self, input: ::std::option::Option<::std::vec::Vec<crate::types::AcceleratorManufacturer>>) -> Self {
        self.accelerator_manufacturers = input;
        self
    }
    pub fn get_accelerator_manufacturers(&self) -> &::std::option::Option<::std::vec::Vec<crate::types::AcceleratorManufacturer>> {
        &self.accelerator_manufacturers
    }
    pub fn accelerator_names(mut self, input: crate::types::AcceleratorName) -> Self {
        let mut v = self.accelerator_names.unwrap_or_default();
        v.push(input);
        self.accelerator_names = ::std::option::Option::Some(v);
        self
    }
    pub fn set_accelerator_names(mut self, input: ::std::option::Option<::std::vec::Vec<crate::types::AcceleratorName>>) -> Self {
        self.accelerator_names = input;
        self
    }
    pub fn get_accelerator_names(&self) -> &::std::option::Option<::std::vec::Vec<crate::types::AcceleratorName>> {
        &self.accelerator_names
    }
    pub fn accelerator_total_memory_mib(mut self, input: crate::types::AcceleratorTotalMemoryMiB) -> Self {
        self.accelerator_total_memory_mib = ::std::option::Option::Some(input);
        self
    }
    pub fn set_accelerator_total_memory_mib(mut self, input: ::std::option::Option<crate::types::AcceleratorTotalMemoryMiB>) -> Self {
        self.accelerator_total_memory_mib = input;
        self
    }
    pub fn get_accelerator_total_memory_mib(&self) -> &::std::option::Option<crate::types::AcceleratorTotalMemoryMiB> {
        &self.accelerator_total_memory_mib
    }
    pub fn network_bandwidth_gbps(mut self, input: crate::types::NetworkBandwidthGbps) -> Self {
        self.network_bandwidth_gbps = ::std::option::Option::Some(input);
        self
    }
    pub fn set_network_bandwidth_gbps(mut self, input: ::std::option::Option<crate::types::NetworkBandwidthGbps>) -> Self {
        self.network_bandwidth_gbps = input;
        self
    }
    pub fn get_network_bandwidth_gbps(&self) -> &::std::option::Option<crate::types::NetworkBandwidthGbps> {
        &self.network_bandwidth_gbps
    }
    pub fn allowed_instance_types(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        let mut v = self.allowed_instance_types.unwrap_or_default();
        v.push(input.into());
        self.allowed_instance_types = ::std::option::Option::Some(v);
        self
    }
    pub fn set_allowed_instance_types(mut self, input: ::std::option::Option<::std::vec::Vec<::std::string::String>>) -> Self {
        self.allowed_instance_types = input;
        self
    }
    pub fn get_allowed_instance_types(&self) -> &::std::option::Option<::std::vec::Vec<::std::string::String>> {
        &self.allowed_instance_types
    }
    pub fn max_spot_price_as_percentage_of_optimal_on_demand_price(mut self, input: i32) -> Self {
        self.max_spot_price_as_percentage_of_optimal_on_demand_price = ::std::option::Option::Some(input);
        self
    }
    pub fn set_max_spot_price_as_percentage_of_optimal_on_demand_price(mut self, input: ::std::option::Option<i32>) -> Self {
        self.max_spot_price_as_percentage_of_optimal_on_demand_price = input;
        self
    }
    pub fn get_max_spot_price_as_percentage_of_optimal_on_demand_price(&self) -> &::std::option::Option<i32> {
        &self.max_spot_price_as_percentage_of_optimal_on_demand_price
    }
    pub fn baseline_performance_factors(mut self, input: crate::types::BaselinePerformanceFactors) -> Self {
        self.baseline_performance_factors = ::std::option::Option::Some(input);
        self
    }
    pub fn set_baseline_performance_factors(mut self, input: ::std::option::Option<crate::types::BaselinePerformanceFactors>) -> Self {
        self.baseline_performance_factors = input;
        self
    }
    pub fn get_baseline_performance_factors(&self) -> &::std::option::Option<crate::types::BaselinePerformanceFactors> {
        &self.baseline_performance_factors
    }
    pub fn require_encryption_in_transit(mut self, input: bool) -> Self {
        self.require_encryption_in_transit = ::std::option::Option::Some(input);
        self
    }
    pub fn set_require_encryption_in_transit(mut self, input: ::std::option::Option<bool>) -> Self {
        self.require_encryption_in_transit = input;
        self
    }
    pub fn get_require_encryption_in_transit(&self) -> &::std::option::Option<bool> {
        &self.require_encryption_in_transit
    }
    pub fn build(self) -> crate::types::InstanceRequirements {
        crate::types::InstanceRequirements {
            v_cpu_count: self.v_cpu_count,
            memory_mib: self.memory_mib,
            cpu_manufacturers: self.cpu_manufacturers,
            memory_gib_per_v_cpu: self.memory_gib_per_v_cpu,
            excluded_instance_types: self.excluded_instance_types,
            instance_generations: self.instance_generations,
            spot_max_price_percentage_over_lowest_price: self.spot_max_price_percentage_over_lowest_price,
            on_demand_max_price_percentage_over_lowest_price: self.on_demand_max_price_percentage_over_lowest_price,
            bare_metal: self.bare_metal,
            burstable_performance: self.burstable_performance,
            require_hibernate_support: self.require_hibernate_support,
            network_interface_count: self.network_interface_count,
            local_storage: self.local_storage,
            local_storage_types: self.local_storage_types,
            total_local_storage_gb: self.total_local_storage_gb,
            baseline_ebs_bandwidth_mbps: self.baseline_ebs_bandwidth_mbps,
            accelerator_types: self.accelerator_types,
            accelerator_count: self.accelerator_count,
            accelerator_manufacturers: self.accelerator_manufacturers,
            accelerator_names: self.accelerator_names,
            accelerator_total_memory_mib: self.accelerator_total_memory_mib,
            network_bandwidth_gbps: self.network_bandwidth_gbps,
            allowed_instance_types: self.allowed_instance_types,
            max_spot_price_as_percentage_of_optimal_on_demand_price: self.max_spot_price_as_percentage_of_optimal_on_demand_price,
            baseline_performance_factors: self.baseline_performance_factors,
            require_encryption_in_transit: self.require_encryption_in_transit,
        }
    }
}
