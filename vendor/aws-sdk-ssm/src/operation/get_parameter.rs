#[derive(::std::clone::Clone, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct GetParameter;
impl GetParameter {
    pub fn new() -> Self {
        Self
    }
    pub const INPUT_SCHEMA: &'static ::aws_smithy_schema::Schema<'static> = crate::operation::get_parameter::GetParameterInput::SCHEMA;
    pub const OUTPUT_SCHEMA: &'static ::aws_smithy_schema::Schema<'static> = crate::operation::get_parameter::GetParameterOutput::SCHEMA;
    pub(crate) async fn orchestrate(
        runtime_plugins: &::aws_smithy_runtime_api::client::runtime_plugin::RuntimePlugins,
        input: crate::operation::get_parameter::GetParameterInput,
    ) -> ::std::result::Result<
        crate::operation::get_parameter::GetParameterOutput,
        ::aws_smithy_runtime_api::client::result::SdkError<
            crate::operation::get_parameter::GetParameterError,
            ::aws_smithy_runtime_api::client::orchestrator::HttpResponse,
        >,
    > {
        let map_err = |err: ::aws_smithy_runtime_api::client::result::SdkError<
            ::aws_smithy_runtime_api::client::interceptors::context::Error,
            ::aws_smithy_runtime_api::client::orchestrator::HttpResponse,
        >| {
            err.map_service_error(|err| {
                err.downcast::<crate::operation::get_parameter::GetParameterError>()
                    .expect("correct error type")
            })
        };
        let context = Self::orchestrate_with_stop_point(runtime_plugins, input, ::aws_smithy_runtime::client::orchestrator::StopPoint::None)
            .await
            .map_err(map_err)?;
        let output = context.finalize().map_err(map_err)?;
        ::std::result::Result::Ok(
            output
                .downcast::<crate::operation::get_parameter::GetParameterOutput>()
                .expect("correct output type"),
        )
    }

    pub(crate) async fn orchestrate_with_stop_point(
        runtime_plugins: &::aws_smithy_runtime_api::client::runtime_plugin::RuntimePlugins,
        input: crate::operation::get_parameter::GetParameterInput,
        stop_point: ::aws_smithy_runtime::client::orchestrator::StopPoint,
    ) -> ::std::result::Result<
        ::aws_smithy_runtime_api::client::interceptors::context::InterceptorContext,
        ::aws_smithy_runtime_api::client::result::SdkError<
            ::aws_smithy_runtime_api::client::interceptors::context::Error,
            ::aws_smithy_runtime_api::client::orchestrator::HttpResponse,
        >,
    > {
        let input = ::aws_smithy_runtime_api::client::interceptors::context::Input::erase(input);
        use ::tracing::Instrument;
        ::aws_smithy_runtime::client::orchestrator::invoke_with_stop_point("SSM", "GetParameter", input, runtime_plugins, stop_point)
            .instrument(::tracing::debug_span!(
                "SSM.GetParameter",
                "rpc.service" = "SSM",
                "rpc.method" = "GetParameter",
                "sdk_invocation_id" = ::fastrand::u32(1_000_000..10_000_000),
                "rpc.system" = "aws-api",
            ))
            .await
    }

