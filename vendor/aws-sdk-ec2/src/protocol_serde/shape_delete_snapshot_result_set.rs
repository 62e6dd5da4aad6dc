pub fn de_delete_snapshot_result_set(
    decoder: &mut ::aws_smithy_xml::decode::ScopedDecoder,
    depth: u32,
) -> ::std::result::Result<::std::vec::Vec<crate::types::DeleteSnapshotReturnCode>, ::aws_smithy_xml::decode::XmlDecodeError> {
    if depth >= 128u32 {
        return Err(::aws_smithy_xml::decode::XmlDecodeError::custom("maximum nesting depth exceeded"));
    }
    let mut out = std::vec::Vec::new();
    while let Some(mut tag) = decoder.next_tag() {
        match tag.start_el() {
            s if s.matches("item") /* member com.amazonaws.ec2#DeleteSnapshotResultSet$member */ =>  {
                out.push(
                    crate::protocol_serde::shape_delete_snapshot_return_code::de_delete_snapshot_return_code(&mut tag, depth + 1)
                    ?
                );
            }
            ,
            _ => {}
        }
    }
    Ok(out)
}
