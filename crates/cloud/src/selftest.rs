//! Self-test: checks, in one target, the behaviour of AWS that Imprint relies on. Our tests run it against the
//! simulator, and users run it against AWS. It removes everything that it made, even after a failure.
//!
//! If publishing needs the behaviour that a check tests, a failed check ends the self-test. Other checks only inform:
//! AWS does not document the behaviour, or some roles lack the permission for the call.

use std::time::Duration;

use bytes::Bytes;
use wire::blockmap::BlockIndex;

use crate::calls::{
    AmiQuery, AmiState, BlockLease, BootMode, Cloud, NewAmi, NewSnapshot, ParameterKind, Root,
    Sha256, Snapshot, SnapshotQuery, SnapshotState, Tags, UploadBase, WhileInUse,
};
use crate::error::{CloudError, CloudErrorKind};
use crate::poll::poll_until;
use crate::retry::VISIBLE_WITHIN;

const BLOCK_LEN: usize = 512 << 10;

/// Time allowed for a snapshot of a few blocks, or its AMI, to become ready.
const WAIT: Duration = Duration::from_secs(600);

/// Outcome of a check; the error describes the problem.
pub type Outcome = Result<(), String>;

/// Whether publishing needs the behaviour that a check tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Publishing needs the behaviour; a failure ends the self-test.
    Needed,
    /// Publishing does not need the behaviour: AWS does not document it, or some roles lack the permission for the
    /// call.
    Information,
}

/// SHA-256 function, passed in because this crate has none without its feature `sdk`.
pub type Hash = fn(&[u8]) -> Sha256;

/// Objects made so far, to be removed.
#[derive(Debug, Default)]
struct SelftestObjects {
    snapshots: Vec<String>,
    amis: Vec<String>,
    parameters: Vec<String>,
}

/// Makes a block with content unique to `number`.
fn block(number: u8) -> Bytes {
    let bytes: Vec<u8> = (0..BLOCK_LEN).map(|at| (at as u8).wrapping_mul(31) ^ number).collect();
    Bytes::from(bytes)
}

fn ensure(is_so: bool, otherwise: impl Into<String>) -> Outcome {
    if is_so { Ok(()) } else { Err(otherwise.into()) }
}

fn text(error: &CloudError) -> String {
    error.to_string()
}

/// Runs all checks. After each check, calls `tell` with the check's name, outcome and weight.
///
/// `run` is a unique name, put into all tags and names. `tomorrow` is an RFC 3339 date.
///
/// # Errors
/// Describes the first failure of a check of weight [`Weight::Needed`], and lists the objects that could not be
/// removed.
pub async fn run<C: Cloud>(
    cloud: &C,
    hash: Hash,
    run: &str,
    tomorrow: &str,
    mut tell: impl FnMut(&'static str, &Outcome, Weight) + Send,
) -> Outcome {
    let mut made = SelftestObjects::default();
    let tests = Tests { cloud, hash, run, tomorrow };
    let outcome = tests.all(&mut made, &mut tell).await;
    let cleaned = tests.clean(&made).await;
    tell("everything made is removed", &cleaned, Weight::Needed);
    match (outcome, cleaned) {
        (Err(problem), Err(left)) => Err(format!("{problem}; {left}")),
        (outcome, cleaned) => outcome.and(cleaned),
    }
}

struct Tests<'a, C> {
    cloud: &'a C,
    hash: Hash,
    run: &'a str,
    tomorrow: &'a str,
}

