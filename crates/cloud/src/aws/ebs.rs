//! Calls of the EBS direct APIs, which write and read snapshots by block.

use aws_sdk_ebs::Client;
use aws_sdk_ebs::primitives::ByteStream;
use aws_sdk_ebs::types::{ChecksumAggregationMethod, ChecksumAlgorithm, Tag};
use aws_smithy_types::base64;
use bytes::Bytes;
use sha2::{Digest as _, Sha256 as Sha256Hasher};
use wire::blockmap::BlockIndex;

use super::attempt::{Attempts, Class};
use crate::calls::{BlockLease, BlockPage, BlockRef, NewSnapshot, Result, Sha256, UploadBase};
use crate::error::{CloudError, CloudErrorKind};
use crate::retry::Budget;

/// Blocks per page of a list. *Source:* the API's maximum.
const PAGE_LEN: i32 = 10_000;

/// Length of a block in bytes; [`start`] refuses a snapshot with blocks of another length.
const BLOCK_LEN: i32 = 512 << 10;

const SHA256: ChecksumAlgorithm = ChecksumAlgorithm::ChecksumAlgorithmSha256;

pub(super) async fn start(
    attempts: &Attempts,
    client: &Client,
    new: &NewSnapshot,
) -> Result<String> {
    let call = || {
        let tags = new.tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build());
        let call = client
            .start_snapshot()
            .volume_size(i64::try_from(new.size_gib).unwrap_or(i64::MAX))
            .client_token(&new.token)
            .description(&new.description)
            .set_tags(Some(tags.collect()))
            .timeout(i32::try_from(new.timeout_minutes).unwrap_or(i32::MAX));
        let call = match &new.base {
            UploadBase::Plain => call,
            UploadBase::Encrypted(key) => call.encrypted(true).set_kms_key_arn(key.clone()),
            UploadBase::Parent(parent) => call.parent_snapshot_id(parent),
        };
        call.send()
    };
    let name = "StartSnapshot";
    let answer = attempts.call(name, Class::Snapshot, Budget::USUAL, call).await?;
    let id = answer.snapshot_id().unwrap_or_default().to_owned();
    match (id.is_empty(), answer.block_size()) {
        (false, Some(BLOCK_LEN)) => Ok(id),
        (_, size) => {
            let size = size.map_or("unknown".to_owned(), |size| size.to_string());
            let what = format!(
                "AWS answered with snapshot '{id}' and a block size of {size} instead of {BLOCK_LEN}"
            );
            Err(attempts.invalid(name, what))
        }
    }
}

pub(super) async fn put<F, B>(
    attempts: &Attempts,
    client: &Client,
    snapshot: &str,
    index: BlockIndex,
    digest: &Sha256,
    lease: F,
) -> Result<()>
where
    F: Fn() -> B + Send + Sync,
    B: Future<Output = std::result::Result<BlockLease, String>> + Send,
{
    let name = "PutSnapshotBlock";
    let prepare = || async { lease().await.map_err(|problem| attempts.unread(name, problem)) };
    let attempt = |leased: BlockLease| async move {
        // Bind both fields. If the async block used only the bytes, the permit would be dropped too early.
        let BlockLease { bytes, permit } = leased;
        let call = client
            .put_snapshot_block()
            .snapshot_id(snapshot)
            .block_index(index.0.cast_signed())
            .data_length(BLOCK_LEN)
            .checksum(base64::encode(digest))
            .checksum_algorithm(SHA256)
            .block_data(ByteStream::from(bytes));
        let done = call.send().await;
        drop(permit);
        let answer = done.map_err(|error| attempts.error(name, &error))?;
        // AWS confirms the block's checksum; a proxy in between could answer without it.
        match answer.checksum() == Some(base64::encode(digest).as_str()) {
            true => Ok(()),
            false => {
                Err(attempts.damaged(name, "the answer lacks the checksum of the block".to_owned()))
            }
        }
    };
    attempts.call_of_block(name, Class::Put, prepare, attempt).await
}

pub(super) async fn complete(
    attempts: &Attempts,
    client: &Client,
    snapshot: &str,
    blocks_put: u32,
    digest: &Sha256,
) -> Result<()> {
    let call = || {
        client
            .complete_snapshot()
            .snapshot_id(snapshot)
            .changed_blocks_count(blocks_put.cast_signed())
            .checksum(base64::encode(digest))
            .checksum_algorithm(SHA256)
            .checksum_aggregation_method(ChecksumAggregationMethod::ChecksumAggregationLinear)
            .send()
    };
    attempts.call("CompleteSnapshot", Class::Snapshot, Budget::OF_NEW, call).await.map(drop)
}

pub(super) async fn list(
    attempts: &Attempts,
    client: &Client,
    snapshot: &str,
    next: Option<&str>,
) -> Result<BlockPage> {
    let call = || {
        let call = client.list_snapshot_blocks().snapshot_id(snapshot).max_results(PAGE_LEN);
        call.set_next_token(next.map(str::to_owned)).send()
    };
    let name = "ListSnapshotBlocks";
    let attempt = |()| async { call().await.map_err(|e| not_yet(attempts.error(name, &e))) };
    let ready = || async { Ok(()) };
    let answer = attempts.repeat(name, Class::List, Budget::OF_NEW, ready, attempt).await?;
    let block = |block: &aws_sdk_ebs::types::Block| {
        let index = block.block_index().and_then(|index| u32::try_from(index).ok())?;
        Some(BlockRef { index: BlockIndex(index), token: block.block_token()?.to_owned() })
    };
    let blocks: Option<Vec<BlockRef>> = answer.blocks().iter().map(block).collect();
    let blocks = blocks.ok_or_else(|| {
        attempts.invalid(name, "the list has a block without its number or token".into())
    })?;
    Ok(BlockPage { blocks, next: answer.next_token().map(str::to_owned) })
}

pub(super) async fn get(
    attempts: &Attempts,
    client: &Client,
    snapshot: &str,
    block: &BlockRef,
) -> Result<Bytes> {
    let name = "GetSnapshotBlock";
    let attempt = |()| async {
        let call = client.get_snapshot_block().snapshot_id(snapshot);
        let call = call.block_index(block.index.0.cast_signed()).block_token(&block.token).send();
        let answer = call.await.map_err(|error| not_yet(attempts.error(name, &error)))?;
        let checksum = answer.checksum().map(str::to_owned);
        let body = answer.block_data.collect().await;
        let bytes = body.map_err(|error| attempts.damaged(name, error.to_string()))?.into_bytes();
        if bytes.len() != BLOCK_LEN as usize {
            return Err(attempts.damaged(
                name,
                format!("the answer has {} bytes instead of {BLOCK_LEN}", bytes.len()),
            ));
        }
        if checksum.is_none_or(|sum| sum != base64::encode(Sha256Hasher::digest(&bytes))) {
            return Err(attempts.damaged(name, "the block does not match its checksum".into()));
        }
        Ok(bytes)
    };
    attempts.call_of_block(name, Class::Get, || async { Ok(()) }, attempt).await
}

/// Makes the error for an unknown snapshot retryable. For a while after EC2 calls a snapshot completed, the EBS direct
/// APIs might not know it.
fn not_yet(error: CloudError) -> CloudError {
    match error.reason.as_str() {
        "INVALID_SNAPSHOT_ID" => CloudError { kind: CloudErrorKind::NotFound, ..error },
        _ => error,
    }
}
