//! The EBS direct APIs.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::json;

use crate::answer::{Answer, Refusal};
use crate::blocks::{BLOCK_LEN, Hash, hex, sha256};
use crate::config::Timing;
use crate::iam;
use crate::request::{Request, Scope};
use crate::sim::Sim;
use crate::world::{Place, Snapshot, State, Tags, World, default_key, is_default_key};

/// Limits of the API. *Source:* the API's model.
const SIZE_GIB_MAX: u64 = 65_536;
const TIMEOUT_MINUTES: std::ops::RangeInclusive<i64> = 10..=4320;
const TAGS_MAX: usize = 50;
const TAG_KEY: std::ops::RangeInclusive<usize> = 1..=127;
const TAG_VALUE_MAX: usize = 255;
const TEXT_LEN_MAX: usize = 255;
const BLOCKS_PER_GIB: u64 = 2048;
const PAGE_LEN: std::ops::RangeInclusive<usize> = 100..=10_000;

/// Returns the block that a PutSnapshotBlock call writes: its snapshot and index.
pub(crate) fn block_of<'r>(call: &str, request: &'r Request) -> Option<(&'r str, &'r str)> {
    let mut parts = request.path.trim_matches('/').split('/').skip(1);
    let snapshot = parts.next().filter(|_| call == "PutSnapshotBlock")?;
    Some((snapshot, parts.nth(1)?))
}

/// The error for a put while another put of the same block is under way.
pub(crate) fn conflict() -> Refusal {
    invalid("CONFLICTING_BLOCK_UPDATE", "another request writes this block")
}

/// Returns the name of the requested call, by method and path.
pub(crate) fn call_of(request: &Request) -> Option<&'static str> {
    let parts: Vec<&str> = request.path.trim_matches('/').split('/').collect();
    match (request.method.as_str(), &parts[..]) {
        ("POST", ["snapshots"]) => Some("StartSnapshot"),
        ("POST", ["snapshots", "completion", _]) => Some("CompleteSnapshot"),
        ("PUT", ["snapshots", _, "blocks", _]) => Some("PutSnapshotBlock"),
        ("GET", ["snapshots", _, "blocks", _]) => Some("GetSnapshotBlock"),
        ("GET", ["snapshots", _, "blocks"]) => Some("ListSnapshotBlocks"),
        ("GET", ["snapshots", _, "changedblocks"]) => Some("ListChangedBlocks"),
        _ => None,
    }
}

fn invalid(reason: &'static str, message: &str) -> Refusal {
    Refusal::new(400, "ValidationException", message).because(reason)
}

fn unknown(id: &str) -> Refusal {
    Refusal::new(404, "ResourceNotFoundException", &format!("The snapshot '{id}' does not exist."))
        .because("SNAPSHOT_NOT_FOUND")
}

