//! StartSnapshot: the checks of the request, the client token, and the initial blocks and key of the snapshot.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use serde::Deserialize;
use serde_json::json;

use super::{invalid, unknown};
use crate::answer::{Answer, Refusal};
use crate::blocks::{BLOCK_LEN, Hash, sha256};
use crate::iam;
use crate::request::{Request, Scope};
use crate::sim::Sim;
use crate::world::{Snapshot, State, Tags, World, default_key, is_default_key};

/// Limits of the call. *Source:* the API's model.
const SIZE_GIB_MAX: u64 = 65_536;
const TIMEOUT_MINUTES: std::ops::RangeInclusive<i64> = 10..=4320;
const TAGS_MAX: usize = 50;
const TAG_KEY: std::ops::RangeInclusive<usize> = 1..=127;
const TAG_VALUE_MAX: usize = 255;
const TEXT_LEN_MAX: usize = 255;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct StartRequest {
    volume_size: u64,
    parent_snapshot_id: Option<String>,
    #[serde(default)]
    tags: Vec<Tag>,
    #[serde(default)]
    description: String,
    client_token: Option<String>,
    encrypted: Option<bool>,
    kms_key_arn: Option<String>,
    timeout: Option<i64>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Tag {
    key: String,
    #[serde(default)]
    value: String,
}

impl StartRequest {
    fn check(&self) -> Result<(), Refusal> {
        let bad = |message| Err(invalid("INVALID_PARAMETER_VALUE", message));
        let is_long = |text: &str| text.len() > TEXT_LEN_MAX;
        if !(1..=SIZE_GIB_MAX).contains(&self.volume_size) {
            return bad("VolumeSize");
        }
        let is_bad = |tag: &Tag| {
            let (key, value) = (tag.key.chars().count(), tag.value.chars().count());
            tag.key.starts_with("aws:") || !TAG_KEY.contains(&key) || value > TAG_VALUE_MAX
        };
        if self.tags.len() > TAGS_MAX || self.tags.iter().any(is_bad) {
            return Err(invalid("INVALID_TAG", "Tags"));
        }
        if is_long(&self.description) || self.client_token.as_deref().is_some_and(is_long) {
            return bad("Description or ClientToken");
        }
        if self.timeout.is_some_and(|minutes| !TIMEOUT_MINUTES.contains(&minutes)) {
            return bad("Timeout");
        }
        if self.parent_snapshot_id.is_some()
            && (self.encrypted.is_some() || self.kms_key_arn.is_some())
        {
            return Err(invalid(
                "INVALID_PARAMETER_VALUE",
                "Encrypted cannot be with ParentSnapshotId",
            ));
        }
        if self.kms_key_arn.is_some() && self.encrypted != Some(true) {
            return Err(invalid("INVALID_PARAMETER_VALUE", "KmsKeyArn needs Encrypted"));
        }
        Ok(())
    }
}

pub(super) fn start(sim: &Sim, scope: &Scope, request: &Request) -> Result<Answer, Refusal> {
    let wanted: StartRequest = serde_json::from_slice(&request.body)
        .map_err(|error| invalid("INVALID_PARAMETER_VALUE", &error.to_string()))?;
    wanted.check()?;
    if !wanted.tags.is_empty() {
        iam::check_tags(sim, scope, "snapshot")?;
    }
    let now = sim.clock().now_ms();
    let asked = HEXLOWER.encode(&sha256(&request.body));
    let mut world = sim.world();
    let place = world.place(&scope.account, &scope.region);
    let is_same = |snapshot: &Snapshot| {
        let token = snapshot.token.as_ref();
        token.is_some_and(|(token, _)| Some(token) == wanted.client_token.as_ref())
    };
    if let Some((id, found)) = place.snapshots.iter().find(|(_, snapshot)| is_same(snapshot)) {
        let is_identical = found.token.as_ref().is_some_and(|(_, before)| *before == asked);
        if !is_identical {
            let message = "the token was used for another request";
            return Err(Refusal::new(409, "ConflictException", message));
        }
        return Ok(started(id, found, now));
    }
    let pending = place
        .snapshots
        .values()
        .filter(|snapshot| matches!(snapshot.state(now), State::Open | State::Completing));
    if pending.count() >= sim.config.quota.pending_snapshots {
        return Err(Refusal::new(400, "ConcurrentLimitExceededException", "pending snapshots"));
    }
    let (key, blocks) = basis(sim, scope, &world, &wanted, now)?;
    let id = world.id("snap");
    let tags: Tags = wanted.tags.into_iter().map(|tag| (tag.key, tag.value)).collect();
    let snapshot = Snapshot {
        owner: scope.account.clone(),
        size: wanted.volume_size,
        description: wanted.description,
        tags,
        key,
        parent: wanted.parent_snapshot_id,
        token: wanted.client_token.map(|token| (token, asked)),
        started_ms: now,
        written_ms: now,
        timeout_ms: wanted.timeout.unwrap_or(60) * 60_000,
        completed_ms: None,
        failed: None,
        blocks,
        put: Default::default(),
        shared_with: Default::default(),
    };
    let answer = started(&id, &snapshot, now);
    world.place(&scope.account, &scope.region).snapshots.insert(id, snapshot);
    Ok(answer)
}

/// Returns the encryption key and the blocks with which a snapshot begins.
fn basis(
    sim: &Sim,
    scope: &Scope,
    world: &World,
    wanted: &StartRequest,
    now: i64,
) -> Result<(Option<String>, BTreeMap<u32, Hash>), Refusal> {
    let place = world.places.get(&scope.account).and_then(|regions| regions.get(&scope.region));
    let key = place.and_then(|place| place.default_key.clone());
    let key = key.unwrap_or_else(|| default_key(&scope.account, &scope.region));
    let is_encrypted_by_default =
        sim.config.accounts.get(&scope.account).is_some_and(|spec| spec.encryption_by_default);
    let Some(id) = &wanted.parent_snapshot_id else {
        let is_encrypted = wanted.encrypted == Some(true) || is_encrypted_by_default;
        let key = match &wanted.kms_key_arn {
            Some(named) => {
                usable_key(sim, scope, named)?;
                named.clone()
            }
            None => {
                // The account's default key can be a customer's key. Such a key can be missing or denied.
                if is_encrypted && !is_default_key(&key) {
                    usable_key(sim, scope, &key)?;
                }
                key
            }
        };
        return Ok((is_encrypted.then_some(key), BTreeMap::new()));
    };
    let parent = world.snapshot(&scope.account, &scope.region, id).ok_or_else(|| unknown(id))?;
    if parent.state(now) != State::Completed {
        return Err(invalid("INVALID_SNAPSHOT_ID", "the parent is not complete"));
    }
    if parent.size > wanted.volume_size {
        return Err(invalid("INVALID_VOLUME_SIZE", "the parent is larger"));
    }
    if parent.key.is_none() && is_encrypted_by_default {
        let message = "encryption by default is on, and the parent is not encrypted";
        return Err(invalid("INVALID_PARAMETER_VALUE", message));
    }
    Ok((parent.key.clone(), parent.blocks.clone()))
}

/// Checks that the caller may use a key. `arn` must be the ARN of a key of this region; the ARN of an alias is refused.
/// *Source:* the pattern in the API's model.
fn usable_key(sim: &Sim, scope: &Scope, arn: &str) -> Result<(), Refusal> {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let &["arn", partition, "kms", region, account, key] = &parts[..] else {
        return Err(invalid("INVALID_PARAMETER_VALUE", "KmsKeyArn is no ARN of a key"));
    };
    if !partition.starts_with("aws") || account.len() != 12 || !key.starts_with("key/") {
        return Err(invalid("INVALID_PARAMETER_VALUE", "KmsKeyArn is no ARN of a key"));
    }
    let unknown = || invalid("INVALID_CUSTOMER_KEY", "the key does not exist, or not here");
    if region != scope.region || partition != crate::world::partition(region) {
        return Err(unknown());
    }
    if arn == default_key(account, region) && account == scope.account {
        return Ok(());
    }
    let keys = sim.config.accounts.get(account).map(|spec| &spec.keys[..]).unwrap_or_default();
    let key = keys.iter().find(|key| key.arn == arn).ok_or_else(unknown)?;
    if key.is_denied {
        let message = "the key's policy does not let the caller use it";
        let refusal = Refusal::new(403, "AccessDeniedException", message);
        return Err(refusal.because("DEPENDENCY_ACCESS_DENIED"));
    }
    iam::check_key(sim, scope, arn)?;
    if key.state != "Enabled" || key.spec != "SYMMETRIC_DEFAULT" {
        return Err(invalid("INVALID_CUSTOMER_KEY", "the key cannot encrypt snapshots"));
    }
    Ok(())
}

fn started(id: &str, snapshot: &Snapshot, now: i64) -> Answer {
    let tag = |(key, value): (&String, &String)| json!({"Key": key, "Value": value});
    let tags: Vec<_> = snapshot.tags.iter().map(tag).collect();
    let status = match snapshot.state(now) {
        State::Completed => "completed",
        State::Failed => "error",
        State::Open | State::Completing => "pending",
    };
    let mut body = json!({
        "SnapshotId": id,
        "OwnerId": snapshot.owner,
        "Status": status,
        "StartTime": snapshot.started_ms as f64 / 1000.0,
        "VolumeSize": snapshot.size,
        "BlockSize": BLOCK_LEN,
        "Tags": tags,
        "Description": snapshot.description,
    });
    if let Some(parent) = &snapshot.parent {
        body["ParentSnapshotId"] = json!(parent);
    }
    if let Some(key) = &snapshot.key {
        body["KmsKeyArn"] = json!(key);
    }
    Answer::json(201, &body)
}
