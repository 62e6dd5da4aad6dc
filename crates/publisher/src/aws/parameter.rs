//! The SSM parameter that tells others which AMI is the latest.

use std::time::{Duration, Instant};

use cloud::calls::{Cloud, Parameter, ParameterKind};

use super::poll::POLL;
use crate::error::{PublishError, Reason, Result};

/// Whether a parameter that is there can be set to an AMI: what its value is checked for cannot be changed.
///
/// # Errors
/// For a person: why not.
pub(super) fn check_kind(
    name: &str,
    current: Option<&Parameter>,
    kind: ParameterKind,
) -> std::result::Result<(), String> {
    match current.map(|current| current.kind) {
        None => Ok(()),
        Some(found) if found == Some(kind) => Ok(()),
        Some(found) => {
            let found = found.map_or("another kind", ParameterKind::name);
            Err(format!(
                "parameter {name} is of data type {found}, which AWS never changes: use --ssm-type {found}, or \
                 delete it first"
            ))
        }
    }
}

/// After how long without the value a parameter is set again: one that was deleted half a minute ago may take the new
/// one with it.
const AGAIN: Duration = Duration::from_secs(20);

/// Sets a parameter, and waits until it has its value. AWS checks it after it has answered, and silently drops what it
/// does not like: only reading it back shows that it is there.
pub(crate) async fn set<C: Cloud>(
    cloud: &C,
    name: &str,
    value: &str,
    kind: ParameterKind,
) -> Result<()> {
    cloud.put_parameter(name, value, kind).await?;
    settle(cloud, name, value, kind).await
}

/// Waits until a parameter that was set has its value.
pub(crate) async fn settle<C: Cloud>(
    cloud: &C,
    name: &str,
    value: &str,
    kind: ParameterKind,
) -> Result<()> {
    let (started, mut set) = (Instant::now(), Instant::now());
    while cloud.parameter(name).await?.is_none_or(|found| found.value != value) {
        if started.elapsed() > cloud::retry::VISIBLE_WITHIN {
            let message = format!(
                "parameter {name} does not become {value}: AWS drops a value without a word where the publishing \
                 role lacks ec2:DescribeImages"
            );
            return Err(PublishError::new(Reason::ParameterUnset, message));
        }
        if set.elapsed() > AGAIN {
            cloud.put_parameter(name, value, kind).await?;
            set = Instant::now();
        }
        tokio::time::sleep(POLL).await;
    }
    Ok(())
}
