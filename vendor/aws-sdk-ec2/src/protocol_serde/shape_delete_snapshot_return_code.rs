#[allow(clippy::needless_question_mark)]
pub fn de_delete_snapshot_return_code(
    decoder: &mut ::aws_smithy_xml::decode::ScopedDecoder,
    depth: u32,
) -> ::std::result::Result<crate::types::DeleteSnapshotReturnCode, ::aws_smithy_xml::decode::XmlDecodeError> {
    if depth >= 128u32 {
        return Err(::aws_smithy_xml::decode::XmlDecodeError::custom("maximum nesting depth exceeded"));
    }
    #[allow(unused_mut)]
    let mut builder = crate::types::DeleteSnapshotReturnCode::builder();
    while let Some(mut tag) = decoder.next_tag() {
        match tag.start_el() {
            s if s.matches("snapshotId") /* SnapshotId com.amazonaws.ec2#DeleteSnapshotReturnCode$SnapshotId */ =>  {
                let var_1 =
                    Some(
                        Result::<::std::string::String, ::aws_smithy_xml::decode::XmlDecodeError>::Ok(
                            ::aws_smithy_xml::decode::try_data(&mut tag)?.as_ref()
                            .into()
                        )
                        ?
                    )
                ;
                builder = builder.set_snapshot_id(var_1);
            }
            ,
            s if s.matches("returnCode") /* ReturnCode com.amazonaws.ec2#DeleteSnapshotReturnCode$ReturnCode */ =>  {
                let var_2 =
                    Some(
                        Result::<crate::types::SnapshotReturnCodes, ::aws_smithy_xml::decode::XmlDecodeError>::Ok(
                            crate::types::SnapshotReturnCodes::from(
                                ::aws_smithy_xml::decode::try_data(&mut tag)?.as_ref()
                            )
                        )
                        ?
                    )
                ;
                builder = builder.set_return_code(var_2);
            }
            ,
            _ => {}
        }
    }
    Ok(builder.build())
}
