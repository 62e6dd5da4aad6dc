//! Commands on AWS; without the feature `aws` they say so.

use wire::name::ImageName;

use crate::cli::{AmisCommand, PublishArgs, RunsCommand, TargetsCommand};
use crate::context::Context;

#[cfg(feature = "aws")]
mod accounts;
#[cfg(feature = "aws")]
mod amis;
#[cfg(feature = "aws")]
mod ask;
#[cfg(feature = "aws")]
mod checks;
#[cfg(feature = "aws")]
mod disk;
#[cfg(feature = "aws")]
mod dry_run;
#[cfg(feature = "aws")]
mod lease;
#[cfg(feature = "aws")]
mod mount;
#[cfg(feature = "aws")]
mod options;
#[cfg(feature = "aws")]
mod plan;
#[cfg(feature = "aws")]
mod policy;
#[cfg(feature = "aws")]
mod publish;
#[cfg(feature = "aws")]
mod results;
#[cfg(feature = "aws")]
mod runs;
#[cfg(feature = "aws")]
mod selftest;
#[cfg(feature = "aws")]
mod targets;

#[cfg(not(feature = "aws"))]
fn without() -> anyhow::Error {
    crate::failure::Failure::usage(
        "this publish-cli was built without AWS: build it with the feature `aws`, its default",
    )
}

macro_rules! command {
    ($(#[$doc:meta])* $name:ident($($argument:ident: $type:ty),*) -> $result:ty = $call:path) => {
        $(#[$doc])*
        #[cfg(feature = "aws")]
        pub(super) fn $name(context: &Context, $($argument: $type),*) -> anyhow::Result<$result> {
            $call(context, $($argument),*)
        }

        $(#[$doc])*
        #[cfg(not(feature = "aws"))]
        pub(super) fn $name(_: &Context, $(_: $type),*) -> anyhow::Result<$result> {
            Err(without())
        }
    };
}

command!(
    /// `publish --via direct`.
    publish(image: &ImageName, args: &PublishArgs) -> u8 = publish::run
);
command!(
    /// `runs …`.
    runs(command: RunsCommand) -> u8 = runs::run
);
command!(
    /// `targets …`.
    targets(command: TargetsCommand) -> u8 = targets::run
);
command!(
    /// `selftest`.
    selftest(target: &str) -> u8 = selftest::run
);
command!(
    /// `amis …`.
    amis(command: AmisCommand) -> u8 = amis::run
);
command!(
    /// For `doctor`: whom each account takes us for.
    callers() -> Vec<(String, Result<String, String>)> = targets::callers
);
