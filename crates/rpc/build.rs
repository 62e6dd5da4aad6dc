//! Compiles the services of the RPC schema; the crate `wire` compiles the messages.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    const SCHEMA: &str = "../wire/proto/imprint.proto";
    println!("cargo:rerun-if-changed={SCHEMA}");
    let schema = protox::compile([SCHEMA], ["../wire/proto"])?;
    tonic_prost_build::configure()
        .extern_path(".imprint.v1", "::wire::proto")
        .compile_fds(schema)?;
    Ok(())
}
