#[allow(clippy::needless_question_mark)]
pub fn de_region(
    decoder: &mut ::aws_smithy_xml::decode::ScopedDecoder,
    depth: u32,
) -> ::std::result::Result<crate::types::Region, ::aws_smithy_xml::decode::XmlDecodeError> {
    if depth >= 128u32 {
        return Err(::aws_smithy_xml::decode::XmlDecodeError::custom("maximum nesting depth exceeded"));
    }
    #[allow(unused_mut)]
    let mut builder = crate::types::Region::builder();
    while let Some(mut tag) = decoder.next_tag() {
        match tag.start_el() {
            s if s.matches("optInStatus") /* OptInStatus com.amazonaws.ec2#Region$OptInStatus */ =>  {
                let var_1 =
                    Some(
                        Result::<::std::string::String, ::aws_smithy_xml::decode::XmlDecodeError>::Ok(
                            ::aws_smithy_xml::decode::try_data(&mut tag)?.as_ref()
                            .into()
                        )
                        ?
                    )
                ;
                builder = builder.set_opt_in_status(var_1);
            }
            ,
            s if s.matches("geographySet") /* Geography com.amazonaws.ec2#Region$Geography */ =>  {
                let var_2 =
                    Some(
                        crate::protocol_serde::shape_region_geography_list::de_region_geography_list(&mut tag, depth + 1)
                        ?
                    )
                ;
                builder = builder.set_geography(var_2);
            }
            ,
            s if s.matches("regionName") /* RegionName com.amazonaws.ec2#Region$RegionName */ =>  {
                let var_3 =
                    Some(
                        Result::<::std::string::String, ::aws_smithy_xml::decode::XmlDecodeError>::Ok(
                            ::aws_smithy_xml::decode::try_data(&mut tag)?.as_ref()
                            .into()
                        )
                        ?
                    )
                ;
                builder = builder.set_region_name(var_3);
            }
            ,
            s if s.matches("regionEndpoint") /* Endpoint com.amazonaws.ec2#Region$Endpoint */ =>  {
                let var_4 =
                    Some(
                        Result::<::std::string::String, ::aws_smithy_xml::decode::XmlDecodeError>::Ok(
                            ::aws_smithy_xml::decode::try_data(&mut tag)?.as_ref()
                            .into()
                        )
                        ?
                    )
                ;
                builder = builder.set_endpoint(var_4);
            }
            ,
            _ => {}
        }
    }
    Ok(builder.build())
}
