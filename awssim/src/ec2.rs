//! EC2: snapshots, AMIs, and settings of accounts.

mod amis;
mod filter;
mod snapshots;

use crate::answer::{Answer, Refusal, Xml};
use crate::request::{Params, Scope};
use crate::sim::Sim;
use crate::world::{DEFAULT_KEY_ALIAS, Tags};

const NAMESPACE: &str = "http://ec2.amazonaws.com/doc/2016-11-15/";

/// One call while the simulator answers it.
#[derive(Clone, Copy)]
struct Call<'a> {
    sim: &'a Sim,
    scope: &'a Scope,
    params: &'a Params,
    /// The request id, for the answer.
    id: &'a str,
    now: i64,
}

pub(crate) fn answer(
    sim: &Sim,
    scope: &Scope,
    name: &str,
    params: &Params,
    id: &str,
) -> Result<Answer, Refusal> {
    let call = Call { sim, scope, params, id, now: sim.clock().now_ms() };
    if params.get("DryRun") == Some("true") {
        if name == "RegisterImage" {
            amis::check(call)?;
        }
        let message = "Request would have succeeded, but DryRun flag is set.";
        return Err(Refusal::new(412, "DryRunOperation", message));
    }
    match name {
        "DescribeRegions" => Ok(call.regions()),
        "GetEbsEncryptionByDefault" => Ok(call.encryption_by_default()),
        "GetEbsDefaultKmsKeyId" => Ok(call.default_key()),
        "DescribeSnapshots" => snapshots::describe(call),
        "DeleteSnapshot" => snapshots::delete(call),
        "ModifySnapshotAttribute" => snapshots::share(call),
        "DescribeSnapshotAttribute" => snapshots::attribute(call),
        "RegisterImage" => amis::register(call),
        "DescribeImages" => amis::describe(call),
        "DeregisterImage" => amis::deregister(call),
        "ModifyImageAttribute" => amis::share(call),
        "AttachImageWatermark" => amis::watermark(call),
        "GetImageBlockPublicAccessState" => Ok(call.public_access()),
        "DescribeImageAttribute" => amis::attribute(call),
        "EnableImageDeprecation" => amis::deprecate(call),
        "EnableImageDeregistrationProtection" => amis::protect(call, true),
        "DisableImageDeregistrationProtection" => amis::protect(call, false),
        "CreateTags" => call.create_tags(),
        _ => Err(Refusal::new(400, "InvalidAction", name)),
    }
}

/// Returns EC2's `InvalidParameterValue`. Some callers pass a description of what is wrong as `value`.
fn bad_value(name: &str, value: &str) -> Refusal {
    let message = format!("Value ({value}) for parameter {name} is invalid.");
    Refusal::new(400, "InvalidParameterValue", &message)
}

impl Call<'_> {
    fn answer(&self, name: &str, content: impl FnOnce(&mut Xml)) -> Answer {
        Answer::xml(&format!("{name}Response"), NAMESPACE, |xml| {
            xml.leaf("requestId", self.id);
            content(xml);
        })
    }

    /// Returns the answer of calls that only report success.
    fn done(&self, name: &str) -> Answer {
        self.answer(name, |xml| xml.leaf("return", true))
    }

    fn regions(&self) -> Answer {
        let spec = self.sim.config.accounts.get(&self.scope.account);
        let is_out = |region: &String| spec.is_some_and(|spec| spec.not_opted_in.contains(region));
        self.answer("DescribeRegions", |xml| {
            xml.list("regionInfo", &self.sim.config.regions, |xml, region| {
                xml.leaf("regionName", region);
                xml.leaf("regionEndpoint", format!("ec2.{region}.amazonaws.com"));
                let status = if is_out(region) { "not-opted-in" } else { "opt-in-not-required" };
                xml.leaf("optInStatus", status);
            });
        })
    }

    fn encryption_by_default(&self) -> Answer {
        let spec = self.sim.config.accounts.get(&self.scope.account);
        let is_on = spec.is_some_and(|spec| spec.encryption_by_default);
        self.answer("GetEbsEncryptionByDefault", |xml| xml.leaf("ebsEncryptionByDefault", is_on))
    }

    fn default_key(&self) -> Answer {
        let Scope { account, region, .. } = self.scope;
        let key = self.sim.world().place(account, region).default_key.clone();
        // EC2 names the default key by its alias until somebody sets another key.
        let key = key.unwrap_or_else(|| DEFAULT_KEY_ALIAS.to_owned());
        self.answer("GetEbsDefaultKmsKeyId", |xml| xml.leaf("kmsKeyId", key))
    }

    fn public_access(&self) -> Answer {
        let spec = self.sim.config.accounts.get(&self.scope.account);
        let is_blocked = spec.is_some_and(|spec| spec.blocks_public_access);
        let state = if is_blocked { "block-new-sharing" } else { "unblocked" };
        self.answer("GetImageBlockPublicAccessState", |xml| {
            xml.leaf("imageBlockPublicAccessState", state);
            xml.leaf("managedBy", "account");
        })
    }

    fn create_tags(&self) -> Result<Answer, Refusal> {
        let tags = tags(&self.params.structs("Tag"))?;
        let mut world = self.sim.world();
        let place = world.place(&self.scope.account, &self.scope.region);
        for id in self.params.list("ResourceId") {
            let snapshot = place.snapshots.get_mut(id).map(|found| &mut found.tags);
            let found = snapshot.or_else(|| place.amis.get_mut(id).map(|found| &mut found.tags));
            let unknown = || Refusal::new(400, "InvalidID", &format!("The ID '{id}' is not valid"));
            found.ok_or_else(unknown)?.extend(tags.clone());
        }
        Ok(self.done("CreateTags"))
    }
}

/// Reads tags and checks EC2's limits. *Source:* the documented limits.
fn tags(from: &[Params]) -> Result<Tags, Refusal> {
    const TAGS_MAX: usize = 50;
    let mut tags = Tags::new();
    for tag in from {
        let (key, value) = (tag.need("Key")?, tag.get("Value").unwrap_or_default());
        if key.starts_with("aws:") || key.len() > 128 || value.len() > 256 {
            return Err(bad_value("Tag", key));
        }
        tags.insert(key.to_owned(), value.to_owned());
    }
    if tags.len() > TAGS_MAX {
        return Err(Refusal::new(400, "TagLimitExceeded", "more than 50 tags"));
    }
    Ok(tags)
}

fn write_tags(xml: &mut Xml, tags: &Tags) {
    xml.list("tagSet", tags, |xml, (key, value)| {
        xml.leaf("key", key);
        xml.leaf("value", value);
    });
}
