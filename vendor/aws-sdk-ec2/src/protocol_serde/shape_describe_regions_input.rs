pub fn ser_describe_regions_input_input_input(
    input: &crate::operation::describe_regions::DescribeRegionsInput,
) -> ::std::result::Result<::aws_smithy_types::body::SdkBody, ::aws_smithy_types::error::operation::SerializationError> {
    let mut out = String::new();
    #[allow(unused_mut)]
    let mut writer = ::aws_smithy_query::QueryWriter::new(&mut out, "DescribeRegions", "2016-11-15");
    #[allow(unused_mut)]
    let mut scope_1 = writer.prefix("RegionName");
    if let Some(var_2) = &input.region_names {
        if !var_2.is_empty() {
            let mut list_4 = scope_1.start_list(true, Some("RegionName"));
            for item_3 in var_2 {
                #[allow(unused_mut)]
                let mut entry_5 = list_4.entry();
                entry_5.string(item_3);
            }
            list_4.finish();
        }
    }
    #[allow(unused_mut)]
    let mut scope_6 = writer.prefix("AllRegions");
    if let Some(var_7) = &input.all_regions {
        scope_6.boolean(*var_7);
    }
    #[allow(unused_mut)]
    let mut scope_8 = writer.prefix("DryRun");
    if let Some(var_9) = &input.dry_run {
        scope_8.boolean(*var_9);
    }
    #[allow(unused_mut)]
    let mut scope_10 = writer.prefix("Filter");
    if let Some(var_11) = &input.filters {
        if !var_11.is_empty() {
            let mut list_13 = scope_10.start_list(true, Some("Filter"));
            for item_12 in var_11 {
                #[allow(unused_mut)]
                let mut entry_14 = list_13.entry();
                crate::protocol_serde::shape_filter::ser_filter(entry_14, item_12)?;
            }
            list_13.finish();
        }
    }
    writer.finish();
    Ok(::aws_smithy_types::body::SdkBody::from(out))
}