pub(crate) fn answer(
    sim: &Sim,
    scope: &Scope,
    call: &str,
    request: &Request,
) -> Result<Answer, Refusal> {
    let parts: Vec<&str> = request.path.trim_matches('/').split('/').collect();
    let index = || {
        let index = parts.get(3).and_then(|index| index.parse::<u32>().ok());
        index.ok_or_else(|| invalid("INVALID_PARAMETER_VALUE", "the block index is no number"))
    };
    match call {
        "StartSnapshot" => start(sim, scope, request),
        "PutSnapshotBlock" => put(sim, scope, parts[1], index()?, request),
        "CompleteSnapshot" => complete(sim, scope, parts[2], request),
        "ListSnapshotBlocks" => list(sim, scope, parts[1], request),
        "ListChangedBlocks" => changed(sim, scope, parts[1], request),
        _ => get(sim, scope, parts[1], index()?, request),
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Start {
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

impl Start {
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

fn start(sim: &Sim, scope: &Scope, request: &Request) -> Result<Answer, Refusal> {
    let wanted: Start = serde_json::from_slice(&request.body)
        .map_err(|error| invalid("INVALID_PARAMETER_VALUE", &error.to_string()))?;
    wanted.check()?;
    if !wanted.tags.is_empty() {
        iam::check_tags(sim, scope, "snapshot")?;
    }
    let now = sim.clock().now_ms();
    let asked = hex(&sha256(&request.body));
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
    wanted: &Start,
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
                // The account's default may be a customer's key, which may be missing or forbidden.
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

/// Checks that the caller may use a key: it must be the ARN of a key of this region, not of an alias.
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

/// Reads a base64 digest from a header; `None` if the header is missing.
fn digest(request: &Request, name: &str) -> Result<Option<Hash>, Refusal> {
    let Some(text) = request.header(name) else { return Ok(None) };
    let bytes = data_encoding::BASE64.decode(text.as_bytes()).ok();
    let hash = bytes.and_then(|bytes| Hash::try_from(bytes).ok());
    hash.map(Some).ok_or_else(|| invalid("INVALID_PARAMETER_VALUE", name))
}

/// Finds a snapshot of the caller that is old enough to be visible.
fn own<'a>(
    sim: &Sim,
    place: &'a mut Place,
    id: &str,
    now: i64,
) -> Result<&'a mut Snapshot, Refusal> {
    let found = place.snapshots.get_mut(id).ok_or_else(|| unknown(id))?;
    if now < found.started_ms.saturating_add_unsigned(sim.config.timing.visible_after_ms) {
        return Err(unknown(id));
    }
    Ok(found)
}

fn put(
    sim: &Sim,
    scope: &Scope,
    id: &str,
    index: u32,
    request: &Request,
) -> Result<Answer, Refusal> {
    if request.header("x-amz-data-length") != Some("524288") || request.body.len() != BLOCK_LEN {
        return Err(invalid("INVALID_PARAMETER_VALUE", "DataLength is not 524288"));
    }
    if request.header("x-amz-checksum-algorithm") != Some("SHA256") {
        return Err(invalid("INVALID_PARAMETER_VALUE", "ChecksumAlgorithm"));
    }
    let hash = sha256(&request.body);
    if digest(request, "x-amz-checksum")? != Some(hash) {
        return Err(invalid("INVALID_PARAMETER_VALUE", "Checksum is not the data's"));
    }
    sim.blocks
        .put(&hash, &request.body)
        .map_err(|error| Refusal::new(500, "InternalServerException", &error.to_string()))?;
    let now = sim.clock().now_ms();
    let mut world = sim.world();
    let snapshot = own(sim, world.place(&scope.account, &scope.region), id, now)?;
    if snapshot.state(now) != State::Open {
        return Err(invalid("INVALID_SNAPSHOT_ID", "the snapshot is not pending"));
    }
    if u64::from(index) >= snapshot.size * BLOCKS_PER_GIB {
        return Err(invalid("INVALID_PARAMETER_VALUE", "BlockIndex is beyond the volume"));
    }
    snapshot.blocks.insert(index, hash);
    snapshot.put.insert(index);
    snapshot.written_ms = now;
    let checksum = data_encoding::BASE64.encode(&hash);
    let answer = Answer { status: 201, ..Answer::default() };
    Ok(answer.with("x-amz-checksum", checksum).with("x-amz-checksum-algorithm", "SHA256"))
}

fn complete(sim: &Sim, scope: &Scope, id: &str, request: &Request) -> Result<Answer, Refusal> {
    let now = sim.clock().now_ms();
    let mut world = sim.world();
    let snapshot = own(sim, world.place(&scope.account, &scope.region), id, now)?;
    if snapshot.state(now) != State::Open {
        return Err(invalid("INVALID_SNAPSHOT_ID", "the snapshot is not pending"));
    }
    let count = request.header("x-amz-changedblockscount").and_then(|text| text.parse().ok());
    if count != Some(snapshot.put.len()) {
        return Err(invalid("INVALID_PARAMETER_VALUE", "ChangedBlocksCount is not what was put"));
    }
    if let Some(wanted) = digest(request, "x-amz-checksum")? {
        let method = request.header("x-amz-checksum-aggregation-method");
        if method != Some("LINEAR") || request.header("x-amz-checksum-algorithm") != Some("SHA256")
        {
            return Err(invalid("INVALID_PARAMETER_VALUE", "ChecksumAggregationMethod"));
        }
        let put: Vec<u8> = snapshot.put.iter().flat_map(|i| snapshot.blocks[i]).collect();
        if sha256(&put) != wanted {
            return Err(invalid("INVALID_PARAMETER_VALUE", "Checksum is not that of what was put"));
        }
    }
    let [least, most] = sim.config.timing.snapshot_ms;
    let chance = u64::from(sha256(id.as_bytes())[0]);
    let takes = least + most.saturating_sub(least) * chance / 255;
    snapshot.completed_ms = Some(now.saturating_add_unsigned(takes));
    Ok(Answer::json(202, &json!({"Status": "pending"})))
}

/// Finds a completed snapshot that the caller may read.
fn readable<'a>(
    sim: &Sim,
    world: &'a World,
    scope: &Scope,
    id: &str,
    now: i64,
) -> Result<&'a Snapshot, Refusal> {
    let found = world.snapshot(&scope.account, &scope.region, id).ok_or_else(|| unknown(id))?;
    if found.state(now) != State::Completed {
        return Err(invalid("INVALID_SNAPSHOT_ID", "the snapshot is not completed"));
    }
    // EC2 reports it as completed a little earlier.
    let later = Timing::between(sim.config.timing.readable_ms, id);
    if found.completed_ms.is_some_and(|at| now < at.saturating_add_unsigned(later)) {
        return Err(unknown(id));
    }
    Ok(found)
}

/// Returns the first block index and the page length that a list request asks for.
fn page(request: &Request) -> Result<(u32, usize), Refusal> {
    let number = |name| request.query.number(name);
    let from = number("pageToken")?.or(number("startingBlockIndex")?).unwrap_or(0);
    let len = number("maxResults")?.map_or(*PAGE_LEN.end(), |len| len as usize);
    if !PAGE_LEN.contains(&len) {
        return Err(invalid("INVALID_PARAMETER_VALUE", "MaxResults"));
    }
    let bad = |_| invalid("INVALID_PAGE_TOKEN", "PageToken");
    Ok((u32::try_from(from).map_err(bad)?, len))
}

/// Makes the token that allows reading a block until a time.
fn token(id: &str, index: u32, until: i64) -> String {
    data_encoding::BASE64URL.encode(format!("{id}/{index}/{until}").as_bytes())
}

/// Returns whether a token belongs to a block and has not expired.
fn is_token(text: &str, id: &str, index: u32, now: i64) -> bool {
    let read = || {
        let text =
            String::from_utf8(data_encoding::BASE64URL.decode(text.as_bytes()).ok()?).ok()?;
        let until: i64 = text.strip_prefix(&format!("{id}/{index}/"))?.parse().ok()?;
        Some(now < until)
    };
    read().unwrap_or(false)
}

fn list(sim: &Sim, scope: &Scope, id: &str, request: &Request) -> Result<Answer, Refusal> {
    let now = sim.clock().now_ms();
    let (from, len) = page(request)?;
    let world = sim.world();
    let found = readable(sim, &world, scope, id, now)?;
    let mut indexes = found.blocks.range(from..).map(|(index, _)| *index);
    let until = sim.clock().after_s(sim.config.timing.token_s);
    let block = |index| json!({"BlockIndex": index, "BlockToken": token(id, index, until)});
    let blocks: Vec<_> = indexes.by_ref().take(len).map(block).collect();
    let next = indexes.next();
    Ok(pages(json!({"Blocks": blocks}), found.size, next, until))
}

fn changed(sim: &Sim, scope: &Scope, id: &str, request: &Request) -> Result<Answer, Refusal> {
    let now = sim.clock().now_ms();
    let (from, len) = page(request)?;
    let world = sim.world();
    let second = readable(sim, &world, scope, id, now)?;
    let first_id = request.query.get("firstSnapshotId").unwrap_or_default();
    let first = readable(sim, &world, scope, first_id, now)?;
    let mut ancestor = second.parent.as_deref();
    while ancestor.is_some_and(|ancestor| ancestor != first_id) {
        let parent = ancestor.and_then(|id| world.snapshot(&scope.account, &scope.region, id));
        ancestor = parent.and_then(|parent| parent.parent.as_deref());
    }
    if ancestor.is_none() {
        return Err(invalid("UNRELATED_SNAPSHOTS", "the snapshots are not of one lineage"));
    }
    let differs =
        |(index, hash): (&u32, &Hash)| (first.blocks.get(index) != Some(hash)).then_some(*index);
    let mut indexes = second.blocks.range(from..).filter_map(differs);
    let until = sim.clock().after_s(sim.config.timing.token_s);
    let block = |index: u32| {
        let mut block = json!({"BlockIndex": index, "SecondBlockToken": token(id, index, until)});
        if first.blocks.contains_key(&index) {
            block["FirstBlockToken"] = json!(token(first_id, index, until));
        }
        block
    };
    let blocks: Vec<_> = indexes.by_ref().take(len).map(block).collect();
    let next = indexes.next();
    Ok(pages(json!({"ChangedBlocks": blocks}), second.size, next, until))
}

fn pages(mut body: serde_json::Value, size: u64, next: Option<u32>, until: i64) -> Answer {
    body["VolumeSize"] = json!(size);
    body["BlockSize"] = json!(BLOCK_LEN);
    body["ExpiryTime"] = json!(until as f64 / 1000.0);
    if let Some(next) = next {
        body["NextToken"] = json!(next.to_string());
    }
    Answer::json(200, &body)
}

fn get(
    sim: &Sim,
    scope: &Scope,
    id: &str,
    index: u32,
    request: &Request,
) -> Result<Answer, Refusal> {
    let now = sim.clock().now_ms();
    if !request.query.get("blockToken").is_some_and(|token| is_token(token, id, index, now)) {
        return Err(invalid("INVALID_BLOCK_TOKEN", "BlockToken"));
    }
    let hash = {
        let world = sim.world();
        let found = readable(sim, &world, scope, id, now)?;
        let hash = found.blocks.get(&index).copied();
        hash.ok_or_else(|| invalid("INVALID_BLOCK", "there is no such block"))?
    };
    let bytes = sim.blocks.get(&hash);
    let bytes =
        bytes.map_err(|error| Refusal::new(500, "InternalServerException", &error.to_string()))?;
    let answer = Answer { status: 200, body: bytes.into(), ..Answer::default() };
    Ok(answer
        .with("x-amz-data-length", BLOCK_LEN)
        .with("x-amz-checksum", data_encoding::BASE64.encode(&hash))
        .with("x-amz-checksum-algorithm", "SHA256"))
}