    pub(crate) fn operation_runtime_plugins(
        client_runtime_plugins: ::aws_smithy_runtime_api::client::runtime_plugin::RuntimePlugins,
        client_config: &crate::config::Config,
        config_override: ::std::option::Option<crate::config::Builder>,
    ) -> ::aws_smithy_runtime_api::client::runtime_plugin::RuntimePlugins {
        let mut runtime_plugins = client_runtime_plugins.with_operation_plugin(Self::new());

        if let ::std::option::Option::Some(config_override) = config_override {
            for plugin in config_override.runtime_plugins.iter().cloned() {
                runtime_plugins = runtime_plugins.with_operation_plugin(plugin);
            }
            runtime_plugins = runtime_plugins.with_operation_plugin(crate::config::ConfigOverrideRuntimePlugin::new(
                config_override,
                client_config.config.clone(),
                &client_config.runtime_components,
            ));
        }
        runtime_plugins
    }
}
pub(crate) mod error_registry {
    pub(crate) static REGISTRY: ::std::sync::LazyLock<::aws_smithy_schema::registry::TypeRegistry> = ::std::sync::LazyLock::new(|| {
        ::aws_smithy_schema::registry::TypeRegistry::builder()
                            .insert_error_shape(
                        crate::types::error::InternalServerError::SCHEMA,
                        |d: &mut dyn ::aws_smithy_schema::serde::ShapeDeserializer| -> ::std::result::Result<::aws_smithy_types::type_erasure::TypeErasedBox, ::aws_smithy_schema::serde::SerdeError> {
                            ::std::result::Result::Ok(::aws_smithy_types::type_erasure::TypeErasedBox::new(crate::types::error::InternalServerError::deserialize(d)?))
                        },
                        |d: &mut dyn ::aws_smithy_schema::serde::ShapeDeserializer| -> ::std::result::Result<::std::boxed::Box<dyn ::std::error::Error + ::std::marker::Send + ::std::marker::Sync>, ::aws_smithy_schema::serde::SerdeError> {
                            ::std::result::Result::Ok(::std::boxed::Box::new(crate::types::error::InternalServerError::deserialize(d)?))
                        },
                    )
.insert_error_shape(
                        crate::types::error::InvalidKeyId::SCHEMA,
                        |d: &mut dyn ::aws_smithy_schema::serde::ShapeDeserializer| -> ::std::result::Result<::aws_smithy_types::type_erasure::TypeErasedBox, ::aws_smithy_schema::serde::SerdeError> {
                            ::std::result::Result::Ok(::aws_smithy_types::type_erasure::TypeErasedBox::new(crate::types::error::InvalidKeyId::deserialize(d)?))
                        },
                        |d: &mut dyn ::aws_smithy_schema::serde::ShapeDeserializer| -> ::std::result::Result<::std::boxed::Box<dyn ::std::error::Error + ::std::marker::Send + ::std::marker::Sync>, ::aws_smithy_schema::serde::SerdeError> {
                            ::std::result::Result::Ok(::std::boxed::Box::new(crate::types::error::InvalidKeyId::deserialize(d)?))
                        },
                    )
.insert_error_shape(
                        crate::types::error::ParameterNotFound::SCHEMA,
                        |d: &mut dyn ::aws_smithy_schema::serde::ShapeDeserializer| -> ::std::result::Result<::aws_smithy_types::type_erasure::TypeErasedBox, ::aws_smithy_schema::serde::SerdeError> {
                            ::std::result::Result::Ok(::aws_smithy_types::type_erasure::TypeErasedBox::new(crate::types::error::ParameterNotFound::deserialize(d)?))
                        },
                        |d: &mut dyn ::aws_smithy_schema::serde::ShapeDeserializer| -> ::std::result::Result<::std::boxed::Box<dyn ::std::error::Error + ::std::marker::Send + ::std::marker::Sync>, ::aws_smithy_schema::serde::SerdeError> {
                            ::std::result::Result::Ok(::std::boxed::Box::new(crate::types::error::ParameterNotFound::deserialize(d)?))
                        },
                    )
.insert_error_shape(
                        crate::types::error::ParameterVersionNotFound::SCHEMA,
                        |d: &mut dyn ::aws_smithy_schema::serde::ShapeDeserializer| -> ::std::result::Result<::aws_smithy_types::type_erasure::TypeErasedBox, ::aws_smithy_schema::serde::SerdeError> {
                            ::std::result::Result::Ok(::aws_smithy_types::type_erasure::TypeErasedBox::new(crate::types::error::ParameterVersionNotFound::deserialize(d)?))
                        },
                        |d: &mut dyn ::aws_smithy_schema::serde::ShapeDeserializer| -> ::std::result::Result<::std::boxed::Box<dyn ::std::error::Error + ::std::marker::Send + ::std::marker::Sync>, ::aws_smithy_schema::serde::SerdeError> {
                            ::std::result::Result::Ok(::std::boxed::Box::new(crate::types::error::ParameterVersionNotFound::deserialize(d)?))
                        },
                    )
                            .build()
    });
}
impl ::aws_smithy_runtime_api::client::runtime_plugin::RuntimePlugin for GetParameter {
    fn config(&self) -> ::std::option::Option<::aws_smithy_types::config_bag::FrozenLayer> {
        let mut cfg = ::aws_smithy_types::config_bag::Layer::new("GetParameter");

        cfg.store_put(::aws_smithy_runtime_api::client::ser_de::SharedRequestSerializer::new(
            GetParameterRequestSerializer,
        ));
        cfg.store_put(::aws_smithy_runtime_api::client::ser_de::SharedResponseDeserializer::new(
            GetParameterResponseDeserializer,
        ));

        cfg.store_put(::aws_smithy_runtime_api::client::auth::AuthSchemeOptionResolverParams::new(
            crate::config::auth::Params::builder()
                .operation_name("GetParameter")
                .build()
                .expect("required fields set"),
        ));

        cfg.store_put(::aws_smithy_runtime_api::client::orchestrator::SensitiveOutput);
        cfg.store_put(::aws_smithy_runtime_api::client::orchestrator::Metadata::new("GetParameter", "SSM"));
        let mut signing_options = ::aws_runtime::auth::SigningOptions::default();
        signing_options.double_uri_encode = true;
        signing_options.content_sha256_header = false;
        signing_options.normalize_uri_path = true;
        signing_options.payload_override = None;

        cfg.store_put(::aws_runtime::auth::SigV4OperationSigningConfig {
            signing_options,
            ..::std::default::Default::default()
        });

        ::std::option::Option::Some(cfg.freeze())
    }

