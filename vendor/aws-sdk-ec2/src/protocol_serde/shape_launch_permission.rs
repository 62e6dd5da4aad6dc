#[allow(unused_mut)]
pub fn ser_launch_permission(
    mut writer: ::aws_smithy_query::QueryValueWriter,
    input: &crate::types::LaunchPermission,
) -> ::std::result::Result<(), ::aws_smithy_types::error::operation::SerializationError> {
    #[allow(unused_mut)]
    let mut scope_1 = writer.prefix("OrganizationArn");
    if let Some(var_2) = &input.organization_arn {
        scope_1.string(var_2);
    }
    #[allow(unused_mut)]
    let mut scope_3 = writer.prefix("OrganizationalUnitArn");
    if let Some(var_4) = &input.organizational_unit_arn {
        scope_3.string(var_4);
    }
    #[allow(unused_mut)]
    let mut scope_5 = writer.prefix("UserId");
    if let Some(var_6) = &input.user_id {
        scope_5.string(var_6);
    }
    #[allow(unused_mut)]
    let mut scope_7 = writer.prefix("Group");
    if let Some(var_8) = &input.group {
        scope_7.string(var_8.as_str());
    }
    Ok(())
}
#[allow(clippy::needless_question_mark)]
pub fn de_launch_permission(
    decoder: &mut ::aws_smithy_xml::decode::ScopedDecoder,
    depth: u32,
) -> ::std::result::Result<crate::types::LaunchPermission, ::aws_smithy_xml::decode::XmlDecodeError> {
    if depth >= 128u32 {
        return Err(::aws_smithy_xml::decode::XmlDecodeError::custom("maximum nesting depth exceeded"));
    }
    #[allow(unused_mut)]
    let mut builder = crate::types::LaunchPermission::builder();
    while let Some(mut tag) = decoder.next_tag() {
        match tag.start_el() {
            s if s.matches("organizationArn") /* OrganizationArn com.amazonaws.ec2#LaunchPermission$OrganizationArn */ =>  {
                let var_9 =
                    Some(
                        Result::<::std::string::String, ::aws_smithy_xml::decode::XmlDecodeError>::Ok(
                            ::aws_smithy_xml::decode::try_data(&mut tag)?.as_ref()
                            .into()
                        )
                        ?
                    )
                ;
                builder = builder.set_organization_arn(var_9);
            }
            ,
            s if s.matches("organizationalUnitArn") /* OrganizationalUnitArn com.amazonaws.ec2#LaunchPermission$OrganizationalUnitArn */ =>  {
                let var_10 =
                    Some(
                        Result::<::std::string::String, ::aws_smithy_xml::decode::XmlDecodeError>::Ok(
                            ::aws_smithy_xml::decode::try_data(&mut tag)?.as_ref()
                            .into()
                        )
                        ?
                    )
                ;
                builder = builder.set_organizational_unit_arn(var_10);
            }
            ,
            s if s.matches("userId") /* UserId com.amazonaws.ec2#LaunchPermission$UserId */ =>  {
                let var_11 =
                    Some(
                        Result::<::std::string::String, ::aws_smithy_xml::decode::XmlDecodeError>::Ok(
                            ::aws_smithy_xml::decode::try_data(&mut tag)?.as_ref()
                            .into()
                        )
                        ?
                    )
                ;
                builder = builder.set_user_id(var_11);
            }
            ,
            s if s.matches("group") /* Group com.amazonaws.ec2#LaunchPermission$Group */ =>  {
                let var_12 =
                    Some(
                        Result::<crate::types::PermissionGroup, ::aws_smithy_xml::decode::XmlDecodeError>::Ok(
                            crate::types::PermissionGroup::from(
                                ::aws_smithy_xml::decode::try_data(&mut tag)?.as_ref()
                            )
                        )
                        ?
                    )
                ;
                builder = builder.set_group(var_12);
            }
            ,
            _ => {}
        }
    }
    Ok(builder.build())
}
