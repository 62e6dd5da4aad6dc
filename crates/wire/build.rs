//! Compiles the RPC schema's messages; the crate `rpc` compiles the schema's services from the same file.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=proto/imprint.proto");
    let schema = protox::compile(["proto/imprint.proto"], ["proto"])?;
    let mut config = prost_build::Config::new();
    // `Bytes` fields share the transport's buffers; `Vec` fields would copy out of them.
    config.bytes(["."]);
    // These messages are parts of JSON documents (`document`), whose keys are the fields of the schema.
    for message in ["DirtyBlocks", "LintFinding", "OciConfig", "PhaseTimes", "StepCounts"] {
        config.type_attribute(message, "#[derive(serde::Serialize)]");
    }
    config.compile_fds(schema)?;
    Ok(())
}
