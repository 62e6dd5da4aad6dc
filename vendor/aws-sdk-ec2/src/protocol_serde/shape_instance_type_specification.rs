#[allow(clippy::needless_question_mark)]
pub fn de_instance_type_specification(
    decoder: &mut ::aws_smithy_xml::decode::ScopedDecoder,
    depth: u32,
) -> ::std::result::Result<crate::types::InstanceTypeSpecification, ::aws_smithy_xml::decode::XmlDecodeError> {
    if depth >= 128u32 {
        return Err(::aws_smithy_xml::decode::XmlDecodeError::custom("maximum nesting depth exceeded"));
    }
    #[allow(unused_mut)]
    let mut builder = crate::types::InstanceTypeSpecification::builder();
    while let Some(mut tag) = decoder.next_tag() {
        match tag.start_el() {
            s if s.matches("supportedInstanceTypeSet") /* SupportedInstanceTypes com.amazonaws.ec2#InstanceTypeSpecification$SupportedInstanceTypes */ =>  {
                let var_1 =
                    Some(
                        crate::protocol_serde::shape_supported_instance_type_set::de_supported_instance_type_set(&mut tag, depth + 1)
                        ?
                    )
                ;
                builder = builder.set_supported_instance_types(var_1);
            }
            ,
            s if s.matches("unsupportedInstanceTypeSet") /* UnsupportedInstanceTypes com.amazonaws.ec2#InstanceTypeSpecification$UnsupportedInstanceTypes */ =>  {
                let var_2 =
                    Some(
                        crate::protocol_serde::shape_unsupported_instance_type_set::de_unsupported_instance_type_set(&mut tag, depth + 1)
                        ?
                    )
                ;
                builder = builder.set_unsupported_instance_types(var_2);
            }
            ,
            _ => {}
        }
    }
    Ok(builder.build())
}
