#[derive(::std::clone::Clone, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct PutParameter;
impl PutParameter {
    pub fn new() -> Self {
        Self
    }
    pub const INPUT_SCHEMA: &'static ::aws_smithy_schema::Schema<'static> = crate::operation::put_parameter::PutParameterInput::SCHEMA;
    pub const OUTPUT_SCHEMA: &'static ::aws_smithy_schema::Schema<'static> = crate::operation::put_parameter::PutParameterOutput::SCHEMA;
    pub(crate) async fn orchestrate(
        runtime_plugins: &::aws_smithy_runtime_api::client::runtime_plugin::RuntimePlugins,
        input: crate::operation::put_parameter::PutParameterInput,
    ) -> ::std::result::Result<
        crate::operation::put_parameter::PutParameterOutput,
        ::aws_smithy_runtime_api::client::result::SdkError<
            crate::operation::put_parameter::PutParameterError,
            ::aws_smithy_runtime_api::client::orchestrator::HttpResponse,
        >,
    > {
        let map_err = |err: ::aws_smithy_runtime_api::client::result::SdkError<
            ::aws_smithy_runtime_api::client::interceptors::context::Error,
            ::aws_smithy_runtime_api::client::orchestrator::HttpResponse,
        >| {
            err.map_service_error(|err| {
                err.downcast::<crate::operation::put_parameter::PutParameterError>()
                    .expect("correct error type")
            })
        };
        let context = Self::orchestrate_with_stop_point(runtime_plugins, input, ::aws_smithy_runtime::client::orchestrator::StopPoint::None)
            .await
            .map_err(map_err)?;
        let output = context.finalize().map_err(map_err)?;
        ::std::result::Result::Ok(
            output
                .downcast::<crate::operation::put_parameter::PutParameterOutput>()
                .expect("correct output type"),
        )
    }

