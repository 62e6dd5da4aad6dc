//! Runs the system's tools for filesystems.

use std::process::Command;

use crate::DiskError;

/// Runs a tool that makes or examines a filesystem; returns its standard output.
pub(crate) fn run_tool(
    tool: &'static str,
    package: &str,
    command: &mut Command,
) -> Result<String, DiskError> {
    let output = command.output().map_err(|error| not_started(tool, package, &error))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    // Some tools print their whole usage after the line with the error.
    let text = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<&str> = text.lines().take_while(|line| !line.starts_with("Usage:")).collect();
    Err(DiskError::Tool { tool, problem: lines.join("; ") })
}

/// Makes the error of a tool that could not be started, with the package to install.
pub(crate) fn not_started(tool: &'static str, package: &str, error: &std::io::Error) -> DiskError {
    DiskError::Tool { tool, problem: format!("{error}: install the package {package}") }
}