    fn runtime_components(
        &self,
        _: &::aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder,
    ) -> ::std::borrow::Cow<'_, ::aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder> {
        #[allow(unused_mut)]
        let mut rcb = ::aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder::new("GetParameter")
            .with_interceptor(::aws_smithy_runtime_api::client::interceptors::SharedInterceptor::permanent(
                GetParameterTelemetryInputCaptureInterceptor,
            ))
            .with_interceptor(::aws_smithy_runtime_api::client::interceptors::SharedInterceptor::permanent(
                ::aws_smithy_runtime::client::stalled_stream_protection::StalledStreamProtectionInterceptor::default(),
            ))
            .with_interceptor(::aws_smithy_runtime_api::client::interceptors::SharedInterceptor::permanent(
                GetParameterEndpointParamsInterceptor,
            ))
            .with_retry_classifier(::aws_smithy_runtime::client::retries::classifiers::TransientErrorClassifier::<
                crate::operation::get_parameter::GetParameterError,
            >::new())
            .with_retry_classifier(::aws_smithy_runtime::client::retries::classifiers::ModeledAsRetryableClassifier::<
                crate::operation::get_parameter::GetParameterError,
            >::new())
            .with_retry_classifier(::aws_runtime::retries::classifiers::AwsErrorCodeClassifier::<
                crate::operation::get_parameter::GetParameterError,
            >::new())
            .with_retry_classifier(::aws_runtime::service_clock_skew::ServiceClockSkewClassifier::<
                crate::operation::get_parameter::GetParameterError,
            >::new());

