pub(crate) fn instance_requirements_request_correct_errors(
    mut builder: crate::types::builders::InstanceRequirementsRequestBuilder,
) -> crate::types::builders::InstanceRequirementsRequestBuilder {
    if builder.v_cpu_count.is_none() {
        builder.v_cpu_count = {
            let builder = crate::types::builders::VCpuCountRangeRequestBuilder::default();
            Some(crate::serde_util::v_cpu_count_range_request_correct_errors(builder).build())
        }
    }
    if builder.memory_mib.is_none() {
        builder.memory_mib = {
            let builder = crate::types::builders::MemoryMiBRequestBuilder::default();
            Some(crate::serde_util::memory_mib_request_correct_errors(builder).build())
        }
    }
    builder
}
pub(crate) fn spot_fleet_request_config_data_correct_errors(
    mut builder: crate::types::builders::SpotFleetRequestConfigDataBuilder,
) -> crate::types::builders::SpotFleetRequestConfigDataBuilder {
    if builder.iam_fleet_role.is_none() {
        builder.iam_fleet_role = Some(Default::default())
    }
    if builder.target_capacity.is_none() {
        builder.target_capacity = Some(Default::default())
    }
    builder
}
pub(crate) fn memory_mib_request_correct_errors(
    mut builder: crate::types::builders::MemoryMiBRequestBuilder,
) -> crate::types::builders::MemoryMiBRequestBuilder {
    if builder.min.is_none() {
        builder.min = Some(Default::default())
    }
    builder
}
pub(crate) fn run_instances_monitoring_enabled_correct_errors(
    mut builder: crate::types::builders::RunInstancesMonitoringEnabledBuilder,
) -> crate::types::builders::RunInstancesMonitoringEnabledBuilder {
    if builder.enabled.is_none() {
        builder.enabled = Some(Default::default())
    }
    builder
}
pub(crate) fn v_cpu_count_range_request_correct_errors(
    mut builder: crate::types::builders::VCpuCountRangeRequestBuilder,
) -> crate::types::builders::VCpuCountRangeRequestBuilder {
    if builder.min.is_none() {
        builder.min = Some(Default::default())
    }
    builder
}
