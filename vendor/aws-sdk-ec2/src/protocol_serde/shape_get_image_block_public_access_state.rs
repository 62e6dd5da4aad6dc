#[allow(clippy::unnecessary_wraps)]
pub fn de_get_image_block_public_access_state_http_error(
    _response_status: u16,
    _response_headers: &::aws_smithy_runtime_api::http::Headers,
    _response_body: &[u8],
    _cfg: &::aws_smithy_types::config_bag::ConfigBag,
) -> std::result::Result<
    crate::operation::get_image_block_public_access_state::GetImageBlockPublicAccessStateOutput,
    crate::operation::get_image_block_public_access_state::GetImageBlockPublicAccessStateError,
> {
    #[allow(unused_mut)]
    let mut generic_builder = crate::protocol_serde::parse_http_error_metadata(_response_status, _response_headers, _response_body)
        .map_err(crate::operation::get_image_block_public_access_state::GetImageBlockPublicAccessStateError::unhandled)?;
    generic_builder = ::aws_types::request_id::apply_request_id(generic_builder, _response_headers);
    let generic = generic_builder.build();
    Err(crate::operation::get_image_block_public_access_state::GetImageBlockPublicAccessStateError::generic(generic))
}
#[allow(clippy::unnecessary_wraps)]
pub fn de_get_image_block_public_access_state_http_response(
    _response_status: u16,
    _response_headers: &::aws_smithy_runtime_api::http::Headers,
    _response_body: &[u8],
    _cfg: &::aws_smithy_types::config_bag::ConfigBag,
) -> std::result::Result<
    crate::operation::get_image_block_public_access_state::GetImageBlockPublicAccessStateOutput,
    crate::operation::get_image_block_public_access_state::GetImageBlockPublicAccessStateError,
> {
    Ok({
        #[allow(unused_mut)]
        let mut output = crate::operation::get_image_block_public_access_state::builders::GetImageBlockPublicAccessStateOutputBuilder::default();
        output = crate::protocol_serde::shape_get_image_block_public_access_state::de_get_image_block_public_access_state(_response_body, output)
            .map_err(crate::operation::get_image_block_public_access_state::GetImageBlockPublicAccessStateError::unhandled)?;
        output._set_request_id(::aws_types::request_id::RequestId::request_id(_response_headers).map(str::to_string));
        output.build()
    })
}
#[allow(unused_mut)]
pub fn de_get_image_block_public_access_state(
    inp: &[u8],
    mut builder: crate::operation::get_image_block_public_access_state::builders::GetImageBlockPublicAccessStateOutputBuilder,
) -> std::result::Result<
    crate::operation::get_image_block_public_access_state::builders::GetImageBlockPublicAccessStateOutputBuilder,
    ::aws_smithy_xml::decode::XmlDecodeError,
> {
    let mut doc = ::aws_smithy_xml::decode::Document::try_from(inp)?;

    #[allow(unused_mut)]
    let mut decoder = doc.root_element()?;
    #[allow(unused_variables)]
    let start_el = decoder.start_el();
    #[allow(unused_variables)]
    let depth = 0u32;
    if !(start_el.matches("GetImageBlockPublicAccessStateResponse")) {
        return Err(::aws_smithy_xml::decode::XmlDecodeError::custom(format!(
            "invalid root, expected GetImageBlockPublicAccessStateResponse got {start_el:?}"
        )));
    }
    while let Some(mut tag) = decoder.next_tag() {
        match tag.start_el() {
            s if s.matches("imageBlockPublicAccessState") /* ImageBlockPublicAccessState com.amazonaws.ec2.synthetic#GetImageBlockPublicAccessStateOutput$ImageBlockPublicAccessState */ =>  {
                let var_1 =
                    Some(
                        Result::<::std::string::String, ::aws_smithy_xml::decode::XmlDecodeError>::Ok(
                            ::aws_smithy_xml::decode::try_data(&mut tag)?.as_ref()
                            .into()
                        )
                        ?
                    )
                ;
                builder = builder.set_image_block_public_access_state(var_1);
            }
            ,
            s if s.matches("managedBy") /* ManagedBy com.amazonaws.ec2.synthetic#GetImageBlockPublicAccessStateOutput$ManagedBy */ =>  {
                let var_2 =
                    Some(
                        Result::<crate::types::ManagedBy, ::aws_smithy_xml::decode::XmlDecodeError>::Ok(
                            crate::types::ManagedBy::from(
                                ::aws_smithy_xml::decode::try_data(&mut tag)?.as_ref()
                            )
                        )
                        ?
                    )
                ;
                builder = builder.set_managed_by(var_2);
            }
            ,
            _ => {}
        }
    }
    Ok(builder)
}