impl<C: Cloud> Tests<'_, C> {
    async fn all(
        &self,
        made: &mut SelftestObjects,
        tell: &mut (impl FnMut(&'static str, &Outcome, Weight) + Send),
    ) -> Outcome {
        use Weight::{Information, Needed};
        let mut check = |name, weight, outcome: Outcome| {
            tell(name, &outcome, weight);
            if weight == Needed { outcome } else { Ok(()) }
        };
        check("the caller has an account", Needed, self.caller().await)?;
        check("the account has this region", Needed, self.region().await)?;
        check(
            "AWS reports the account's default encryption",
            Needed,
            self.default_encryption().await,
        )?;
        let (outcome, first) = split(self.first(made).await);
        check("a snapshot is made once for each token", Needed, outcome)?;
        check("blocks are checked and may be put again", Needed, self.blocks(&first).await)?;
        let beyond = self.put(&first, 2048, 1).await;
        let outcome = ensure(
            is_invalid(&beyond),
            format!("AWS did not refuse a block beyond the end: {beyond:?}"),
        );
        check("a block beyond the end is refused", Information, outcome)?;
        check("a snapshot is completed and read back", Needed, self.completed(&first).await)?;
        let (outcome, second) = split(self.child(made, &first).await);
        check("a child inherits blocks and key", Needed, outcome)?;
        check("a wrong count of blocks is refused", Information, self.wrong_count(made).await)?;
        let (outcome, ami) = split(self.ami(made, &second).await);
        check("an AMI is registered once for each name", Needed, outcome)?;
        for (name, new) in [
            ("an AMI of arm64 is registered", self.arm_ami(&second)),
            ("an AMI with UEFI and a TPM is registered", self.tpm_ami(&second)),
            (
                "an AMI with another root device, a BIOS and optional IMDSv2 is registered",
                self.old_ami(&second),
            ),
        ] {
            check(name, Needed, self.other_ami(made, new).await)?;
        }
        check("what an AMI uses is not deleted", Needed, self.in_use(&second).await)?;
        check(
            "an AMI can be protected, and its protection lifted",
            Needed,
            self.protected(&ami).await,
        )?;
        let deprecated = self.cloud.deprecate_ami(&ami, self.tomorrow).await;
        check("an AMI is deprecated", Needed, deprecated.map_err(|e| text(&e)))?;
        let watermark = format!("imprint-selftest-{}", self.run);
        let marked = self.cloud.watermark_ami(&ami, &watermark).await;
        check("an AMI gets a watermark", Information, marked.map_err(|e| text(&e)))?;
        check("AWS reports whether AMIs may be public", Information, self.public().await)?;
        check("a parameter points to an AMI", Information, self.parameter(made, &ami).await)
    }

    /// Checks that the account lists this region as opted in.
    async fn region(&self) -> Outcome {
        let regions = self.cloud.regions().await.map_err(|e| text(&e))?;
        let here = &self.cloud.target().region;
        let is_here = regions.iter().any(|state| state.region == *here && state.is_opted_in);
        ensure(is_here, format!("{here} is not among its {} regions", regions.len()))
    }

    async fn public(&self) -> Outcome {
        self.cloud.blocks_public_amis().await.map(drop).map_err(|e| text(&e))
    }

    async fn default_encryption(&self) -> Outcome {
        let default = self.cloud.default_encryption().await.map_err(|e| text(&e))?;
        ensure(!default.key.is_empty(), "AWS names no default key")
    }

    /// Points a parameter to an AMI and reads the parameter back; fails for roles without the permission.
    async fn parameter(&self, made: &mut SelftestObjects, ami: &str) -> Outcome {
        let name = format!("/imprint/selftest/{}", self.run);
        let set = self.cloud.put_parameter(&name, ami, ParameterKind::Ami).await;
        set.map_err(|e| text(&e))?;
        made.parameters.push(name.clone());
        let found = until(VISIBLE_WITHIN, "the parameter has no value", || async {
            self.cloud.parameter(&name).await.map_err(|e| text(&e))
        });
        let found = found.await?;
        ensure(found.value == ami, format!("{found:?}"))
    }

    async fn caller(&self) -> Outcome {
        let caller = self.cloud.caller().await.map_err(|e| text(&e))?;
        ensure(
            caller.account_id.len() == 12,
            format!(
                "AWS names the account '{}', which does not have twelve digits",
                caller.account_id
            ),
        )
    }

    /// Returns tags like those of a run: policies allow removal only of objects with such tags.
    fn tags(&self) -> Tags {
        Tags::from([(wire::run::RUN_TAG.to_owned(), format!("selftest-{}", self.run))])
    }

    fn snapshot(&self, name: &str, base: UploadBase) -> NewSnapshot {
        NewSnapshot {
            token: format!("{}-{name}", self.run),
            size_gib: 1,
            description: format!("imprint selftest {name}"),
            tags: self.tags(),
            base,
            timeout_minutes: 60,
        }
    }

    async fn first(&self, made: &mut SelftestObjects) -> Result<String, String> {
        let new = self.snapshot("first", UploadBase::Encrypted(None));
        let id = self.cloud.start_snapshot(&new).await.map_err(|e| text(&e))?;
        made.snapshots.push(id.clone());
        let again = self.cloud.start_snapshot(&new).await.map_err(|e| text(&e))?;
        ensure(again == id, format!("one token made two snapshots: {id} and {again}"))?;
        Ok(id)
    }

    async fn put(&self, snapshot: &str, index: u32, number: u8) -> Result<(), CloudError> {
        let bytes = block(number);
        let digest = (self.hash)(&bytes);
        let lease = || async { Ok(BlockLease::free(bytes.clone())) };
        self.cloud.put_block(snapshot, BlockIndex(index), &digest, lease).await
    }

    async fn blocks(&self, id: &str) -> Outcome {
        self.put(id, 0, 9).await.map_err(|e| text(&e))?;
        self.put(id, 0, 1).await.map_err(|e| text(&e))?;
        self.put(id, 2047, 2).await.map_err(|e| text(&e))?;
        let lease = || async { Ok(BlockLease::free(block(3))) };
        let wrong = self.cloud.put_block(id, BlockIndex(1), &[7; 32], lease).await;
        ensure(
            is_invalid(&wrong),
            format!("AWS did not refuse a block with a wrong digest: {wrong:?}"),
        )
    }

    fn digest(&self, numbers: &[u8]) -> Sha256 {
        let all: Vec<u8> = numbers.iter().flat_map(|n| (self.hash)(&block(*n))).collect();
        (self.hash)(&all)
    }

    /// Checks that AWS refuses a wrong count of blocks, on a separate snapshot that the attempt may spoil.
    async fn wrong_count(&self, made: &mut SelftestObjects) -> Outcome {
        let new = self.snapshot("spoilt", UploadBase::Encrypted(None));
        let id = self.cloud.start_snapshot(&new).await.map_err(|e| text(&e))?;
        made.snapshots.push(id.clone());
        self.put(&id, 0, 1).await.map_err(|e| text(&e))?;
        let done = self.cloud.complete_snapshot(&id, 3, &self.digest(&[1])).await;
        ensure(is_invalid(&done), format!("AWS did not refuse a wrong count of blocks: {done:?}"))
    }

    async fn completed(&self, id: &str) -> Outcome {
        let done = self.cloud.complete_snapshot(id, 2, &self.digest(&[1, 2])).await;
        done.map_err(|e| text(&e))?;
        self.wait(id).await?;
        self.holds(id, &[(0, 1), (2047, 2)]).await
    }

    /// Waits until a snapshot is complete, at most [`WAIT`].
    async fn wait(&self, id: &str) -> Outcome {
        until(WAIT, &format!("{id} is not complete"), || async {
            match self.listed(id).await?.first().map(|snapshot| snapshot.state) {
                Some(SnapshotState::Completed) => Ok(Some(())),
                Some(SnapshotState::Unusable) => Err(format!("AWS could not complete {id}")),
                Some(SnapshotState::Pending) | None => Ok(None),
            }
        })
        .await
    }

    /// Returns a snapshot as a list of one. The list is empty if AWS does not know the snapshot yet, or no longer knows
    /// it.
    async fn listed(&self, id: &str) -> Result<Vec<Snapshot>, String> {
        self.cloud.snapshots(&SnapshotQuery::Id(id.to_owned())).await.map_err(|e| text(&e))
    }

    /// Checks that a snapshot holds these blocks and no others.
    async fn holds(&self, id: &str, wanted: &[(u32, u8)]) -> Outcome {
        let page = self.cloud.list_blocks(id, None).await.map_err(|e| text(&e))?;
        let indexes: Vec<u32> = page.blocks.iter().map(|block| block.index.0).collect();
        let expected: Vec<u32> = wanted.iter().map(|(index, _)| *index).collect();
        ensure(
            indexes == expected,
            format!("the snapshot lists the blocks {indexes:?} instead of {expected:?}"),
        )?;
        for (found, (index, number)) in page.blocks.iter().zip(wanted) {
            let bytes = self.cloud.get_block(id, found).await.map_err(|e| text(&e))?;
            ensure(
                bytes == block(*number),
                format!("block {index} has other bytes than were put"),
            )?;
        }
        Ok(())
    }

    async fn child(&self, made: &mut SelftestObjects, parent: &str) -> Result<String, String> {
        let new = self.snapshot("child", UploadBase::Parent(parent.to_owned()));
        let id = self.cloud.start_snapshot(&new).await.map_err(|e| text(&e))?;
        made.snapshots.push(id.clone());
        self.put(&id, 0, 4).await.map_err(|e| text(&e))?;
        let done = self.cloud.complete_snapshot(&id, 1, &self.digest(&[4])).await;
        done.map_err(|e| text(&e))?;
        self.wait(&id).await?;
        self.holds(&id, &[(0, 4), (2047, 2)]).await?;
        let key = |found: Vec<Snapshot>| found.first().and_then(|s| s.key.clone());
        let of = |id: &str| SnapshotQuery::Id(id.to_owned());
        let parents = key(self.cloud.snapshots(&of(parent)).await.map_err(|e| text(&e))?);
        let childs = key(self.cloud.snapshots(&of(&id)).await.map_err(|e| text(&e))?);
        ensure(
            parents.is_some() && parents == childs,
            format!("the parent has the key {parents:?}, and the child {childs:?}"),
        )?;
        Ok(id)
    }

    /// Returns the parameters of an AMI whose name ends with `name`.
    fn new_ami(&self, name: &str, snapshot: &str) -> NewAmi {
        NewAmi {
            name: format!("imprint-selftest-{}{name}", self.run),
            description: "imprint selftest".to_owned(),
            architecture: "x86_64".to_owned(),
            boot_mode: BootMode::UefiPreferred,
            snapshot: snapshot.to_owned(),
            root: Root {
                device: "/dev/xvda".to_owned(),
                size_gib: 2,
                iops: Some(3000),
                throughput: Some(125),
                initialization_rate: None,
            },
            has_tpm: false,
            requires_imds_v2: true,
            uefi_data: None,
            tags: self.tags(),
        }
    }

    fn arm_ami(&self, snapshot: &str) -> NewAmi {
        let architecture = "arm64".to_owned();
        NewAmi { architecture, boot_mode: BootMode::Uefi, ..self.new_ami("-arm64", snapshot) }
    }

    fn tpm_ami(&self, snapshot: &str) -> NewAmi {
        NewAmi { boot_mode: BootMode::Uefi, has_tpm: true, ..self.new_ami("-tpm", snapshot) }
    }

    fn old_ami(&self, snapshot: &str) -> NewAmi {
        let new = self.new_ami("-old", snapshot);
        let root = Root {
            device: "/dev/sda1".to_owned(),
            initialization_rate: Some(100),
            ..new.root.clone()
        };
        NewAmi { boot_mode: BootMode::LegacyBios, requires_imds_v2: false, root, ..new }
    }

    async fn other_ami(&self, made: &mut SelftestObjects, new: NewAmi) -> Outcome {
        let id = self.cloud.register(&new).await.map_err(|e| text(&e))?;
        made.amis.push(id);
        Ok(())
    }

    async fn ami(&self, made: &mut SelftestObjects, snapshot: &str) -> Result<String, String> {
        let new = self.new_ami("", snapshot);
        let id = self.cloud.register(&new).await.map_err(|e| text(&e))?;
        made.amis.push(id.clone());
        let again = self.cloud.register(&new).await;
        ensure(
            again.as_ref().is_err_and(|error| error.kind == CloudErrorKind::Duplicate),
            format!("AWS did not refuse a second AMI of the same name: {again:?}"),
        )?;
        let late = format!("{id} is not available");
        let ami = until(WAIT, &late, || async {
            let found = self.cloud.amis(&AmiQuery::Named(new.name.clone())).await;
            let mut found = found.map_err(|e| text(&e))?.into_iter();
            Ok(found.find(|ami| ami.id == id && ami.state == AmiState::Available))
        });
        let ami = ami.await?;
        ensure(ami.snapshots == [snapshot], format!("{ami:?}"))?;
        ensure(ami.boot_mode == "uefi-preferred", format!("{ami:?}"))?;
        Ok(id)
    }

    async fn in_use(&self, snapshot: &str) -> Outcome {
        let done = self.cloud.delete_snapshot(snapshot, WhileInUse::Refuse).await;
        ensure(
            done.as_ref().is_err_and(|error| error.kind == CloudErrorKind::InUse),
            format!("AWS did not refuse to delete a snapshot in use: {done:?}"),
        )
    }

    async fn protected(&self, ami: &str) -> Outcome {
        self.cloud.protect_ami(ami, true).await.map_err(|e| text(&e))?;
        let done = self.cloud.deregister(ami).await;
        self.cloud.protect_ami(ami, false).await.map_err(|e| text(&e))?;
        ensure(done.is_err(), "a protected AMI was deregistered")
    }

    /// Removes everything that was made; a failed removal does not stop the others, and the error names the leftovers.
    async fn clean(&self, made: &SelftestObjects) -> Outcome {
        let mut left = Vec::new();
        for name in &made.parameters {
            let gone = self.cloud.delete_parameter(name).await;
            left.extend(gone.err().map(|error| format!("parameter {name}: {error}")));
        }
        for ami in &made.amis {
            // The AMI is still protected if the check of protection failed.
            let unprotected = self.cloud.protect_ami(ami, false).await;
            let gone = self.cloud.deregister(ami).await;
            if let Err(error) = gone {
                left.push(format!("{ami}: {error}"));
                left.extend(unprotected.err().map(|error| error.to_string()));
            }
        }
        // Delete children before their parents.
        for snapshot in made.snapshots.iter().rev() {
            if let Err(error) = self.gone(snapshot).await {
                left.push(format!("{snapshot}: {error}"));
            }
        }
        ensure(
            left.is_empty(),
            format!(
                "these objects could not be removed, so remove them by hand: {}",
                left.join("; ")
            ),
        )
    }

    /// Deletes a snapshot and waits until it is no longer listed. First waits for it to be listed, since AWS cannot
    /// delete a snapshot that it does not know yet.
    async fn gone(&self, snapshot: &str) -> Outcome {
        let look = || async { Ok(self.listed(snapshot).await?.pop()) };
        if poll_until::<_, String, _>(VISIBLE_WITHIN, look).await?.is_none() {
            return Ok(());
        }
        let done = self.cloud.delete_snapshot(snapshot, WhileInUse::Wait).await;
        done.map_err(|e| text(&e))?;
        until(VISIBLE_WITHIN, "it is still listed", || async {
            Ok(self.listed(snapshot).await?.is_empty().then_some(()))
        })
        .await
    }
}

/// Polls until there is a result. Fails with the text `late` if there is none after the time `within`.
async fn until<T, L>(within: Duration, late: &str, look: impl FnMut() -> L) -> Result<T, String>
where
    L: Future<Output = Result<Option<T>, String>>,
{
    let late = || format!("{late} after {} s", within.as_secs());
    poll_until(within, look).await?.ok_or_else(late)
}

fn is_invalid(done: &Result<(), CloudError>) -> bool {
    done.as_ref().is_err_and(|error| error.kind == CloudErrorKind::Invalid)
}

fn split(result: Result<String, String>) -> (Outcome, String) {
    match result {
        Ok(id) => (Ok(()), id),
        Err(problem) => (Err(problem), String::new()),
    }
}