        ::std::borrow::Cow::Owned(rcb)
    }
}
#[derive(Debug)]
struct GetParameterTelemetryInputCaptureInterceptor;
#[::aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint]
impl ::aws_smithy_runtime_api::client::interceptors::Intercept for GetParameterTelemetryInputCaptureInterceptor {
    fn name(&self) -> &'static str {
        "GetParameterTelemetryInputCaptureInterceptor"
    }

    fn read_before_execution(
        &self,
        context: &::aws_smithy_runtime_api::client::interceptors::context::BeforeSerializationInterceptorContextRef<
            '_,
            ::aws_smithy_runtime_api::client::interceptors::context::Input,
            ::aws_smithy_runtime_api::client::interceptors::context::Output,
            ::aws_smithy_runtime_api::client::interceptors::context::Error,
        >,
        cfg: &mut ::aws_smithy_types::config_bag::ConfigBag,
    ) -> ::std::result::Result<(), ::aws_smithy_runtime_api::box_error::BoxError> {
        let ::std::option::Option::Some(requested) = cfg
            .load::<::aws_smithy_types::telemetry::RequestedTelemetryAttributes>()
            .filter(|r| !r.is_empty())
        else {
            return ::std::result::Result::Ok(());
        };

        let ::std::option::Option::Some(input) = context.input().downcast_ref::<GetParameterInput>() else {
            return ::std::result::Result::Ok(());
        };

        let mut captured = ::aws_smithy_types::telemetry::CapturedTelemetryAttributes::default();
        if requested.should_capture("Name") {
            if let ::std::option::Option::Some(value) = input.name.as_deref() {
                captured.insert("Name", value);
            }
        }

        cfg.interceptor_state().store_put(captured);
        ::std::result::Result::Ok(())
    }
}
#[derive(Debug)]
struct GetParameterResponseDeserializer;
impl ::aws_smithy_runtime_api::client::ser_de::DeserializeResponse for GetParameterResponseDeserializer {
    fn deserialize_nonstreaming_with_config(
        &self,
        response: &::aws_smithy_runtime_api::client::orchestrator::HttpResponse,
        _cfg: &::aws_smithy_types::config_bag::ConfigBag,
    ) -> ::aws_smithy_runtime_api::client::interceptors::context::OutputOrError {
        let (success, status) = (response.status().is_success(), response.status().as_u16());
        #[allow(unused_variables)]
        let body = response.body().bytes().expect("body loaded");
        let headers = response.headers();
        #[allow(unused_mut)]
        let mut force_error = false;
        ::tracing::debug!(request_id = ?::aws_types::request_id::RequestId::request_id(response));
        if !success && status != 200 || force_error {
            let protocol = _cfg
                .load::<::aws_smithy_schema::protocol::SharedClientProtocol>()
                .expect("a SharedClientProtocol is required");
            #[allow(unused_mut)]
            let mut generic_builder = protocol.parse_error_metadata(response, _cfg).map_err(|e| {
                ::aws_smithy_runtime_api::client::orchestrator::OrchestratorError::other(::aws_smithy_runtime_api::box_error::BoxError::from(e))
            })?;
            generic_builder = ::aws_types::request_id::apply_request_id(generic_builder, headers);
            let generic = generic_builder.build();
            let error_code = match generic.code() {
                ::std::option::Option::Some(code) => code,
                ::std::option::Option::None => {
                    return ::std::result::Result::Err(::aws_smithy_runtime_api::client::orchestrator::OrchestratorError::other(
                        ::aws_smithy_runtime_api::box_error::BoxError::from(crate::operation::get_parameter::GetParameterError::unhandled(generic)),
                    ))
                }
            };
            let _error_message = generic.message().map(|msg| msg.to_owned());
            let err = match error_code {
                "InternalServerError" => crate::operation::get_parameter::GetParameterError::InternalServerError({
                    let mut deser = protocol.deserialize_error_response(response, _cfg).map_err(|e| {
                        ::aws_smithy_runtime_api::client::orchestrator::OrchestratorError::other(::aws_smithy_runtime_api::box_error::BoxError::from(
                            e,
                        ))
                    })?;
                    let mut tmp = <crate::types::error::builders::InternalServerErrorBuilder>::default();
                    tmp.deserialize_members(&mut *deser).map_err(|e| {
                        ::aws_smithy_runtime_api::client::orchestrator::OrchestratorError::other(::aws_smithy_runtime_api::box_error::BoxError::from(
                            e,
                        ))
                    })?;
                    if tmp.message.is_none() {
                        tmp.message = _error_message;
                    }
                    let tmp = tmp.meta(generic);
                    tmp.build()
                }),
                "InvalidKeyId" => crate::operation::get_parameter::GetParameterError::InvalidKeyId({
                    let mut deser = protocol.deserialize_error_response(response, _cfg).map_err(|e| {
                        ::aws_smithy_runtime_api::client::orchestrator::OrchestratorError::other(::aws_smithy_runtime_api::box_error::BoxError::from(
                            e,
                        ))
                    })?;
                    let mut tmp = <crate::types::error::builders::InvalidKeyIdBuilder>::default();
                    tmp.deserialize_members(&mut *deser).map_err(|e| {
                        ::aws_smithy_runtime_api::client::orchestrator::OrchestratorError::other(::aws_smithy_runtime_api::box_error::BoxError::from(
                            e,
                        ))
                    })?;
                    if tmp.message.is_none() {
                        tmp.message = _error_message;
                    }
                    let tmp = tmp.meta(generic);
                    tmp.build()
                }),
                "ParameterNotFound" => crate::operation::get_parameter::GetParameterError::ParameterNotFound({
                    let mut deser = protocol.deserialize_error_response(response, _cfg).map_err(|e| {
                        ::aws_smithy_runtime_api::client::orchestrator::OrchestratorError::other(::aws_smithy_runtime_api::box_error::BoxError::from(
                            e,
                        ))
                    })?;
                    let mut tmp = <crate::types::error::builders::ParameterNotFoundBuilder>::default();
                    tmp.deserialize_members(&mut *deser).map_err(|e| {
                        ::aws_smithy_runtime_api::client::orchestrator::OrchestratorError::other(::aws_smithy_runtime_api::box_error::BoxError::from(
                            e,
                        ))
                    })?;
                    if tmp.message.is_none() {
                        tmp.message = _error_message;
                    }
                    let tmp = tmp.meta(generic);
                    tmp.build()
                }),
                "ParameterVersionNotFound" => crate::operation::get_parameter::GetParameterError::ParameterVersionNotFound({
                    let mut deser = protocol.deserialize_error_response(response, _cfg).map_err(|e| {
                        ::aws_smithy_runtime_api::client::orchestrator::OrchestratorError::other(::aws_smithy_runtime_api::box_error::BoxError::from(
                            e,
                        ))
                    })?;
                    let mut tmp = <crate::types::error::builders::ParameterVersionNotFoundBuilder>::default();
                    tmp.deserialize_members(&mut *deser).map_err(|e| {
                        ::aws_smithy_runtime_api::client::orchestrator::OrchestratorError::other(::aws_smithy_runtime_api::box_error::BoxError::from(
                            e,
                        ))
                    })?;
                    if tmp.message.is_none() {
                        tmp.message = _error_message;
                    }
                    let tmp = tmp.meta(generic);
                    tmp.build()
                }),
                _ => {
                    match protocol
                        .deserialize_error_response(response, _cfg)
                        .ok()
                        .and_then(|mut deser| {
                            ::aws_smithy_schema::registry::reify_error(
                                crate::operation::get_parameter::error_registry::REGISTRY
                                    .or(&crate::error_type_registry::REGISTRY),
                                error_code,
                                &mut *deser,
                            )
                        }) {
                        ::std::option::Option::Some(source) => <crate::operation::get_parameter::GetParameterError as ::aws_smithy_runtime_api::client::result::CreateUnhandledError>::create_unhandled_error(source, ::std::option::Option::Some(generic)),
                        ::std::option::Option::None => crate::operation::get_parameter::GetParameterError::generic(generic),
                    }
                }
            };
            ::std::result::Result::Err(::aws_smithy_runtime_api::client::orchestrator::OrchestratorError::operation(
                ::aws_smithy_runtime_api::client::interceptors::context::Error::erase(err),
            ))
        } else {
            let protocol = _cfg
                .load::<::aws_smithy_schema::protocol::SharedClientProtocol>()
                .expect("a SharedClientProtocol is required");
            let mut deser = protocol.deserialize_response(response, GetParameter::OUTPUT_SCHEMA, _cfg).map_err(|e| {
                ::aws_smithy_runtime_api::client::orchestrator::OrchestratorError::other(::aws_smithy_runtime_api::box_error::BoxError::from(e))
            })?;
            let _response_headers = headers;
            #[allow(unused_mut)]
            let mut output = <crate::operation::get_parameter::builders::GetParameterOutputBuilder>::default();
            output.deserialize_members(&mut *deser).map_err(|e| {
                ::aws_smithy_runtime_api::client::orchestrator::OrchestratorError::other(::aws_smithy_runtime_api::box_error::BoxError::from(e))
            })?;
            output._set_request_id(::aws_types::request_id::RequestId::request_id(_response_headers).map(str::to_string));
            let output = output.build();
            ::std::result::Result::Ok(::aws_smithy_runtime_api::client::interceptors::context::Output::erase(output))
        }
    }
}
#[derive(Debug)]
struct GetParameterRequestSerializer;
impl ::aws_smithy_runtime_api::client::ser_de::SerializeRequest for GetParameterRequestSerializer {
    #[allow(unused_mut, clippy::let_and_return, clippy::needless_borrow, clippy::useless_conversion)]
    fn serialize_input(
        &self,
        input: ::aws_smithy_runtime_api::client::interceptors::context::Input,
        _cfg: &mut ::aws_smithy_types::config_bag::ConfigBag,
    ) -> ::std::result::Result<::aws_smithy_runtime_api::client::orchestrator::HttpRequest, ::aws_smithy_runtime_api::box_error::BoxError> {
        let input = input
            .downcast::<crate::operation::get_parameter::GetParameterInput>()
            .expect("correct type");

        let protocol = _cfg
            .load::<::aws_smithy_schema::protocol::SharedClientProtocol>()
            .expect("a SharedClientProtocol is required");
        let mut request = protocol
            .serialize_request(&input, GetParameter::INPUT_SCHEMA, "/", _cfg)
            .map_err(::aws_smithy_runtime_api::box_error::BoxError::from)?;

        return ::std::result::Result::Ok(request);
    }
}
#[derive(Debug)]
struct GetParameterEndpointParamsInterceptor;
#[::aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint]
impl ::aws_smithy_runtime_api::client::interceptors::Intercept for GetParameterEndpointParamsInterceptor {
    fn name(&self) -> &'static str {
        "GetParameterEndpointParamsInterceptor"
    }

    fn read_before_execution(
        &self,
        context: &::aws_smithy_runtime_api::client::interceptors::context::BeforeSerializationInterceptorContextRef<
            '_,
            ::aws_smithy_runtime_api::client::interceptors::context::Input,
            ::aws_smithy_runtime_api::client::interceptors::context::Output,
            ::aws_smithy_runtime_api::client::interceptors::context::Error,
        >,
        cfg: &mut ::aws_smithy_types::config_bag::ConfigBag,
    ) -> ::std::result::Result<(), ::aws_smithy_runtime_api::box_error::BoxError> {
        let _input = context
            .input()
            .downcast_ref::<GetParameterInput>()
            .ok_or("failed to downcast to GetParameterInput")?;

        let params = crate::config::endpoint::Params::builder()
            .set_region(cfg.load::<::aws_types::region::Region>().map(|r| r.as_ref().to_owned()))
            .set_use_dual_stack(cfg.load::<::aws_types::endpoint_config::UseDualStack>().map(|ty| ty.0))
            .set_use_fips(cfg.load::<::aws_types::endpoint_config::UseFips>().map(|ty| ty.0))
            .set_endpoint(cfg.load::<::aws_types::endpoint_config::EndpointUrl>().map(|ty| ty.0.clone()))
            .build()
            .map_err(|err| {
                ::aws_smithy_runtime_api::client::interceptors::error::ContextAttachedError::new("endpoint params could not be built", err)
            })?;
        cfg.interceptor_state()
            .store_put(::aws_smithy_runtime_api::client::endpoint::EndpointResolverParams::new(params));
        ::std::result::Result::Ok(())
    }
}
#[non_exhaustive]
#[derive(::std::fmt::Debug)]
pub enum GetParameterError {
    InternalServerError(crate::types::error::InternalServerError),
    InvalidKeyId(crate::types::error::InvalidKeyId),
    ParameterNotFound(crate::types::error::ParameterNotFound),
    ParameterVersionNotFound(crate::types::error::ParameterVersionNotFound),
    #[deprecated(note = "Matching `Unhandled` directly is not forwards compatible. Instead, match using a \
    variable wildcard pattern and check `.code()`:
     \
    &nbsp;&nbsp;&nbsp;`err if err.code() == Some(\"SpecificExceptionCode\") => { /* handle the error */ }`
     \
    See [`ProvideErrorMetadata`](#impl-ProvideErrorMetadata-for-GetParameterError) for what information is available for the error.")]
    Unhandled(crate::error::sealed_unhandled::Unhandled),
}
impl GetParameterError {
    pub fn unhandled(
        err: impl ::std::convert::Into<::std::boxed::Box<dyn ::std::error::Error + ::std::marker::Send + ::std::marker::Sync + 'static>>,
    ) -> Self {
        Self::Unhandled(crate::error::sealed_unhandled::Unhandled {
            source: err.into(),
            meta: ::std::default::Default::default(),
        })
    }

