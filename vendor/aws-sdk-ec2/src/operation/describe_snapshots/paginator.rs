pub struct DescribeSnapshotsPaginator {
    handle: std::sync::Arc<crate::client::Handle>,
    builder: crate::operation::describe_snapshots::builders::DescribeSnapshotsInputBuilder,
    stop_on_duplicate_token: bool,
}
impl DescribeSnapshotsPaginator {
    pub(crate) fn new(
        handle: std::sync::Arc<crate::client::Handle>,
        builder: crate::operation::describe_snapshots::builders::DescribeSnapshotsInputBuilder,
    ) -> Self {
        Self {
            handle,
            builder,
            stop_on_duplicate_token: true,
        }
    }

    pub fn page_size(mut self, limit: i32) -> Self {
        self.builder.max_results = ::std::option::Option::Some(limit);
        self
    }

    pub fn items(self) -> crate::operation::describe_snapshots::paginator::DescribeSnapshotsPaginatorItems {
        crate::operation::describe_snapshots::paginator::DescribeSnapshotsPaginatorItems(self)
    }

    pub fn stop_on_duplicate_token(mut self, stop_on_duplicate_token: bool) -> Self {
        self.stop_on_duplicate_token = stop_on_duplicate_token;
        self
    }

    pub fn send(
        self,
    ) -> ::aws_smithy_async::future::pagination_stream::PaginationStream<
        ::std::result::Result<
            crate::operation::describe_snapshots::DescribeSnapshotsOutput,
            ::aws_smithy_runtime_api::client::result::SdkError<
                crate::operation::describe_snapshots::DescribeSnapshotsError,
                ::aws_smithy_runtime_api::client::orchestrator::HttpResponse,
            >,
        >,
    > {
        let builder = self.builder;
        let handle = self.handle;
        let runtime_plugins = crate::operation::describe_snapshots::DescribeSnapshots::operation_runtime_plugins(
            handle.runtime_plugins.clone(),
            &handle.conf,
            ::std::option::Option::None,
        )
        .with_operation_plugin(crate::sdk_feature_tracker::paginator::PaginatorFeatureTrackerRuntimePlugin::new());
        ::aws_smithy_async::future::pagination_stream::PaginationStream::new(::aws_smithy_async::future::pagination_stream::fn_stream::FnStream::new(
            move |tx| {
                ::std::boxed::Box::pin(async move {
                    let mut input = match builder
                        .build()
                        .map_err(::aws_smithy_runtime_api::client::result::SdkError::construction_failure)
                    {
                        ::std::result::Result::Ok(input) => input,
                        ::std::result::Result::Err(e) => {
                            let _ = tx.send(::std::result::Result::Err(e)).await;
                            return;
                        }
                    };
                    loop {
                        let resp = crate::operation::describe_snapshots::DescribeSnapshots::orchestrate(&runtime_plugins, input.clone()).await;
                        let done = match resp {
                            ::std::result::Result::Ok(ref resp) => {
                                let new_token = crate::lens::reflens_describe_snapshots_output_output_next_token(resp);
                                let is_empty = new_token.map(|token| token.is_empty()).unwrap_or(true);
                                if !is_empty && new_token == input.next_token.as_ref() && self.stop_on_duplicate_token {
                                    true
                                } else {
                                    input.next_token = new_token.cloned();
                                    is_empty
                                }
                            }
                            ::std::result::Result::Err(_) => true,
                        };
                        if tx.send(resp).await.is_err() {
                            return;
                        }
                        if done {
                            return;
                        }
                    }
                })
            },
        ))
    }
}
pub struct DescribeSnapshotsPaginatorItems(DescribeSnapshotsPaginator);
impl DescribeSnapshotsPaginatorItems {
    pub fn send(
        self,
    ) -> ::aws_smithy_async::future::pagination_stream::PaginationStream<
        ::std::result::Result<
            crate::types::Snapshot,
            ::aws_smithy_runtime_api::client::result::SdkError<
                crate::operation::describe_snapshots::DescribeSnapshotsError,
                ::aws_smithy_runtime_api::client::orchestrator::HttpResponse,
            >,
        >,
    > {
        ::aws_smithy_async::future::pagination_stream::TryFlatMap::new(self.0.send()).flat_map(|page| {
            crate::lens::lens_describe_snapshots_output_output_snapshots(page)
                .unwrap_or_default()
                .into_iter()
        })
    }
}
