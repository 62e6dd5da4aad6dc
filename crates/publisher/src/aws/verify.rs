//! Lists published AMIs, and identifies the image of one.

use std::sync::Arc;

use cloud::calls::{Ami, AmiQuery, Cloud};
use tokio::task::JoinSet;
use wire::name::{ImageName, StreamName};
use wire::run::IMAGE_TAG;
use wire::target::Target;

use super::accounts::Accounts;
use super::publisher::AwsPublisher;
use super::readback::{self, ReadBack, Sample};
use super::records::Records;
use super::targets::{TargetResolution, Targets};
use crate::error::{PublishError, Reason, Result};

/// AMIs of a target, or the reason why the target could not be asked.
pub type AmisOfTarget = (Target, Result<Vec<Ami>>);

/// Lists AMIs published with Imprint; if `stream` is not `None`, only those of that stream. The AMIs of each target are
/// in order of age, the oldest first.
pub async fn list<A: Accounts>(
    targets: &Targets<A>,
    of: &[Target],
    stream: Option<&StreamName>,
) -> Vec<AmisOfTarget> {
    let query = AmiQuery::Tagged(IMAGE_TAG.to_owned(), "*".to_owned());
    let is_meant = |ami: &Ami| match (stream, named_image(ami)) {
        (Some(stream), image) => image.is_some_and(|image| image.stream() == *stream),
        (None, _) => true,
    };
    let sorted = |(_, mut amis): (Arc<A::Cloud>, Vec<Ami>)| {
        amis.retain(is_meant);
        amis.sort_by(|a, b| a.created_at.cmp(&b.created_at));
        amis
    };
    let answers = ask(targets, of, &query).await.into_iter();
    answers.map(|(target, answer)| (target, answer.map(sorted))).collect()
}

/// Returns the image that an AMI's tag names. The tag proves nothing, since anybody who may tag the AMI can change it.
pub fn named_image(ami: &Ami) -> Option<ImageName> {
    ami.tags.get(IMAGE_TAG)?.parse().ok()
}

/// A target's answer: its AMIs, and the client for more calls there.
type Answer<C> = (Target, Result<(Arc<C>, Vec<Ami>)>);

/// Asks all targets concurrently for AMIs.
async fn ask<A: Accounts>(
    targets: &Targets<A>,
    of: &[Target],
    query: &AmiQuery,
) -> Vec<Answer<A::Cloud>> {
    let mut asking = JoinSet::new();
    for target in of {
        let (targets, target, query) = (targets.clone(), target.clone(), query.clone());
        asking.spawn(async move {
            let ask = async {
                let cloud = Arc::new(targets.connect(&target).await?);
                let found = cloud.amis(&query).await?;
                Ok((cloud, found))
            };
            let answer = ask.await;
            (target, answer)
        });
    }
    let mut answers = asking.join_all().await;
    answers.sort_by_key(|(target, _)| target.to_string());
    answers
}

/// The image of an AMI, and whether the AMI still holds what was published.
#[derive(Clone, Debug)]
pub struct Verification {
    /// The target that owns the AMI.
    pub target: Target,
    /// The AMI's stream: from its tags, unless the caller named it.
    pub stream: StreamName,
    /// The AMI's only snapshot, that of its root volume.
    pub snapshot: String,
    /// Digest of the manifest that was published with the snapshot.
    pub manifest: String,
    /// The stream's images with that manifest: usually one; empty if the image was removed.
    pub images: Vec<String>,
    /// Number of blocks of the whole disk, including blocks of zeros.
    pub blocks: usize,
    /// Comparison of the blocks with the recorded block map.
    pub read: ReadBack,
}

impl Verification {
    /// Returns whether all compared blocks are as published.
    pub fn is_as_published(&self) -> bool {
        self.read.wrong.is_none()
    }
}

/// An AMI, and the target of the account that owns it.
struct AmiPlace<C> {
    target: Target,
    cloud: Arc<C>,
    ami: Ami,
}

