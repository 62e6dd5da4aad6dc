//! The EBS direct APIs: snapshots written and read in blocks of 512 KiB.

mod start;

use serde_json::json;

use crate::answer::{Answer, Refusal};
use crate::blocks::{BLOCK_LEN, Hash, sha256};
use crate::config::Timing;
use crate::request::{Request, Scope};
use crate::sim::Sim;
use crate::world::{Place, Snapshot, State, World};

/// Limits of the API. *Source:* the API's model.
const BLOCKS_PER_GIB: u64 = 2048;
const PAGE_LEN: std::ops::RangeInclusive<usize> = 100..=10_000;

/// Returns the snapshot and the index of the block that a PutSnapshotBlock call writes. Returns `None` for other calls.
pub(crate) fn block_of<'r>(call: &str, request: &'r Request) -> Option<(&'r str, &'r str)> {
    let mut parts = request.path.trim_matches('/').split('/').skip(1);
    let snapshot = parts.next().filter(|_| call == "PutSnapshotBlock")?;
    Some((snapshot, parts.nth(1)?))
}

/// Returns the error for a put while another put of the same block is under way.
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
        "StartSnapshot" => start::start(sim, scope, request),
        "PutSnapshotBlock" => put(sim, scope, parts[1], index()?, request),
        "CompleteSnapshot" => complete(sim, scope, parts[2], request),
        "ListSnapshotBlocks" => list(sim, scope, parts[1], request),
        "ListChangedBlocks" => changed(sim, scope, parts[1], request),
        _ => get(sim, scope, parts[1], index()?, request),
    }
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
    // EC2 reports a snapshot as completed a little before the EBS direct APIs can read it.
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
