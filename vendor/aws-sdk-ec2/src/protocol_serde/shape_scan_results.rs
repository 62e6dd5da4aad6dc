#[allow(clippy::needless_question_mark)]
pub fn de_scan_results(
    decoder: &mut ::aws_smithy_xml::decode::ScopedDecoder,
    depth: u32,
) -> ::std::result::Result<crate::types::ScanResults, ::aws_smithy_xml::decode::XmlDecodeError> {
    if depth >= 128u32 {
        return Err(::aws_smithy_xml::decode::XmlDecodeError::custom("maximum nesting depth exceeded"));
    }
    #[allow(unused_mut)]
    let mut builder = crate::types::ScanResults::builder();
    while let Some(mut tag) = decoder.next_tag() {
        match tag.start_el() {
            s if s.matches("highestFindingSeverityLabel") /* HighestFindingSeverityLabel com.amazonaws.ec2#ScanResults$HighestFindingSeverityLabel */ =>  {
                let var_1 =
                    Some(
                        Result::<crate::types::SeverityLabel, ::aws_smithy_xml::decode::XmlDecodeError>::Ok(
                            crate::types::SeverityLabel::from(
                                ::aws_smithy_xml::decode::try_data(&mut tag)?.as_ref()
                            )
                        )
                        ?
                    )
                ;
                builder = builder.set_highest_finding_severity_label(var_1);
            }
            ,
            s if s.matches("findingScanDate") /* FindingScanDate com.amazonaws.ec2#ScanResults$FindingScanDate */ =>  {
                let var_2 =
                    Some(
                        ::aws_smithy_types::DateTime::from_str(
                            ::aws_smithy_xml::decode::try_data(&mut tag)?.as_ref()
                            , ::aws_smithy_types::date_time::Format::DateTimeWithOffset
                        )
                        .map_err(|_|::aws_smithy_xml::decode::XmlDecodeError::custom("expected (timestamp: `com.amazonaws.ec2#MillisecondDateTime`)"))
                        ?
                    )
                ;
                builder = builder.set_finding_scan_date(var_2);
            }
            ,
            s if s.matches("informationalFixAvailableSince") /* InformationalFixAvailableSince com.amazonaws.ec2#ScanResults$InformationalFixAvailableSince */ =>  {
                let var_3 =
                    Some(
                        ::aws_smithy_types::DateTime::from_str(
                            ::aws_smithy_xml::decode::try_data(&mut tag)?.as_ref()
                            , ::aws_smithy_types::date_time::Format::DateTimeWithOffset
                        )
                        .map_err(|_|::aws_smithy_xml::decode::XmlDecodeError::custom("expected (timestamp: `com.amazonaws.ec2#MillisecondDateTime`)"))
                        ?
                    )
                ;
                builder = builder.set_informational_fix_available_since(var_3);
            }
            ,
            s if s.matches("lowFixAvailableSince") /* LowFixAvailableSince com.amazonaws.ec2#ScanResults$LowFixAvailableSince */ =>  {
                let var_4 =
                    Some(
                        ::aws_smithy_types::DateTime::from_str(
                            ::aws_smithy_xml::decode::try_data(&mut tag)?.as_ref()
                            , ::aws_smithy_types::date_time::Format::DateTimeWithOffset
                        )
                        .map_err(|_|::aws_smithy_xml::decode::XmlDecodeError::custom("expected (timestamp: `com.amazonaws.ec2#MillisecondDateTime`)"))
                        ?
                    )
                ;
                builder = builder.set_low_fix_available_since(var_4);
            }
            ,
            s if s.matches("mediumFixAvailableSince") /* MediumFixAvailableSince com.amazonaws.ec2#ScanResults$MediumFixAvailableSince */ =>  {
                let var_5 =
                    Some(
                        ::aws_smithy_types::DateTime::from_str(
                            ::aws_smithy_xml::decode::try_data(&mut tag)?.as_ref()
                            , ::aws_smithy_types::date_time::Format::DateTimeWithOffset
                        )
                        .map_err(|_|::aws_smithy_xml::decode::XmlDecodeError::custom("expected (timestamp: `com.amazonaws.ec2#MillisecondDateTime`)"))
                        ?
                    )
                ;
                builder = builder.set_medium_fix_available_since(var_5);
            }
            ,
            s if s.matches("highFixAvailableSince") /* HighFixAvailableSince com.amazonaws.ec2#ScanResults$HighFixAvailableSince */ =>  {
                let var_6 =
                    Some(
                        ::aws_smithy_types::DateTime::from_str(
                            ::aws_smithy_xml::decode::try_data(&mut tag)?.as_ref()
                            , ::aws_smithy_types::date_time::Format::DateTimeWithOffset
                        )
                        .map_err(|_|::aws_smithy_xml::decode::XmlDecodeError::custom("expected (timestamp: `com.amazonaws.ec2#MillisecondDateTime`)"))
                        ?
                    )
                ;
                builder = builder.set_high_fix_available_since(var_6);
            }
            ,
            s if s.matches("criticalFixAvailableSince") /* CriticalFixAvailableSince com.amazonaws.ec2#ScanResults$CriticalFixAvailableSince */ =>  {
                let var_7 =
                    Some(
                        ::aws_smithy_types::DateTime::from_str(
                            ::aws_smithy_xml::decode::try_data(&mut tag)?.as_ref()
                            , ::aws_smithy_types::date_time::Format::DateTimeWithOffset
                        )
                        .map_err(|_|::aws_smithy_xml::decode::XmlDecodeError::custom("expected (timestamp: `com.amazonaws.ec2#MillisecondDateTime`)"))
                        ?
                    )
                ;
                builder = builder.set_critical_fix_available_since(var_7);
            }
            ,
            _ => {}
        }
    }
    Ok(builder.build())
}
