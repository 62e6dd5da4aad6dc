//! Replacements for the commands on AWS in a build without the feature `aws`: each fails.

use wire::name::ImageName;

use crate::cli::{AmisCommand, PublishArgs, RunsCommand, TargetsCommand};
use crate::context::Context;
use crate::failure::Failure;

fn without<T>() -> anyhow::Result<T> {
    Err(Failure::usage(
        "this publish-cli was built without AWS: build it with the feature `aws`, its default",
    ))
}

pub(super) fn publish(_: &Context, _: &ImageName, _: &PublishArgs) -> anyhow::Result<u8> {
    without()
}

pub(super) fn runs(_: &Context, _: RunsCommand) -> anyhow::Result<u8> {
    without()
}

pub(super) fn targets(_: &Context, _: TargetsCommand) -> anyhow::Result<u8> {
    without()
}

pub(super) fn selftest(_: &Context, _: &str) -> anyhow::Result<u8> {
    without()
}

pub(super) fn amis(_: &Context, _: AmisCommand) -> anyhow::Result<u8> {
    without()
}

pub(super) fn callers(_: &Context) -> anyhow::Result<Vec<(String, Result<String, String>)>> {
    without()
}
