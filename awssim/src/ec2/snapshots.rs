//! EC2's calls for snapshots.

use super::filter::{Filtered, matches, page};
use super::{Call, bad_value, write_tags};
use crate::answer::{Answer, Refusal, Xml};
use crate::clock::rfc3339;
use crate::world::{Snapshot, State, Tags, World, is_default_key};

fn unknown(id: &str) -> Refusal {
    let message = format!("The snapshot '{id}' does not exist.");
    Refusal::new(400, "InvalidSnapshot.NotFound", &message)
}

/// A snapshot with its id and the present time, for filters.
struct SnapshotRow<'a> {
    id: &'a str,
    snapshot: &'a Snapshot,
    now: i64,
}

fn status(state: State) -> &'static str {
    match state {
        State::Open | State::Completing => "pending",
        State::Completed => "completed",
        State::Failed => "error",
    }
}

impl Filtered for SnapshotRow<'_> {
    fn values(&self, name: &str) -> Option<Vec<String>> {
        let text = match name {
            "snapshot-id" => self.id.to_owned(),
            "status" => status(self.snapshot.state(self.now)).to_owned(),
            "owner-id" => self.snapshot.owner.clone(),
            "encrypted" => self.snapshot.key.is_some().to_string(),
            "volume-size" => self.snapshot.size.to_string(),
            "description" => self.snapshot.description.clone(),
            _ => return None,
        };
        Some(vec![text])
    }

    fn tags(&self) -> &Tags {
        &self.snapshot.tags
    }
}

fn is_visible(call: Call<'_>, snapshot: &Snapshot) -> bool {
    let after = call.sim.config.timing.visible_after_ms;
    call.now >= snapshot.started_ms.saturating_add_unsigned(after)
}

pub(super) fn describe(call: Call<'_>) -> Result<Answer, Refusal> {
    let world = call.sim.world();
    let (account, region) = (&call.scope.account, &call.scope.region);
    let ids = call.params.list("SnapshotId");
    let mut found: Vec<(String, Snapshot)> = Vec::new();
    if ids.is_empty() {
        let owners = call.params.list("Owner");
        if !owners.is_empty() && owners.iter().all(|owner| *owner != "self" && owner != account) {
            return Err(bad_value("Owner", owners[0]));
        }
        let place = world.places.get(account).and_then(|regions| regions.get(region));
        let own = place.into_iter().flat_map(|place| &place.snapshots);
        found.extend(own.map(|(id, snapshot)| (id.clone(), snapshot.clone())));
        let gone = place.into_iter().flat_map(|place| &place.gone_snapshots);
        let gone = gone.filter(|(_, (_, until))| call.now < *until);
        found.extend(gone.map(|(id, (snapshot, _))| (id.clone(), snapshot.clone())));
    }
    for id in ids {
        let gone = || {
            let place = world.places.get(account)?.get(region)?;
            let (snapshot, until) = place.gone_snapshots.get(id)?;
            (call.now < *until).then_some(snapshot)
        };
        let snapshot = world.snapshot(account, region, id).or_else(gone);
        let snapshot = snapshot.ok_or_else(|| unknown(id))?;
        if !is_visible(call, snapshot) {
            return Err(unknown(id));
        }
        found.push((id.to_owned(), snapshot.clone()));
    }
    drop(world);
    let filters = call.params.structs("Filter");
    let mut wanted = Vec::new();
    for (id, snapshot) in found {
        let named = SnapshotRow { id: &id, snapshot: &snapshot, now: call.now };
        if is_visible(call, &snapshot) && matches(&filters, &named)? {
            wanted.push((id, snapshot));
        }
    }
    let (wanted, next) = page(call.params, wanted)?;
    Ok(call.answer("DescribeSnapshots", |xml| {
        xml.list("snapshotSet", &wanted, |xml, (id, snapshot)| write(xml, id, snapshot, call.now));
        xml.maybe("nextToken", next);
    }))
}

