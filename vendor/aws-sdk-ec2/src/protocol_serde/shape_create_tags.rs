#[allow(clippy::unnecessary_wraps)]
pub fn de_create_tags_http_error(
    _response_status: u16,
    _response_headers: &::aws_smithy_runtime_api::http::Headers,
    _response_body: &[u8],
    _cfg: &::aws_smithy_types::config_bag::ConfigBag,
) -> std::result::Result<crate::operation::create_tags::CreateTagsOutput, crate::operation::create_tags::CreateTagsError> {
    #[allow(unused_mut)]
    let mut generic_builder = crate::protocol_serde::parse_http_error_metadata(_response_status, _response_headers, _response_body)
        .map_err(crate::operation::create_tags::CreateTagsError::unhandled)?;
    generic_builder = ::aws_types::request_id::apply_request_id(generic_builder, _response_headers);
    let generic = generic_builder.build();
    Err(crate::operation::create_tags::CreateTagsError::generic(generic))
}
#[allow(clippy::unnecessary_wraps)]
pub fn de_create_tags_http_response(
    _response_status: u16,
    _response_headers: &::aws_smithy_runtime_api::http::Headers,
    _response_body: &[u8],
    _cfg: &::aws_smithy_types::config_bag::ConfigBag,
) -> std::result::Result<crate::operation::create_tags::CreateTagsOutput, crate::operation::create_tags::CreateTagsError> {
    Ok({
        #[allow(unused_mut)]
        let mut output = crate::operation::create_tags::builders::CreateTagsOutputBuilder::default();
        output._set_request_id(::aws_types::request_id::RequestId::request_id(_response_headers).map(str::to_string));
        output.build()
    })
}
