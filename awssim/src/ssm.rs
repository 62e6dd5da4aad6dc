//! SSM parameters. If a parameter's value must be the id of an AMI, the value is checked only after the answer, as at
//! AWS.

use serde_json::json;

use crate::answer::{Answer, Refusal};
use crate::config::Timing;
use crate::iam;
use crate::request::{Request, Scope};
use crate::sim::Sim;
use crate::world::{Parameter, Place};

pub(crate) fn answer(
    sim: &Sim,
    scope: &Scope,
    call: &str,
    request: &Request,
) -> Result<Answer, Refusal> {
    let body = request.json()?;
    let text = |name: &str| body[name].as_str().map(str::to_owned);
    let missing = || Refusal::new(400, "ValidationException", "Name");
    let name = text("Name").ok_or_else(missing)?;
    let now = sim.clock().now_ms();
    let mut world = sim.world();
    let place = world.place(&scope.account, &scope.region);
    settle(place, &name, now);
    let unknown = || Refusal::new(400, "ParameterNotFound", "");
    match call {
        "PutParameter" => {
            let value = text("Value").ok_or_else(missing)?;
            let put = NewParameter {
                value,
                data_type: text("DataType"),
                is_over: body["Overwrite"] == true,
            };
            put.apply(sim, scope, place, name, now)
        }
        "GetParameter" => {
            let found = place.parameters.get(&name).filter(|found| found.version > 0);
            let found = found.ok_or_else(unknown)?;
            let parameter = json!({
                "Name": name,
                "Type": "String",
                "Value": found.value,
                "Version": found.version,
                "DataType": found.data_type,
            });
            Ok(Answer::json(200, &json!({"Parameter": parameter})))
        }
        "DeleteParameter" => {
            place.parameters.remove(&name).ok_or_else(unknown)?;
            let until = now.saturating_add_unsigned(sim.config.timing.parameter_gone_ms);
            place.gone_parameters.insert(name, until);
            Ok(Answer::json(200, &json!({})))
        }
        _ => Err(Refusal::new(400, "InvalidAction", call)),
    }
}

struct NewParameter {
    value: String,
    data_type: Option<String>,
    is_over: bool,
}

impl NewParameter {
    fn apply(
        self,
        sim: &Sim,
        scope: &Scope,
        place: &mut Place,
        name: String,
        now: i64,
    ) -> Result<Answer, Refusal> {
        let found = place.parameters.get(&name).cloned();
        let version = found.as_ref().map_or(0, |found| found.version);
        if version > 0 && !self.is_over {
            return Err(Refusal::new(400, "ParameterAlreadyExists", &name));
        }
        let data_type = self.data_type.unwrap_or_else(|| "text".to_owned());
        if let Some(found) = found.filter(|found| found.data_type != data_type) {
            let message = format!(
                "The data type can't be changed for existing parameters. The parameter is of type {}.",
                found.data_type
            );
            return Err(Refusal::new(400, "ValidationException", &message));
        }
        let answer = Answer::json(200, &json!({"Version": version + 1, "Tier": "Standard"}));
        place.gone_parameters.retain(|_, until| now < *until);
        if place.gone_parameters.contains_key(&name) {
            // The answer reports success, but the earlier deletion of this parameter deletes the new one too.
            return Ok(answer);
        }
        if data_type == "text" {
            let (value, version) = (self.value, version + 1);
            place.parameters.insert(name, Parameter { value, data_type, version, pending: None });
            return Ok(answer);
        }
        // AWS checks the value after its answer, with the caller's rights, and silently drops a wrong value.
        if iam::may_describe(sim, scope) && place.amis.contains_key(&self.value) {
            let after = Timing::between(sim.config.timing.parameter_ms, &self.value);
            let pending = Some((self.value, now.saturating_add_unsigned(after)));
            let none = Parameter { value: String::new(), data_type, version: 0, pending: None };
            place.parameters.entry(name).or_insert(none).pending = pending;
        }
        Ok(answer)
    }
}

/// Gives a parameter its pending value once the value's time has come.
fn settle(place: &mut Place, name: &str, now: i64) {
    let Some(found) = place.parameters.get_mut(name) else { return };
    if let Some((value, _)) = found.pending.take_if(|(_, at)| *at <= now) {
        found.value = value;
        found.version += 1;
    }
}