    pub fn generic(err: ::aws_smithy_types::error::ErrorMetadata) -> Self {
        Self::Unhandled(crate::error::sealed_unhandled::Unhandled {
            source: err.clone().into(),
            meta: err,
        })
    }
    pub fn meta(&self) -> &::aws_smithy_types::error::ErrorMetadata {
        match self {
            Self::InternalServerError(e) => ::aws_smithy_types::error::metadata::ProvideErrorMetadata::meta(e),
            Self::InvalidKeyId(e) => ::aws_smithy_types::error::metadata::ProvideErrorMetadata::meta(e),
            Self::ParameterNotFound(e) => ::aws_smithy_types::error::metadata::ProvideErrorMetadata::meta(e),
            Self::ParameterVersionNotFound(e) => ::aws_smithy_types::error::metadata::ProvideErrorMetadata::meta(e),
            Self::Unhandled(e) => &e.meta,
        }
    }
    pub fn is_internal_server_error(&self) -> bool {
        matches!(self, Self::InternalServerError(_))
    }
    pub fn is_invalid_key_id(&self) -> bool {
        matches!(self, Self::InvalidKeyId(_))
    }
    pub fn is_parameter_not_found(&self) -> bool {
        matches!(self, Self::ParameterNotFound(_))
    }
    pub fn is_parameter_version_not_found(&self) -> bool {
        matches!(self, Self::ParameterVersionNotFound(_))
    }
}
impl ::std::error::Error for GetParameterError {
    fn source(&self) -> ::std::option::Option<&(dyn ::std::error::Error + 'static)> {
        match self {
            Self::InternalServerError(_inner) => ::std::option::Option::Some(_inner),
            Self::InvalidKeyId(_inner) => ::std::option::Option::Some(_inner),
            Self::ParameterNotFound(_inner) => ::std::option::Option::Some(_inner),
            Self::ParameterVersionNotFound(_inner) => ::std::option::Option::Some(_inner),
            Self::Unhandled(_inner) => ::std::option::Option::Some(&*_inner.source),
        }
    }
}
impl ::std::fmt::Display for GetParameterError {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match self {
            Self::InternalServerError(_inner) => _inner.fmt(f),
            Self::InvalidKeyId(_inner) => _inner.fmt(f),
            Self::ParameterNotFound(_inner) => _inner.fmt(f),
            Self::ParameterVersionNotFound(_inner) => _inner.fmt(f),
            Self::Unhandled(_inner) => {
                if let ::std::option::Option::Some(code) = ::aws_smithy_types::error::metadata::ProvideErrorMetadata::code(self) {
                    write!(f, "unhandled error ({code})")
                } else {
                    f.write_str("unhandled error")
                }
            }
        }
    }
}
impl ::aws_smithy_types::retry::ProvideErrorKind for GetParameterError {
    fn code(&self) -> ::std::option::Option<&str> {
        ::aws_smithy_types::error::metadata::ProvideErrorMetadata::code(self)
    }
    fn retryable_error_kind(&self) -> ::std::option::Option<::aws_smithy_types::retry::ErrorKind> {
        ::std::option::Option::None
    }
}
impl ::aws_smithy_types::error::metadata::ProvideErrorMetadata for GetParameterError {
    fn meta(&self) -> &::aws_smithy_types::error::ErrorMetadata {
        match self {
            Self::InternalServerError(_inner) => ::aws_smithy_types::error::metadata::ProvideErrorMetadata::meta(_inner),
            Self::InvalidKeyId(_inner) => ::aws_smithy_types::error::metadata::ProvideErrorMetadata::meta(_inner),
            Self::ParameterNotFound(_inner) => ::aws_smithy_types::error::metadata::ProvideErrorMetadata::meta(_inner),
            Self::ParameterVersionNotFound(_inner) => ::aws_smithy_types::error::metadata::ProvideErrorMetadata::meta(_inner),
            Self::Unhandled(_inner) => &_inner.meta,
        }
    }
}
impl ::aws_smithy_runtime_api::client::result::CreateUnhandledError for GetParameterError {
    fn create_unhandled_error(
        source: ::std::boxed::Box<dyn ::std::error::Error + ::std::marker::Send + ::std::marker::Sync + 'static>,
        meta: ::std::option::Option<::aws_smithy_types::error::ErrorMetadata>,
    ) -> Self {
        Self::Unhandled(crate::error::sealed_unhandled::Unhandled {
            source,
            meta: meta.unwrap_or_default(),
        })
    }
}
impl ::aws_types::request_id::RequestId for crate::operation::get_parameter::GetParameterError {
    fn request_id(&self) -> Option<&str> {
        self.meta().request_id()
    }
}
pub use crate::operation::get_parameter::_get_parameter_input::GetParameterInput;
pub use crate::operation::get_parameter::_get_parameter_output::GetParameterOutput;
mod _get_parameter_input;
mod _get_parameter_output;
pub mod builders;
