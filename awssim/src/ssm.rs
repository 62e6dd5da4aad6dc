//! Parameters.

use serde_json::{Value, json};

use crate::answer::{Answer, Refusal};
use crate::request::{Request, Scope};
use crate::server::Sim;
use crate::world::Parameter;

pub(crate) fn answer(
    sim: &Sim,
    scope: &Scope,
    call: &str,
    request: &Request,
) -> Result<Answer, Refusal> {
    let body: Value = serde_json::from_slice(&request.body)
        .map_err(|error| Refusal::new(400, "SerializationException", &error.to_string()))?;
    let text = |name: &str| body[name].as_str().map(str::to_owned);
    let missing = || Refusal::new(400, "ValidationException", "Name");
    let name = text("Name").ok_or_else(missing)?;
    let mut world = sim.world();
    let place = world.place(&scope.account, &scope.region);
    let unknown = || Refusal::new(400, "ParameterNotFound", "");
    match call {
        "PutParameter" => {
            let value = text("Value").ok_or_else(missing)?;
            let data_type = text("DataType").unwrap_or_else(|| "text".to_owned());
            let version = place.parameters.get(&name).map_or(0, |found| found.version);
            if version > 0 && body["Overwrite"] != true {
                return Err(Refusal::new(400, "ParameterAlreadyExists", &name));
            }
            // Checked by AWS after it has answered: what is wrong is silently not stored.
            let is_ami = place.amis.contains_key(&value);
            if data_type != "aws:ec2:image" || is_ami {
                let parameter = Parameter { value, data_type, version: version + 1 };
                place.parameters.insert(name, parameter);
            }
            Ok(Answer::json(200, &json!({"Version": version + 1, "Tier": "Standard"})))
        }
        "GetParameter" => {
            let found = place.parameters.get(&name).ok_or_else(unknown)?;
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
            Ok(Answer::json(200, &json!({})))
        }
        _ => Err(Refusal::new(400, "InvalidAction", call)),
    }
}
