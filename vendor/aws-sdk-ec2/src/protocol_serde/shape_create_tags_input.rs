pub fn ser_create_tags_input_input_input(
    input: &crate::operation::create_tags::CreateTagsInput,
) -> ::std::result::Result<::aws_smithy_types::body::SdkBody, ::aws_smithy_types::error::operation::SerializationError> {
    let mut out = String::new();
    #[allow(unused_mut)]
    let mut writer = ::aws_smithy_query::QueryWriter::new(&mut out, "CreateTags", "2016-11-15");
    #[allow(unused_mut)]
    let mut scope_1 = writer.prefix("DryRun");
    if let Some(var_2) = &input.dry_run {
        scope_1.boolean(*var_2);
    }
    #[allow(unused_mut)]
    let mut scope_3 = writer.prefix("ResourceId");
    if let Some(var_4) = &input.resources {
        if !var_4.is_empty() {
            let mut list_6 = scope_3.start_list(true, None);
            for item_5 in var_4 {
                #[allow(unused_mut)]
                let mut entry_7 = list_6.entry();
                entry_7.string(item_5);
            }
            list_6.finish();
        }
    }
    #[allow(unused_mut)]
    let mut scope_8 = writer.prefix("Tag");
    if let Some(var_9) = &input.tags {
        if !var_9.is_empty() {
            let mut list_11 = scope_8.start_list(true, Some("item"));
            for item_10 in var_9 {
                #[allow(unused_mut)]
                let mut entry_12 = list_11.entry();
                crate::protocol_serde::shape_tag::ser_tag(entry_12, item_10)?;
            }
            list_11.finish();
        }
    }
    writer.finish();
    Ok(::aws_smithy_types::body::SdkBody::from(out))
}
