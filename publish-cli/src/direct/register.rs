//! The last steps of a target: from its snapshot to an AMI that is as it was asked for.

use std::time::{Duration, Instant};

use cloud::Kind;
use cloud::calls::{self, AmiState, Cloud, NewAmi, Which};

use super::run::{Step, TargetRun};
use super::steps::{Failed, POLL, Result, WAIT, Work};

/// How long an AMI may be registered without being listed.
pub(super) const LISTED_WITHIN: Duration = Duration::from_secs(15);

impl<C: Cloud> Work<C> {
    pub(super) async fn register(&self, now: &TargetRun) -> Result<Step> {
        let run = self.journal.run();
        let snapshot = Self::snapshot(now)?;
        let new = NewAmi {
            name: run.options.ami_name.clone(),
            description: format!("{} by imprint", run.image).chars().take(255).collect(),
            architecture: run.options.architecture.clone(),
            boot_mode: run.options.boot_mode(),
            snapshot: snapshot.to_owned(),
            size_gib: run.size_gib,
            tags: run.options.tags.clone(),
        };
        // Looked for first: an answer that was lost is no reason to make another.
        let id = match self.registered(&run.id, snapshot, &new.name).await? {
            Some(id) => id,
            None => match self.cloud.register(&new).await {
                Ok(id) => id,
                Err(error) if error.kind == Kind::Duplicate => {
                    // Ours, perhaps, whose answer was lost, and which is not listed yet.
                    let found = self.registered_soon(&run.id, snapshot, &new.name).await?;
                    found.ok_or(error)?
                }
                Err(error) => return Err(error.into()),
            },
        };
        self.records.use_by(now, snapshot, &id, &run).await?;
        self.change(|target| target.ami = Some(id)).await?;
        Ok(Step::Finishing)
    }

    /// The same for one that may be so new that it is not listed yet.
    async fn registered_soon(
        &self,
        run: &str,
        snapshot: &str,
        name: &str,
    ) -> Result<Option<String>> {
        let started = Instant::now();
        loop {
            let found = self.registered(run, snapshot, name).await?;
            if found.is_some() || started.elapsed() > LISTED_WITHIN {
                return Ok(found);
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// Finds the AMI that this run registered.
    async fn registered(&self, run: &str, snapshot: &str, name: &str) -> Result<Option<String>> {
        let found = self.cloud.amis(&Which::Named(name.to_owned())).await?;
        let is_ours = |ami: &calls::Ami| {
            ami.snapshots == [snapshot] && ami.tags.get("imprint:run").is_some_and(|r| r == run)
        };
        Ok(found.into_iter().find(is_ours).map(|ami| ami.id))
    }

    /// Makes the AMI what it is asked to be. Its parameter comes last: who reads it finds all the rest done.
    pub(super) async fn finish(&self, now: &TargetRun) -> Result<Step> {
        let missing = || Failed::other("the run's record names no AMI", 5);
        let id = now.ami.as_deref().ok_or_else(missing)?;
        self.available(id).await?;
        // That took its time: still ours to go on with?
        self.change(|_| {}).await?;
        let options = self.journal.run().options;
        let sharees = options.sharees();
        if !sharees.is_empty() {
            let account = |sharee: &calls::Sharee| match sharee {
                calls::Sharee::Account(id) => Some(id.clone()),
                calls::Sharee::Organization(_) => None,
            };
            let accounts: Vec<String> = sharees.iter().filter_map(account).collect();
            if !accounts.is_empty() {
                self.cloud.share_snapshot(Self::snapshot(now)?, &accounts).await?;
            }
            self.cloud.share_ami(id, &sharees).await?;
        }
        if let Some(at) = &options.deprecate_at {
            self.cloud.deprecate_ami(id, at).await?;
        }
        if options.protect {
            self.cloud.protect_ami(id, true).await?;
        }
        if let Some(name) = &options.parameter {
            self.point(now, name, id).await?;
        }
        Ok(Step::Done)
    }

    /// Waits until an AMI can be used.
    async fn available(&self, id: &str) -> Result<()> {
        let started = Instant::now();
        loop {
            let found = self.cloud.amis(&Which::Id(id.to_owned())).await?;
            match found.first().map(|ami| ami.state) {
                Some(AmiState::Available) => return Ok(()),
                Some(AmiState::Unusable) => {
                    return Err(Failed::other(format!("{id} failed"), 6));
                }
                None if started.elapsed() > cloud::retry::VISIBLE_WITHIN => {
                    return Err(Failed::other(format!("{id} is gone"), 3));
                }
                _ if started.elapsed() > WAIT => {
                    return Err(Failed::other(format!("{id} is not available"), 6));
                }
                _ => tokio::time::sleep(POLL).await,
            }
        }
    }

    /// Points a parameter to the AMI. AWS checks its value after it has answered, and silently drops what it
    /// does not like: only reading it back shows that it is there.
    async fn point(&self, now: &TargetRun, name: &str, id: &str) -> Result<()> {
        let current = self.cloud.parameter(name).await?.unwrap_or_default();
        match &now.parameter_before {
            // A run that was broken off here: somebody else has published since.
            Some(before) if current != *before && current != id => {
                let message = format!("parameter {name} became {current} meanwhile: it stays that");
                return Err(Failed::other(message, 4));
            }
            Some(_) => self.change(|_| {}).await?,
            // What stood there is durable before it is written over: undo puts it back.
            None => self.change(|target| target.parameter_before = Some(current)).await?,
        }
        self.cloud.put_parameter(name, id).await?;
        let started = Instant::now();
        while self.cloud.parameter(name).await?.as_deref() != Some(id) {
            if started.elapsed() > cloud::retry::VISIBLE_WITHIN {
                let message =
                    format!("parameter {name} does not become {id}: AWS refused the value");
                return Err(Failed::other(message, 6));
            }
            tokio::time::sleep(POLL).await;
        }
        Ok(())
    }
}