impl<A: Accounts> AwsPublisher<'_, A> {
    /// Reads all blocks of an AMI if `is_all`, otherwise a sample of them. Compares them with the published disk, and
    /// identifies the image. `stream` is needed only if the AMI's tags do not name the stream.
    /// `examples/verify_ami.rs` is a whole program.
    ///
    /// # Errors
    /// [`Reason::Missing`]: no target has the AMI, or no record names its snapshot; [`Reason::ImageKind`]: the AMI was
    /// not made by Imprint, or its stream is unknown; [`Reason::RecordDamaged`]: the block map is lost;
    /// [`Reason::Cloud`].
    pub fn verify(
        &self,
        ami: &str,
        resolved: &TargetResolution,
        is_all: bool,
        stream: Option<StreamName>,
    ) -> Result<Verification> {
        let runtime = self.client.runtime();
        let place = runtime.block_on(find(&self.targets, resolved, ami))?;
        let refused =
            |what: &str| Err(PublishError::new(Reason::ImageKind, format!("{ami} {what}")));
        let [snapshot] = &place.ami.snapshots[..] else {
            return refused("does not have exactly one snapshot, so Imprint did not publish it");
        };
        let named = named_image(&place.ami).map(|image| image.stream());
        let Some(stream) = stream.or(named) else {
            return refused("has no tag that names its stream: name the stream with --stream");
        };
        let records = Records::new(self.imaged.publishing(), stream.as_str());
        let (manifest, blocks, read) = runtime.block_on(async {
            let region = place.target.region.as_str();
            let record = records.find(&place.ami.owner, region, snapshot).await?;
            let record = record.ok_or_else(|| {
                let message =
                    format!("stream {stream} has no record of {snapshot}, the snapshot of {ami}: name another stream with --stream");
                PublishError::new(Reason::Missing, message)
            })?;
            let map = records.map(&record.map_digest).await?.ok_or_else(|| {
                let message = format!("imaged's block map of {snapshot} is gone or damaged");
                PublishError::new(Reason::RecordDamaged, message)
            })?;
            let is_encrypted = !record.key.is_empty();
            let sample = match is_all {
                true => Sample::All,
                false => Sample::of(&map.all(false), snapshot),
            };
            let places = readback::Places::default();
            let read =
                readback::compare(&place.cloud, &places, snapshot, is_encrypted, &map, &sample);
            Ok::<_, PublishError>((record.manifest, map.hashes().len(), read.await?))
        })?;
        let images = self.images_of(&stream, &manifest)?;
        let (target, snapshot) = (place.target, snapshot.clone());
        Ok(Verification { target, stream, snapshot, manifest, images, blocks, read })
    }

    /// Lists the stream's images with a manifest: usually one.
    fn images_of(&self, stream: &StreamName, manifest: &str) -> Result<Vec<String>> {
        let mut names = Vec::new();
        self.client.list_images(&self.imaged, stream.as_str(), |page| {
            let found = page.into_iter().filter(|image| image.manifest == manifest);
            names.extend(found.map(|image| image.name));
            Ok::<_, PublishError>(())
        })?;
        Ok(names)
    }
}

/// Finds the target that owns an AMI.
async fn find<A: Accounts>(
    targets: &Targets<A>,
    resolved: &TargetResolution,
    id: &str,
) -> Result<AmiPlace<A::Cloud>> {
    let answers = ask(targets, &resolved.selection.targets, &AmiQuery::Id(id.to_owned())).await;
    let mut problem = resolved.failed.first().map(|(_, problem)| problem.message.clone());
    for (target, answer) in answers {
        match answer {
            Ok((cloud, amis)) => {
                // Skip accounts that the AMI is only shared with.
                let account = match amis.is_empty() {
                    true => continue,
                    false => cloud.caller().await?.account_id,
                };
                if let Some(ami) = amis.into_iter().find(|ami| ami.owner == account) {
                    return Ok(AmiPlace { target, cloud, ami });
                }
            }
            Err(error) => problem = Some(format!("{target}: {}", error.chain())),
        }
    }
    let rest = problem.map(|problem| format!("; not all could be asked: {problem}"));
    let message = format!("no target has {id}{}", rest.unwrap_or_default());
    Err(PublishError::new(Reason::Missing, message))
}
