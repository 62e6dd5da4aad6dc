//! Control interface `/_sim/…` for tests and users: it does what no call of AWS does.
//!
//! ```text
//! GET    /_sim/calls              {"calls": counts by account/region/call, "puts_peak": most simultaneous puts}
//! GET    /_sim/world              the whole state, as JSON
//! GET    /_sim/disk/SNAPSHOT      a snapshot's bytes, as a volume made of it shows them
//! POST   /_sim/faults             adds a fault: see `Fault`
//! DELETE /_sim/faults             removes all faults
//! POST   /_sim/clock              {"advance_ms": N} and {"speed": X}
//! POST   /_sim/snapshot/SNAPSHOT  {"failed": WHY}: makes a snapshot fail; WHY "archived" archives it
//! ```

use serde::Deserialize;
use serde_json::json;

use crate::answer::{Answer, Refusal};
use crate::faults::Fault;
use crate::request::Request;
use crate::sim::Sim;

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ClockChange {
    advance_ms: u64,
    speed: Option<f64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fail {
    failed: String,
}

pub(crate) fn answer(sim: &Sim, request: &Request) -> Answer {
    let done = handle(sim, request);
    done.unwrap_or_else(|problem| Answer::json(400, &json!({"error": format!("{problem:#}")})))
}

fn handle(sim: &Sim, request: &Request) -> anyhow::Result<Answer> {
    let path = request.path.trim_start_matches("/_sim/");
    let done = || Answer::json(200, &json!({}));
    Ok(match (request.method.as_str(), path.split_once('/').unwrap_or((path, ""))) {
        ("GET", ("calls", "")) => {
            let calls = json!(sim.faults().counts());
            Answer::json(200, &json!({"calls": calls, "puts_peak": sim.puts_peak()}))
        }
        ("GET", ("world", "")) => Answer::json(200, &serde_json::to_value(&*sim.world())?),
        ("GET", ("disk", id)) => {
            let answer = Answer { status: 200, body: sim.disk(id)?.into(), ..Answer::default() };
            answer.with("content-type", "application/octet-stream")
        }
        ("POST", ("faults", "")) => {
            sim.faults().add(serde_json::from_slice::<Fault>(&request.body)?);
            done()
        }
        ("DELETE", ("faults", "")) => {
            sim.faults().clear();
            done()
        }
        ("POST", ("clock", "")) => {
            let clock: ClockChange = serde_json::from_slice(&request.body)?;
            sim.clock().advance_ms(clock.advance_ms);
            if let Some(speed) = clock.speed {
                sim.clock().set_speed(speed);
            }
            done()
        }
        ("POST", ("snapshot", id)) => {
            let wanted: Fail = serde_json::from_slice(&request.body)?;
            let mut world = sim.world();
            let mut places = world.places.values_mut().flat_map(|regions| regions.values_mut());
            let found = places.find_map(|place| place.snapshots.get_mut(id));
            found.ok_or_else(|| anyhow::anyhow!("no snapshot {id}"))?.failed = Some(wanted.failed);
            done()
        }
        _ => Refusal::new(404, "NotFound", "no such thing under /_sim/").answer("ebs", ""),
    })
}
