pub(crate) fn type_erase_result<O, E>(
    result: ::std::result::Result<O, E>,
) -> ::std::result::Result<
    ::aws_smithy_runtime_api::client::interceptors::context::Output,
    ::aws_smithy_runtime_api::client::orchestrator::OrchestratorError<::aws_smithy_runtime_api::client::interceptors::context::Error>,
>
where
    O: ::std::fmt::Debug + ::std::marker::Send + ::std::marker::Sync + 'static,
    E: ::std::error::Error + std::fmt::Debug + ::std::marker::Send + ::std::marker::Sync + 'static,
{
    result
        .map(|output| ::aws_smithy_runtime_api::client::interceptors::context::Output::erase(output))
        .map_err(|error| ::aws_smithy_runtime_api::client::interceptors::context::Error::erase(error))
        .map_err(::std::convert::Into::into)
}
pub fn parse_http_error_metadata(
    _response_status: u16,
    _response_headers: &::aws_smithy_runtime_api::http::Headers,
    response_body: &[u8],
) -> ::std::result::Result<::aws_smithy_types::error::metadata::Builder, ::aws_smithy_xml::decode::XmlDecodeError> {
    crate::ec2_query_errors::parse_error_metadata(response_body)
}
pub(crate) mod shape_attach_image_watermark;
pub(crate) mod shape_attach_image_watermark_input;
pub(crate) mod shape_delete_snapshot;
pub(crate) mod shape_delete_snapshot_input;
pub(crate) mod shape_deregister_image;
pub(crate) mod shape_deregister_image_input;
pub(crate) mod shape_describe_images;
pub(crate) mod shape_describe_images_input;
pub(crate) mod shape_describe_regions;
pub(crate) mod shape_describe_regions_input;
pub(crate) mod shape_describe_snapshots;
pub(crate) mod shape_describe_snapshots_input;
pub(crate) mod shape_disable_image_deregistration_protection;
pub(crate) mod shape_disable_image_deregistration_protection_input;
pub(crate) mod shape_enable_image_deprecation;
pub(crate) mod shape_enable_image_deprecation_input;
pub(crate) mod shape_enable_image_deregistration_protection;
pub(crate) mod shape_enable_image_deregistration_protection_input;
pub(crate) mod shape_get_ebs_default_kms_key_id;
pub(crate) mod shape_get_ebs_default_kms_key_id_input;
pub(crate) mod shape_get_ebs_encryption_by_default;
pub(crate) mod shape_get_ebs_encryption_by_default_input;
pub(crate) mod shape_get_image_block_public_access_state;
pub(crate) mod shape_get_image_block_public_access_state_input;
pub(crate) mod shape_modify_image_attribute;
pub(crate) mod shape_modify_image_attribute_input;
pub(crate) mod shape_modify_snapshot_attribute;
pub(crate) mod shape_modify_snapshot_attribute_input;
pub(crate) mod shape_register_image;
pub(crate) mod shape_register_image_input;
pub(crate) mod shape_attribute_value;
pub(crate) mod shape_block_device_mapping;
pub(crate) mod shape_create_volume_permission_modifications;
pub(crate) mod shape_filter;
pub(crate) mod shape_launch_permission_modifications;
pub(crate) mod shape_tag;
pub(crate) mod shape_tag_specification;
pub(crate) mod shape_block_device_mapping_list;
pub(crate) mod shape_create_volume_permission;
pub(crate) mod shape_delete_snapshot_result_set;
pub(crate) mod shape_ebs_block_device;
pub(crate) mod shape_image_list;
pub(crate) mod shape_launch_permission;
pub(crate) mod shape_product_code_list;
pub(crate) mod shape_region_list;
pub(crate) mod shape_snapshot_list;
pub(crate) mod shape_tag_list;
pub(crate) mod shape_delete_snapshot_return_code;
pub(crate) mod shape_image;
pub(crate) mod shape_product_code;
pub(crate) mod shape_region;
pub(crate) mod shape_snapshot;
pub(crate) mod shape_state_reason;
pub(crate) mod shape_image_watermark_list;
pub(crate) mod shape_instance_type_specification;
pub(crate) mod shape_region_geography_list;
pub(crate) mod shape_scan_results;
pub(crate) mod shape_image_watermark;
pub(crate) mod shape_region_geography;
pub(crate) mod shape_supported_instance_type_set;
pub(crate) mod shape_unsupported_instance_type_set;
pub(crate) mod shape_instance_type_item;
