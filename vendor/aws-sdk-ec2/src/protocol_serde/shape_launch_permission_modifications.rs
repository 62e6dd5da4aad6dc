#[allow(unused_mut)]
pub fn ser_launch_permission_modifications(
    mut writer: ::aws_smithy_query::QueryValueWriter,
    input: &crate::types::LaunchPermissionModifications,
) -> ::std::result::Result<(), ::aws_smithy_types::error::operation::SerializationError> {
    #[allow(unused_mut)]
    let mut scope_1 = writer.prefix("Add");
    if let Some(var_2) = &input.add {
        if !var_2.is_empty() {
            let mut list_4 = scope_1.start_list(true, Some("item"));
            for item_3 in var_2 {
                #[allow(unused_mut)]
                let mut entry_5 = list_4.entry();
                crate::protocol_serde::shape_launch_permission::ser_launch_permission(entry_5, item_3)?;
            }
            list_4.finish();
        }
    }
    #[allow(unused_mut)]
    let mut scope_6 = writer.prefix("Remove");
    if let Some(var_7) = &input.remove {
        if !var_7.is_empty() {
            let mut list_9 = scope_6.start_list(true, Some("item"));
            for item_8 in var_7 {
                #[allow(unused_mut)]
                let mut entry_10 = list_9.entry();
                crate::protocol_serde::shape_launch_permission::ser_launch_permission(entry_10, item_8)?;
            }
            list_9.finish();
        }
    }
    Ok(())
}