    pub(crate) async fn orchestrate_with_stop_point(
        runtime_plugins: &::aws_smithy_runtime_api::client::runtime_plugin::RuntimePlugins,
        input: crate::operation::put_parameter::PutParameterInput,
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
        ::aws_smithy_runtime::client::orchestrator::invoke_with_stop_point("SSM", "PutParameter", input, runtime_plugins, stop_point)
            .instrument(::tracing::debug_span!(
                "SSM.PutParameter",
                "rpc.service" = "SSM",
                "rpc.method" = "PutParameter",
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
                        crate::types::error::HierarchyLevelLimitExceededException::SCHEMA,
                        |d: &mut dyn ::aws_smithy_schema::serde::ShapeDeserializer| -> ::std::result::Result<::aws_smithy_types::type_erasure::TypeErasedBox, ::aws_smithy_schema::serde::SerdeError> {
                            ::std::result::Result::Ok(::aws_smithy_types::type_erasure::TypeErasedBox::new(crate::types::error::HierarchyLevelLimitExceededException::deserialize(d)?))
                        },
                        |d: &mut dyn ::aws_smithy_schema::serde::ShapeDeserializer| -> ::std::result::Result<::std::boxed::Box<dyn ::std::error::Error + ::std::marker::Send + ::std::marker::Sync>, ::aws_smithy_schema::serde::SerdeError> {
                            ::std::result::Result::Ok(::std::boxed::Box::new(crate::types::error::HierarchyLevelLimitExceededException::deserialize(d)?))
                        },
                    )
.insert_error_shape(
                        crate::types::error::HierarchyTypeMismatchException::SCHEMA,
                        |d: &mut dyn ::aws_smithy_schema::serde::ShapeDeserializer| -> ::std::result::Result<::aws_smithy_types::type_erasure::TypeErasedBox, ::aws_smithy_schema::serde::SerdeError> {
                            ::std::result::Result::Ok(::aws_smithy_types::type_erasure::TypeErasedBox::new(crate::types::error::HierarchyTypeMismatchException::deserialize(d)?))
                        },
                        |d: &mut dyn ::aws_smithy_schema::serde::ShapeDeserializer| -> ::std::result::Result<::std::boxed::Box<dyn ::std::error::Error + ::std::marker::Send + ::std::marker::Sync>, ::aws_smithy_schema::serde::SerdeError> {
                            ::std::result::Result::Ok(::std::boxed::Box::new(crate::types::error::HierarchyTypeMismatchException::deserialize(d)?))
                        },
                    )
.insert_error_shape(
                        crate::types::error::IncompatiblePolicyException::SCHEMA,
                        |d: &mut dyn ::aws_smithy_schema::serde::ShapeDeserializer| -> ::std::result::Result<::aws_smithy_types::type_erasure::TypeErasedBox, ::aws_smithy_schema::serde::SerdeError> {
                            ::std::result::Result::Ok(::aws_smithy_types::type_erasure::TypeErasedBox::new(crate::types::error::IncompatiblePolicyException::deserialize(d)?))
                        },
                        |d: &mut dyn ::aws_smithy_schema::serde::ShapeDeserializer| -> ::std::result::Result<::std::boxed::Box<dyn ::std::error::Error + ::std::marker::Send + ::std::marker::Sync>, ::aws_smithy_schema::serde::SerdeError> {
                            ::std::result::Result::Ok(::std::boxed::Box::new(crate::types::error::IncompatiblePolicyException::deserialize(d)?))
                        },
                    )
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
                        crate::types::error::InvalidAllowedPatternException::SCHEMA,
                        |d: &mut dyn ::aws_smithy_schema::serde::ShapeDeserializer| -> ::std::result::Result<::aws_smithy_types::type_erasure::TypeErasedBox, ::aws_smithy_schema::serde::SerdeError> {
                            ::std::result::Result::Ok(::aws_smithy_types::type_erasure::TypeErasedBox::new(crate::types::error::InvalidAllowedPatternException::deserialize(d)?))
                        },
                        |d: &mut dyn ::aws_smithy_schema::serde::ShapeDeserializer| -> ::std::result::Result<::std::boxed::Box<dyn ::std::error::Error + ::std::marker::Send + ::std::marker::Sync>, ::aws_smithy_schema::serde::SerdeError> {
                            ::std::result::Result::Ok(::std::boxed::Box::new(crate::types::error::InvalidAllowedPatternException::deserialize(d)?))
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
                        crate::types::error::InvalidPolicyAttributeException::SCHEMA,
                        |d: &mut dyn ::aws_smithy_schema::serde::ShapeDeserializer| -> ::std::result::Result<::aws_smithy_types::type_erasure::TypeErasedBox, ::aws_smithy_schema::serde::SerdeError> {
                            ::std::result::Result::Ok(::aws_smithy_types::type_erasure::TypeErasedBox::new(crate::types::error::InvalidPolicyAttributeException::deserialize(d)?))
                        },
                        |d: &mut dyn ::aws_smithy_schema::serde::ShapeDeserializer| -> ::std::result::Result<::std::boxed::Box<dyn ::std::error::Error + ::std::marker::Send + ::std::marker::Sync>, ::aws_smithy_schema::serde::SerdeError> {
                            ::std::result::Result::Ok(::std::boxed::Box::new(crate::types::error::InvalidPolicyAttributeException::deserialize(d)?))
                        },
                    )
.insert_error_shape(
                        crate::types::error::InvalidPolicyTypeException::SCHEMA,
                        |d: &mut dyn ::aws_smithy_schema::serde::ShapeDeserializer| -> ::std::result::Result<::aws_smithy_types::type_erasure::TypeErasedBox, ::aws_smithy_schema::serde::SerdeError> {
                            ::std::result::Result::Ok(::aws_smithy_types::type_erasure::TypeErasedBox::new(crate::types::error::InvalidPolicyTypeException::deserialize(d)?))
                        },
                        |d: &mut dyn ::aws_smithy_schema::serde::ShapeDeserializer| -> ::std::result::Result<::std::boxed::Box<dyn ::std::error::Error + ::std::marker::Send + ::std::marker::Sync>, ::aws_smithy_schema::serde::SerdeError> {
                            ::std::result::Result::Ok(::std::boxed::Box::new(crate::types::error::InvalidPolicyTypeException::deserialize(d)?))
                        },
                    )
.insert_error_shape(
                        crate::types::error::ParameterAlreadyExists::SCHEMA,
                        |d: &mut dyn ::aws_smithy_schema::serde::ShapeDeserializer| -> ::std::result::Result<::aws_smithy_types::type_erasure::TypeErasedBox, ::aws_smithy_schema::serde::SerdeError> {
                            ::std::result::Result::Ok(::aws_smithy_types::type_erasure::TypeErasedBox::new(crate::types::error::ParameterAlreadyExists::deserialize(d)?))
                        },
                        |d: &mut dyn ::aws_smithy_schema::serde::ShapeDeserializer| -> ::std::result::Result<::std::boxed::Box<dyn ::std::error::Error + ::std::marker::Send + ::std::marker::Sync>, ::aws_smithy_schema::serde::SerdeError> {
                            ::std::result::Result::Ok(::std::boxed::Box::new(crate::types::error::ParameterAlreadyExists::deserialize(d)?))
                        },
                    )
.insert_error_shape(
                        crate::types::error::ParameterLimitExceeded::SCHEMA,
                        |d: &mut dyn ::aws_smithy_schema::serde::ShapeDeserializer| -> ::std::result::Result<::aws_smithy_types::type_erasure::TypeErasedBox, ::aws_smithy_schema::serde::SerdeError> {
                            ::std::result::Result::Ok(::aws_smithy_types::type_erasure::TypeErasedBox::new(crate::types::error::ParameterLimitExceeded::deserialize(d)?))
                        },
                        |d: &mut dyn ::aws_smithy_schema::serde::ShapeDeserializer| -> ::std::result::Result<::std::boxed::Box<dyn ::std::error::Error + ::std::marker::Send + ::std::marker::Sync>, ::aws_smithy_schema::serde::SerdeError> {
                            ::std::result::Result::Ok(::std::boxed::Box::new(crate::types::error::ParameterLimitExceeded::deserialize(d)?))
                        },
                    )
.insert_error_shape(
                        crate::types::error::ParameterMaxVersionLimitExceeded::SCHEMA,
                        |d: &mut dyn ::aws_smithy_schema::serde::ShapeDeserializer| -> ::std::result::Result<::aws_smithy_types::type_erasure::TypeErasedBox, ::aws_smithy_schema::serde::SerdeError> {
                            ::std::result::Result::Ok(::aws_smithy_types::type_erasure::TypeErasedBox::new(crate::types::error::ParameterMaxVersionLimitExceeded::deserialize(d)?))
                        },
                        |d: &mut dyn ::aws_smithy_schema::serde::ShapeDeserializer| -> ::std::result::Result<::std::boxed::Box<dyn ::std::error::Error + ::std::marker::Send + ::std::marker::Sync>, ::aws_smithy_schema::serde::SerdeError> {
                            ::std::result::Result::Ok(::std::boxed::Box::new(crate::types::error::ParameterMaxVersionLimitExceeded::deserialize(d)?))
                        },
                    )
.insert_error_shape(
                        crate::types::error::ParameterPatternMismatchException::SCHEMA,
                        |d: &mut dyn ::aws_smithy_schema::serde::ShapeDeserializer| -> ::std::result::Result<::aws_smithy_types::type_erasure::TypeErasedBox, ::aws_smithy_schema::serde::SerdeError> {
                            ::std::result::Result::Ok(::aws_smithy_types::type_erasure::TypeErasedBox::new(crate::types::error::ParameterPatternMismatchException::deserialize(d)?))
                        },
                        |d: &mut dyn ::aws_smithy_schema::serde::ShapeDeserializer| -> ::std::result::Result<::std::boxed::Box<dyn ::std::error::Error + ::std::marker::Send + ::std::marker::Sync>, ::aws_smithy_schema::serde::SerdeError> {
                            ::std::result::Result::Ok(::std::boxed::Box::new(crate::types::error::ParameterPatternMismatchException::deserialize(d)?))
                        },
                    )
.insert_error_shape(
                        crate::types::error::PoliciesLimitExceededException::SCHEMA,
                        |d: &mut dyn ::aws_smithy_schema::serde::ShapeDeserializer| -> ::std::result::Result<::aws_smithy_types::type_erasure::TypeErasedBox, ::aws_smithy_schema::serde::SerdeError> {
                            ::std::result::Result::Ok(::aws_smithy_types::type_erasure::TypeErasedBox::new(crate::types::error::PoliciesLimitExceededException::deserialize(d)?))
                        },
                        |d: &mut dyn ::aws_smithy_schema::serde::ShapeDeserializer| -> ::std::result::Result<::std::boxed::Box<dyn ::std::error::Error + ::std::marker::Send + ::std::marker::Sync>, ::aws_smithy_schema::serde::SerdeError> {
                            ::std::result::Result::Ok(::std::boxed::Box::new(crate::types::error::PoliciesLimitExceededException::deserialize(d)?))
                        },
                    )
.insert_error_shape(
                        crate::types::error::TooManyUpdates::SCHEMA,
                        |d: &mut dyn ::aws_smithy_schema::serde::ShapeDeserializer| -> ::std::result::Result<::aws_smithy_types::type_erasure::TypeErasedBox, ::aws_smithy_schema::serde::SerdeError> {
                            ::std::result::Result::Ok(::aws_smithy_types::type_erasure::TypeErasedBox::new(crate::types::error::TooManyUpdates::deserialize(d)?))
                        },
                        |d: &mut dyn ::aws_smithy_schema::serde::ShapeDeserializer| -> ::std::result::Result<::std::boxed::Box<dyn ::std::error::Error + ::std::marker::Send + ::std::marker::Sync>, ::aws_smithy_schema::serde::SerdeError> {
                            ::std::result::Result::Ok(::std::boxed::Box::new(crate::types::error::TooManyUpdates::deserialize(d)?))
                        },
                    )
.insert_error_shape(
                        crate::types::error::UnsupportedParameterType::SCHEMA,
                        |d: &mut dyn ::aws_smithy_schema::serde::ShapeDeserializer| -> ::std::result::Result<::aws_smithy_types::type_erasure::TypeErasedBox, ::aws_smithy_schema::serde::SerdeError> {
                            ::std::result::Result::Ok(::aws_smithy_types::type_erasure::TypeErasedBox::new(crate::types::error::UnsupportedParameterType::deserialize(d)?))
                        },
                        |d: &mut dyn ::aws_smithy_schema::serde::ShapeDeserializer| -> ::std::result::Result<::std::boxed::Box<dyn ::std::error::Error + ::std::marker::Send + ::std::marker::Sync>, ::aws_smithy_schema::serde::SerdeError> {
                            ::std::result::Result::Ok(::std::boxed::Box::new(crate::types::error::UnsupportedParameterType::deserialize(d)?))
                        },
                    )
                            .build()
    });
}
impl ::aws_smithy_runtime_api::client::runtime_plugin::RuntimePlugin for PutParameter {
    fn config(&self) -> ::std::option::Option<::aws_smithy_types::config_bag::FrozenLayer> {
        let mut cfg = ::aws_smithy_types::config_bag::Layer::new("PutParameter");

        cfg.store_put(::aws_smithy_runtime_api::client::ser_de::SharedRequestSerializer::new(
            PutParameterRequestSerializer,
        ));
        cfg.store_put(::aws_smithy_runtime_api::client::ser_de::SharedResponseDeserializer::new(
            PutParameterResponseDeserializer,
        ));

        cfg.store_put(::aws_smithy_runtime_api::client::auth::AuthSchemeOptionResolverParams::new(
            crate::config::auth::Params::builder()
                .operation_name("PutParameter")
                .build()
                .expect("required fields set"),
        ));

        cfg.store_put(::aws_smithy_runtime_api::client::orchestrator::Metadata::new("PutParameter", "SSM"));
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
        let mut rcb = ::aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder::new("PutParameter")
            .with_interceptor(::aws_smithy_runtime_api::client::interceptors::SharedInterceptor::permanent(
                PutParameterTelemetryInputCaptureInterceptor,
            ))
            .with_interceptor(::aws_smithy_runtime_api::client::interceptors::SharedInterceptor::permanent(
                ::aws_smithy_runtime::client::stalled_stream_protection::StalledStreamProtectionInterceptor::default(),
            ))
            .with_interceptor(::aws_smithy_runtime_api::client::interceptors::SharedInterceptor::permanent(
                PutParameterEndpointParamsInterceptor,
            ))
            .with_retry_classifier(::aws_smithy_runtime::client::retries::classifiers::TransientErrorClassifier::<
                crate::operation::put_parameter::PutParameterError,
            >::new())
            .with_retry_classifier(::aws_smithy_runtime::client::retries::classifiers::ModeledAsRetryableClassifier::<
                crate::operation::put_parameter::PutParameterError,
            >::new())
            .with_retry_classifier(::aws_runtime::retries::classifiers::AwsErrorCodeClassifier::<
                crate::operation::put_parameter::PutParameterError,
            >::new())
            .with_retry_classifier(::aws_runtime::service_clock_skew::ServiceClockSkewClassifier::<
                crate::operation::put_parameter::PutParameterError,
            >::new());

        ::std::borrow::Cow::Owned(rcb)
    }
}
#[derive(Debug)]
struct PutParameterTelemetryInputCaptureInterceptor;
#[::aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint]
impl ::aws_smithy_runtime_api::client::interceptors::Intercept for PutParameterTelemetryInputCaptureInterceptor {
    fn name(&self) -> &'static str {
        "PutParameterTelemetryInputCaptureInterceptor"
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

