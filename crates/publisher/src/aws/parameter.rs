//! The SSM parameter that holds the id of the latest AMI.

use std::time::{Duration, Instant};

use cloud::calls::{Cloud, Parameter, ParameterKind};
use cloud::poll::POLL;

use crate::error::{PublishError, Reason, Result};

/// Checks that an existing parameter can be set to an AMI: AWS never changes a parameter's data type.
///
/// # Errors
/// Describes the conflict and a remedy.
pub(super) fn check_kind(
    name: &str,
    current: Option<&Parameter>,
    kind: ParameterKind,
) -> std::result::Result<(), String> {
    match current.map(|current| current.kind) {
        None => Ok(()),
        Some(found) if found == Some(kind) => Ok(()),
        Some(found) => {
            let found = found.map_or_else(
                || "a data type that --ssm-type does not offer".to_owned(),
                |found| format!("the data type {0}: use --ssm-type {0}", found.name()),
            );
            Err(format!(
                "AWS never changes a parameter's data type, and {name} has {found}, or delete the parameter first"
            ))
        }
    }
}

/// Time after which a value that has not appeared is set again: a deletion shortly before may have removed the new
/// value, too.
const AGAIN: Duration = Duration::from_secs(20);

/// Sets a parameter and waits until it has the value. AWS validates the value after its response, and silently drops an
/// invalid value: only reading the parameter back proves success.
pub(crate) async fn set<C: Cloud>(
    cloud: &C,
    name: &str,
    value: &str,
    kind: ParameterKind,
) -> Result<()> {
    cloud.put_parameter(name, value, kind).await?;
    settle(cloud, name, value, kind).await
}

/// Waits until a parameter that was set has the value, and sets the value again if it does not appear.
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
                "parameter {name} was set to {value}, but did not get that value: AWS silently drops a value if the publishing role lacks ec2:DescribeImages"
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