fn write(xml: &mut Xml, id: &str, snapshot: &Snapshot, now: i64) {
    let state = snapshot.state(now);
    xml.leaf("snapshotId", id);
    xml.leaf("volumeId", "vol-ffffffff");
    xml.leaf("status", status(state));
    xml.maybe("statusMessage", snapshot.failed.as_ref());
    xml.leaf("startTime", rfc3339(snapshot.started_ms));
    xml.leaf("progress", if state == State::Completed { "100%" } else { "0%" });
    xml.leaf("ownerId", &snapshot.owner);
    xml.leaf("volumeSize", snapshot.size);
    xml.leaf("description", &snapshot.description);
    xml.leaf("encrypted", snapshot.key.is_some());
    xml.maybe("kmsKeyId", snapshot.key.as_ref());
    let is_archived = snapshot.failed.as_deref() == Some("archived");
    xml.leaf("storageTier", if is_archived { "archive" } else { "standard" });
    write_tags(xml, &snapshot.tags);
}

/// Returns the ids of all AMIs that use a snapshot, in all accounts.
pub(super) fn users<'a>(world: &'a World, region: &str, id: &str) -> Vec<&'a str> {
    let places = world.places.values().filter_map(|regions| regions.get(region));
    let amis = places.flat_map(|place| &place.amis);
    amis.filter(|(_, ami)| ami.snapshot == id).map(|(name, _)| name.as_str()).collect()
}

pub(super) fn delete(call: Call<'_>) -> Result<Answer, Refusal> {
    let id = call.params.need("SnapshotId")?;
    let mut world = call.sim.world();
    if let Some(user) = users(&world, &call.scope.region, id).first() {
        let message = format!("The snapshot {id} is currently in use by {user}");
        return Err(Refusal::new(400, "InvalidSnapshot.InUse", &message));
    }
    let place = world.place(&call.scope.account, &call.scope.region);
    place.forget_gone(call.now);
    if place.in_use_until.contains_key(id) {
        let message = format!("The snapshot {id} is currently in use by ami-00000000");
        return Err(Refusal::new(400, "InvalidSnapshot.InUse", &message));
    }
    if !place.snapshots.get(id).is_some_and(|snapshot| is_visible(call, snapshot)) {
        return Err(unknown(id));
    }
    if let Some(gone) = place.snapshots.remove(id) {
        let until = call.now.saturating_add_unsigned(call.sim.config.timing.listed_ms);
        place.gone_snapshots.insert(id.to_owned(), (gone, until));
    }
    Ok(call.done("DeleteSnapshot"))
}

pub(super) fn share(call: Call<'_>) -> Result<Answer, Refusal> {
    let id = call.params.need("SnapshotId")?;
    let mut world = call.sim.world();
    let place = world.place(&call.scope.account, &call.scope.region);
    let snapshot = place.snapshots.get_mut(id).ok_or_else(|| unknown(id))?;
    if snapshot.key.as_deref().is_some_and(is_default_key) {
        let message = "Encrypted snapshots with EBS default key cannot be shared";
        return Err(Refusal::new(400, "OperationNotPermitted", message));
    }
    let added = call.params.structs("CreateVolumePermission.Add");
    // A call can add at most 500 accounts. *Source:* the API's reference.
    if added.len() > 500 {
        return Err(bad_value("CreateVolumePermission", "more than 500"));
    }
    for permission in added {
        let user = permission.need("UserId")?;
        let is_number = user.len() == 12 && user.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number || user == call.scope.account {
            return Err(bad_value("UserId", user));
        }
        snapshot.shared_with.insert(user.to_owned());
    }
    for permission in call.params.structs("CreateVolumePermission.Remove") {
        snapshot.shared_with.remove(permission.need("UserId")?);
    }
    Ok(call.done("ModifySnapshotAttribute"))
}

pub(super) fn attribute(call: Call<'_>) -> Result<Answer, Refusal> {
    let id = call.params.need("SnapshotId")?;
    let mut world = call.sim.world();
    let place = world.place(&call.scope.account, &call.scope.region);
    let snapshot = place.snapshots.get(id).ok_or_else(|| unknown(id))?;
    Ok(call.answer("DescribeSnapshotAttribute", |xml| {
        xml.leaf("snapshotId", id);
        let shared = &snapshot.shared_with;
        xml.list("createVolumePermission", shared, |xml, user| xml.leaf("userId", user));
    }))
}