        let ::std::option::Option::Some(input) = context.input().downcast_ref::<PutParameterInput>() else {
            return ::std::result::Result::Ok(());
        };

        let mut captured = ::aws_smithy_types::telemetry::CapturedTelemetryAttributes::default();
        if requested.should_capture("Name") {
            if let ::std::option::Option::Some(value) = input.name.as_deref() {
                captured.insert("Name", value);
            }
        }
        if requested.should_capture("Description") {
            if let ::std::option::Option::Some(value) = input.description.as_deref() {
                captured.insert("Description", value);
            }
        }
        if requested.should_capture("KeyId") {
            if let ::std::option::Option::Some(value) = input.key_id.as_deref() {
                captured.insert("KeyId", value);
            }
        }
        if requested.should_capture("AllowedPattern") {
            if let ::std::option::Option::Some(value) = input.allowed_pattern.as_deref() {
                captured.insert("AllowedPattern", value);
            }
        }
        if requested.should_capture("Policies") {
            if let ::std::option::Option::Some(value) = input.policies.as_deref() {
                captured.insert("Policies", value);
            }
        }
        if requested.should_capture("DataType") {
            if let ::std::option::Option::Some(value) = input.data_type.as_deref() {
                captured.insert("DataType", value);
            }
        }

        cfg.interceptor_state().store_put(captured);
        ::std::result::Result::Ok(())
    }
}
#[derive(Debug)]
struct PutParameterResponseDeserializer;
impl ::aws_smithy_runtime_api::client::ser_de::DeserializeResponse for PutParameterResponseDeserializer {
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
                        ::aws_smithy_runtime_api::box_error::BoxError::from(crate::operation::put_parameter::PutParameterError::unhandled(generic)),
                    ))
                }
            };
            let _error_message = generic.message().map(|msg| msg.to_owned());
            let err = match error_code {
                "HierarchyLevelLimitExceededException" => crate::operation::put_parameter::PutParameterError::HierarchyLevelLimitExceededException({
                    let mut deser = protocol.deserialize_error_response(response, _cfg).map_err(|e| {
                        ::aws_smithy_runtime_api::client::orchestrator::OrchestratorError::other(::aws_smithy_runtime_api::box_error::BoxError::from(
                            e,
                        ))
                    })?;
                    let mut tmp = <crate::types::error::builders::HierarchyLevelLimitExceededExceptionBuilder>::default();
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
                "HierarchyTypeMismatchException" => crate::operation::put_parameter::PutParameterError::HierarchyTypeMismatchException({
                    let mut deser = protocol.deserialize_error_response(response, _cfg).map_err(|e| {
                        ::aws_smithy_runtime_api::client::orchestrator::OrchestratorError::other(::aws_smithy_runtime_api::box_error::BoxError::from(
                            e,
                        ))
                    })?;
                    let mut tmp = <crate::types::error::builders::HierarchyTypeMismatchExceptionBuilder>::default();
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
                "IncompatiblePolicyException" => crate::operation::put_parameter::PutParameterError::IncompatiblePolicyException({
                    let mut deser = protocol.deserialize_error_response(response, _cfg).map_err(|e| {
                        ::aws_smithy_runtime_api::client::orchestrator::OrchestratorError::other(::aws_smithy_runtime_api::box_error::BoxError::from(
                            e,
                        ))
                    })?;
                    let mut tmp = <crate::types::error::builders::IncompatiblePolicyExceptionBuilder>::default();
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
                "InternalServerError" => crate::operation::put_parameter::PutParameterError::InternalServerError({
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
                "InvalidAllowedPatternException" => crate::operation::put_parameter::PutParameterError::InvalidAllowedPatternException({
                    let mut deser = protocol.deserialize_error_response(response, _cfg).map_err(|e| {
                        ::aws_smithy_runtime_api::client::orchestrator::OrchestratorError::other(::aws_smithy_runtime_api::box_error::BoxError::from(
                            e,
                        ))
                    })?;
                    let mut tmp = <crate::types::error::builders::InvalidAllowedPatternExceptionBuilder>::default();
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
                "InvalidKeyId" => crate::operation::put_parameter::PutParameterError::InvalidKeyId({
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
                "InvalidPolicyAttributeException" => crate::operation::put_parameter::PutParameterError::InvalidPolicyAttributeException({
                    let mut deser = protocol.deserialize_error_response(response, _cfg).map_err(|e| {
                        ::aws_smithy_runtime_api::client::orchestrator::OrchestratorError::other(::aws_smithy_runtime_api::box_error::BoxError::from(
                            e,
                        ))
                    })?;
                    let mut tmp = <crate::types::error::builders::InvalidPolicyAttributeExceptionBuilder>::default();
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
                "InvalidPolicyTypeException" => crate::operation::put_parameter::PutParameterError::InvalidPolicyTypeException({
                    let mut deser = protocol.deserialize_error_response(response, _cfg).map_err(|e| {
                        ::aws_smithy_runtime_api::client::orchestrator::OrchestratorError::other(::aws_smithy_runtime_api::box_error::BoxError::from(
                            e,
                        ))
                    })?;
                    let mut tmp = <crate::types::error::builders::InvalidPolicyTypeExceptionBuilder>::default();
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
                "ParameterAlreadyExists" => crate::operation::put_parameter::PutParameterError::ParameterAlreadyExists({
                    let mut deser = protocol.deserialize_error_response(response, _cfg).map_err(|e| {
                        ::aws_smithy_runtime_api::client::orchestrator::OrchestratorError::other(::aws_smithy_runtime_api::box_error::BoxError::from(
                            e,
                        ))
                    })?;
                    let mut tmp = <crate::types::error::builders::ParameterAlreadyExistsBuilder>::default();
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
                "ParameterLimitExceeded" => crate::operation::put_parameter::PutParameterError::ParameterLimitExceeded({
                    let mut deser = protocol.deserialize_error_response(response, _cfg).map_err(|e| {
                        ::aws_smithy_runtime_api::client::orchestrator::OrchestratorError::other(::aws_smithy_runtime_api::box_error::BoxError::from(
                            e,
                        ))
                    })?;
                    let mut tmp = <crate::types::error::builders::ParameterLimitExceededBuilder>::default();
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
                "ParameterMaxVersionLimitExceeded" => crate::operation::put_parameter::PutParameterError::ParameterMaxVersionLimitExceeded({
                    let mut deser = protocol.deserialize_error_response(response, _cfg).map_err(|e| {
                        ::aws_smithy_runtime_api::client::orchestrator::OrchestratorError::other(::aws_smithy_runtime_api::box_error::BoxError::from(
                            e,
                        ))
                    })?;
                    let mut tmp = <crate::types::error::builders::ParameterMaxVersionLimitExceededBuilder>::default();
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
                "ParameterPatternMismatchException" => crate::operation::put_parameter::PutParameterError::ParameterPatternMismatchException({
                    let mut deser = protocol.deserialize_error_response(response, _cfg).map_err(|e| {
                        ::aws_smithy_runtime_api::client::orchestrator::OrchestratorError::other(::aws_smithy_runtime_api::box_error::BoxError::from(
                            e,
                        ))
                    })?;
                    let mut tmp = <crate::types::error::builders::ParameterPatternMismatchExceptionBuilder>::default();
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
                "PoliciesLimitExceededException" => crate::operation::put_parameter::PutParameterError::PoliciesLimitExceededException({
                    let mut deser = protocol.deserialize_error_response(response, _cfg).map_err(|e| {
                        ::aws_smithy_runtime_api::client::orchestrator::OrchestratorError::other(::aws_smithy_runtime_api::box_error::BoxError::from(
                            e,
                        ))
                    })?;
                    let mut tmp = <crate::types::error::builders::PoliciesLimitExceededExceptionBuilder>::default();
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
                "TooManyUpdates" => crate::operation::put_parameter::PutParameterError::TooManyUpdates({
                    let mut deser = protocol.deserialize_error_response(response, _cfg).map_err(|e| {
                        ::aws_smithy_runtime_api::client::orchestrator::OrchestratorError::other(::aws_smithy_runtime_api::box_error::BoxError::from(
                            e,
                        ))
                    })?;
                    let mut tmp = <crate::types::error::builders::TooManyUpdatesBuilder>::default();
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
                "UnsupportedParameterType" => crate::operation::put_parameter::PutParameterError::UnsupportedParameterType({
                    let mut deser = protocol.deserialize_error_response(response, _cfg).map_err(|e| {
                        ::aws_smithy_runtime_api::client::orchestrator::OrchestratorError::other(::aws_smithy_runtime_api::box_error::BoxError::from(
                            e,
                        ))
                    })?;
                    let mut tmp = <crate::types::error::builders::UnsupportedParameterTypeBuilder>::default();
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
                                crate::operation::put_parameter::error_registry::REGISTRY
                                    .or(&crate::error_type_registry::REGISTRY),
                                error_code,
                                &mut *deser,
                            )
                        }) {
                        ::std::option::Option::Some(source) => <crate::operation::put_parameter::PutParameterError as ::aws_smithy_runtime_api::client::result::CreateUnhandledError>::create_unhandled_error(source, ::std::option::Option::Some(generic)),
                        ::std::option::Option::None => crate::operation::put_parameter::PutParameterError::generic(generic),
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
            let mut deser = protocol.deserialize_response(response, PutParameter::OUTPUT_SCHEMA, _cfg).map_err(|e| {
                ::aws_smithy_runtime_api::client::orchestrator::OrchestratorError::other(::aws_smithy_runtime_api::box_error::BoxError::from(e))
            })?;
            let _response_headers = headers;
            #[allow(unused_mut)]
            let mut output = <crate::operation::put_parameter::builders::PutParameterOutputBuilder>::default();
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
struct PutParameterRequestSerializer;
impl ::aws_smithy_runtime_api::client::ser_de::SerializeRequest for PutParameterRequestSerializer {
    #[allow(unused_mut, clippy::let_and_return, clippy::needless_borrow, clippy::useless_conversion)]
    fn serialize_input(
        &self,
        input: ::aws_smithy_runtime_api::client::interceptors::context::Input,
        _cfg: &mut ::aws_smithy_types::config_bag::ConfigBag,
    ) -> ::std::result::Result<::aws_smithy_runtime_api::client::orchestrator::HttpRequest, ::aws_smithy_runtime_api::box_error::BoxError> {
        let input = input
            .downcast::<crate::operation::put_parameter::PutParameterInput>()
            .expect("correct type");

        let protocol = _cfg
            .load::<::aws_smithy_schema::protocol::SharedClientProtocol>()
            .expect("a SharedClientProtocol is required");
        let mut request = protocol
            .serialize_request(&input, PutParameter::INPUT_SCHEMA, "/", _cfg)
            .map_err(::aws_smithy_runtime_api::box_error::BoxError::from)?;

        return ::std::result::Result::Ok(request);
    }
}
#[derive(Debug)]
struct PutParameterEndpointParamsInterceptor;
#[::aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint]
impl ::aws_smithy_runtime_api::client::interceptors::Intercept for PutParameterEndpointParamsInterceptor {
    fn name(&self) -> &'static str {
        "PutParameterEndpointParamsInterceptor"
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
            .downcast_ref::<PutParameterInput>()
            .ok_or("failed to downcast to PutParameterInput")?;

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
pub enum PutParameterError {
    HierarchyLevelLimitExceededException(crate::types::error::HierarchyLevelLimitExceededException),
    HierarchyTypeMismatchException(crate::types::error::HierarchyTypeMismatchException),
    IncompatiblePolicyException(crate::types::error::IncompatiblePolicyException),
    InternalServerError(crate::types::error::InternalServerError),
    InvalidAllowedPatternException(crate::types::error::InvalidAllowedPatternException),
    InvalidKeyId(crate::types::error::InvalidKeyId),
    InvalidPolicyAttributeException(crate::types::error::InvalidPolicyAttributeException),
    InvalidPolicyTypeException(crate::types::error::InvalidPolicyTypeException),
    ParameterAlreadyExists(crate::types::error::ParameterAlreadyExists),
    ParameterLimitExceeded(crate::types::error::ParameterLimitExceeded),
    ParameterMaxVersionLimitExceeded(crate::types::error::ParameterMaxVersionLimitExceeded),
    ParameterPatternMismatchException(crate::types::error::ParameterPatternMismatchException),
    PoliciesLimitExceededException(crate::types::error::PoliciesLimitExceededException),
    TooManyUpdates(crate::types::error::TooManyUpdates),
    UnsupportedParameterType(crate::types::error::UnsupportedParameterType),
    #[deprecated(note = "Matching `Unhandled` directly is not forwards compatible. Instead, match using a \
    variable wildcard pattern and check `.code()`:
     \
    &nbsp;&nbsp;&nbsp;`err if err.code() == Some(\"SpecificExceptionCode\") => { /* handle the error */ }`
     \
    See [`ProvideErrorMetadata`](#impl-ProvideErrorMetadata-for-PutParameterError) for what information is available for the error.")]
    Unhandled(crate::error::sealed_unhandled::Unhandled),
}
impl PutParameterError {
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
            Self::HierarchyLevelLimitExceededException(e) => ::aws_smithy_types::error::metadata::ProvideErrorMetadata::meta(e),
            Self::HierarchyTypeMismatchException(e) => ::aws_smithy_types::error::metadata::ProvideErrorMetadata::meta(e),
            Self::IncompatiblePolicyException(e) => ::aws_smithy_types::error::metadata::ProvideErrorMetadata::meta(e),
            Self::InternalServerError(e) => ::aws_smithy_types::error::metadata::ProvideErrorMetadata::meta(e),
            Self::InvalidAllowedPatternException(e) => ::aws_smithy_types::error::metadata::ProvideErrorMetadata::meta(e),
            Self::InvalidKeyId(e) => ::aws_smithy_types::error::metadata::ProvideErrorMetadata::meta(e),
            Self::InvalidPolicyAttributeException(e) => ::aws_smithy_types::error::metadata::ProvideErrorMetadata::meta(e),
            Self::InvalidPolicyTypeException(e) => ::aws_smithy_types::error::metadata::ProvideErrorMetadata::meta(e),
            Self::ParameterAlreadyExists(e) => ::aws_smithy_types::error::metadata::ProvideErrorMetadata::meta(e),
            Self::ParameterLimitExceeded(e) => ::aws_smithy_types::error::metadata::ProvideErrorMetadata::meta(e),
            Self::ParameterMaxVersionLimitExceeded(e) => ::aws_smithy_types::error::metadata::ProvideErrorMetadata::meta(e),
            Self::ParameterPatternMismatchException(e) => ::aws_smithy_types::error::metadata::ProvideErrorMetadata::meta(e),
            Self::PoliciesLimitExceededException(e) => ::aws_smithy_types::error::metadata::ProvideErrorMetadata::meta(e),
            Self::TooManyUpdates(e) => ::aws_smithy_types::error::metadata::ProvideErrorMetadata::meta(e),
            Self::UnsupportedParameterType(e) => ::aws_smithy_types::error::metadata::ProvideErrorMetadata::meta(e),
            Self::Unhandled(e) => &e.meta,
        }
    }
    pub fn is_hierarchy_level_limit_exceeded_exception(&self) -> bool {
        matches!(self, Self::HierarchyLevelLimitExceededException(_))
    }
    pub fn is_hierarchy_type_mismatch_exception(&self) -> bool {
        matches!(self, Self::HierarchyTypeMismatchException(_))
    }
    pub fn is_incompatible_policy_exception(&self) -> bool {
        matches!(self, Self::IncompatiblePolicyException(_))
    }
    pub fn is_internal_server_error(&self) -> bool {
        matches!(self, Self::InternalServerError(_))
    }
    pub fn is_invalid_allowed_pattern_exception(&self) -> bool {
        matches!(self, Self::InvalidAllowedPatternException(_))
    }
    pub fn is_invalid_key_id(&self) -> bool {
        matches!(self, Self::InvalidKeyId(_))
    }
    pub fn is_invalid_policy_attribute_exception(&self) -> bool {
        matches!(self, Self::InvalidPolicyAttributeException(_))
    }
    pub fn is_invalid_policy_type_exception(&self) -> bool {
        matches!(self, Self::InvalidPolicyTypeException(_))
    }
    pub fn is_parameter_already_exists(&self) -> bool {
        matches!(self, Self::ParameterAlreadyExists(_))
    }
    pub fn is_parameter_limit_exceeded(&self) -> bool {
        matches!(self, Self::ParameterLimitExceeded(_))
    }
    pub fn is_parameter_max_version_limit_exceeded(&self) -> bool {
        matches!(self, Self::ParameterMaxVersionLimitExceeded(_))
    }
    pub fn is_parameter_pattern_mismatch_exception(&self) -> bool {
        matches!(self, Self::ParameterPatternMismatchException(_))
    }
    pub fn is_policies_limit_exceeded_exception(&self) -> bool {
        matches!(self, Self::PoliciesLimitExceededException(_))
    }
    pub fn is_too_many_updates(&self) -> bool {
        matches!(self, Self::TooManyUpdates(_))
    }
    pub fn is_unsupported_parameter_type(&self) -> bool {
        matches!(self, Self::UnsupportedParameterType(_))
    }
}
impl ::std::error::Error for PutParameterError {
    fn source(&self) -> ::std::option::Option<&(dyn ::std::error::Error + 'static)> {
        match self {
            Self::HierarchyLevelLimitExceededException(_inner) => ::std::option::Option::Some(_inner),
            Self::HierarchyTypeMismatchException(_inner) => ::std::option::Option::Some(_inner),
            Self::IncompatiblePolicyException(_inner) => ::std::option::Option::Some(_inner),
            Self::InternalServerError(_inner) => ::std::option::Option::Some(_inner),
            Self::InvalidAllowedPatternException(_inner) => ::std::option::Option::Some(_inner),
            Self::InvalidKeyId(_inner) => ::std::option::Option::Some(_inner),
            Self::InvalidPolicyAttributeException(_inner) => ::std::option::Option::Some(_inner),
            Self::InvalidPolicyTypeException(_inner) => ::std::option::Option::Some(_inner),
            Self::ParameterAlreadyExists(_inner) => ::std::option::Option::Some(_inner),
            Self::ParameterLimitExceeded(_inner) => ::std::option::Option::Some(_inner),
            Self::ParameterMaxVersionLimitExceeded(_inner) => ::std::option::Option::Some(_inner),
            Self::ParameterPatternMismatchException(_inner) => ::std::option::Option::Some(_inner),
            Self::PoliciesLimitExceededException(_inner) => ::std::option::Option::Some(_inner),
            Self::TooManyUpdates(_inner) => ::std::option::Option::Some(_inner),
            Self::UnsupportedParameterType(_inner) => ::std::option::Option::Some(_inner),
            Self::Unhandled(_inner) => ::std::option::Option::Some(&*_inner.source),
        }
    }
}
impl ::std::fmt::Display for PutParameterError {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match self {
            Self::HierarchyLevelLimitExceededException(_inner) => _inner.fmt(f),
            Self::HierarchyTypeMismatchException(_inner) => _inner.fmt(f),
            Self::IncompatiblePolicyException(_inner) => _inner.fmt(f),
            Self::InternalServerError(_inner) => _inner.fmt(f),
            Self::InvalidAllowedPatternException(_inner) => _inner.fmt(f),
            Self::InvalidKeyId(_inner) => _inner.fmt(f),
            Self::InvalidPolicyAttributeException(_inner) => _inner.fmt(f),
            Self::InvalidPolicyTypeException(_inner) => _inner.fmt(f),
            Self::ParameterAlreadyExists(_inner) => _inner.fmt(f),
            Self::ParameterLimitExceeded(_inner) => _inner.fmt(f),
            Self::ParameterMaxVersionLimitExceeded(_inner) => _inner.fmt(f),
            Self::ParameterPatternMismatchException(_inner) => _inner.fmt(f),
            Self::PoliciesLimitExceededException(_inner) => _inner.fmt(f),
            Self::TooManyUpdates(_inner) => _inner.fmt(f),
            Self::UnsupportedParameterType(_inner) => _inner.fmt(f),
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
impl ::aws_smithy_types::retry::ProvideErrorKind for PutParameterError {
    fn code(&self) -> ::std::option::Option<&str> {
        ::aws_smithy_types::error::metadata::ProvideErrorMetadata::code(self)
    }
    fn retryable_error_kind(&self) -> ::std::option::Option<::aws_smithy_types::retry::ErrorKind> {
        ::std::option::Option::None
    }
}
impl ::aws_smithy_types::error::metadata::ProvideErrorMetadata for PutParameterError {
    fn meta(&self) -> &::aws_smithy_types::error::ErrorMetadata {
        match self {
            Self::HierarchyLevelLimitExceededException(_inner) => ::aws_smithy_types::error::metadata::ProvideErrorMetadata::meta(_inner),
            Self::HierarchyTypeMismatchException(_inner) => ::aws_smithy_types::error::metadata::ProvideErrorMetadata::meta(_inner),
            Self::IncompatiblePolicyException(_inner) => ::aws_smithy_types::error::metadata::ProvideErrorMetadata::meta(_inner),
            Self::InternalServerError(_inner) => ::aws_smithy_types::error::metadata::ProvideErrorMetadata::meta(_inner),
            Self::InvalidAllowedPatternException(_inner) => ::aws_smithy_types::error::metadata::ProvideErrorMetadata::meta(_inner),
            Self::InvalidKeyId(_inner) => ::aws_smithy_types::error::metadata::ProvideErrorMetadata::meta(_inner),
            Self::InvalidPolicyAttributeException(_inner) => ::aws_smithy_types::error::metadata::ProvideErrorMetadata::meta(_inner),
            Self::InvalidPolicyTypeException(_inner) => ::aws_smithy_types::error::metadata::ProvideErrorMetadata::meta(_inner),
            Self::ParameterAlreadyExists(_inner) => ::aws_smithy_types::error::metadata::ProvideErrorMetadata::meta(_inner),
            Self::ParameterLimitExceeded(_inner) => ::aws_smithy_types::error::metadata::ProvideErrorMetadata::meta(_inner),
            Self::ParameterMaxVersionLimitExceeded(_inner) => ::aws_smithy_types::error::metadata::ProvideErrorMetadata::meta(_inner),
            Self::ParameterPatternMismatchException(_inner) => ::aws_smithy_types::error::metadata::ProvideErrorMetadata::meta(_inner),
            Self::PoliciesLimitExceededException(_inner) => ::aws_smithy_types::error::metadata::ProvideErrorMetadata::meta(_inner),
            Self::TooManyUpdates(_inner) => ::aws_smithy_types::error::metadata::ProvideErrorMetadata::meta(_inner),
            Self::UnsupportedParameterType(_inner) => ::aws_smithy_types::error::metadata::ProvideErrorMetadata::meta(_inner),
            Self::Unhandled(_inner) => &_inner.meta,
        }
    }
}
impl ::aws_smithy_runtime_api::client::result::CreateUnhandledError for PutParameterError {
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
impl ::aws_types::request_id::RequestId for crate::operation::put_parameter::PutParameterError {
    fn request_id(&self) -> Option<&str> {
        self.meta().request_id()
    }
}
pub use crate::operation::put_parameter::_put_parameter_input::PutParameterInput;
pub use crate::operation::put_parameter::_put_parameter_output::PutParameterOutput;
mod _put_parameter_input;
mod _put_parameter_output;
pub mod builders;
