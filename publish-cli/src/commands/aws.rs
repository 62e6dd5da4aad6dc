//! Commands on AWS; only with the feature `aws`.

mod accounts;
mod amis;
mod dry_run;
mod mount;
mod policy;
mod publish;
mod results;
mod runs;
mod selftest;
mod snapshot_disk;
mod targets;

pub(super) use self::amis::run as amis;
pub(super) use self::publish::run as publish;
pub(super) use self::runs::run as runs;
pub(super) use self::selftest::run as selftest;
pub(super) use self::targets::callers;
use crate::cli::TargetsCommand;
use crate::context::Context;

pub(super) fn targets(context: &Context, command: TargetsCommand) -> anyhow::Result<u8> {
    match command {
        TargetsCommand::List { targets } => targets::list(context, targets),
        TargetsCommand::Policy { account, partition, caller } => {
            policy::run(context, account.as_ref(), partition, caller)
        }
    }
}
