//! The configuration's accounts, and the limits of concurrency in them.

use cloud::aws::{AccountSpec, Concurrency, CredentialsSource, Role};
use cloud::target::Region;

use crate::failure::Failure;
use crate::settings::{AccountToml, AwsToml};

/// Name of the account that the environment's credentials belong to; without a configuration it is the only account.
const DEFAULT_ACCOUNT: &str = "default";

/// Returns the configuration's accounts; if it has none, the account that the environment's credentials belong to.
pub(super) fn specs(settings: &AwsToml) -> anyhow::Result<Vec<AccountSpec>> {
    let mut specs: Vec<AccountSpec> = Vec::new();
    for (name, account) in &settings.accounts {
        for (region, key) in &account.kms_keys {
            check_region(region, &format!("configuration: account {name}: kms_keys"))?;
            if let Some(other) =
                key.split(':').nth(3).filter(|of| key.starts_with("arn:") && of != region)
            {
                let message = format!(
                    "configuration: account {name}: kms_keys: the key for {region} is of {other}: {key}"
                );
                return Err(Failure::usage(message));
            }
            if key.is_empty() {
                let message = format!(
                    "configuration: account {name}: kms_keys: the key for {region} is empty: name a key, or remove the line"
                );
                return Err(Failure::usage(message));
            }
        }
        let (source, id) = (source(name, account, settings)?, number(name, account)?);
        if let Some(other) = specs.iter().find(|other| id.is_some() && other.id == id) {
            let message = format!(
                "configuration: {} and {name} are the same account, so every target would be published to twice: remove one of them",
                other.name
            );
            return Err(Failure::usage(message));
        }
        let name =
            name.parse().map_err(|error| Failure::usage(format!("configuration: {error}")))?;
        specs.push(AccountSpec { name, source, id });
    }
    if specs.is_empty() {
        let name = DEFAULT_ACCOUNT.parse()?;
        specs.push(AccountSpec { name, source: CredentialsSource::Ambient, id: None });
    }
    Ok(specs)
}

/// Parses a region's name from user input.
///
/// # Errors
/// Wrong usage if the name does not have a region's form: a misspelt name would silently select another region, or
/// none.
pub(super) fn check_region(name: &str, place: &str) -> anyhow::Result<Region> {
    let region = name.parse::<Region>().ok().filter(Region::has_form);
    region.ok_or_else(|| {
        Failure::usage(format!(
            "{place}: '{name}' is not the name of a region, such as eu-central-1"
        ))
    })
}

/// Divides the limit of open files. 200 files are for other work of this process, and at most half of the rest for
/// blocks in flight. The remainder is for idle connections, shared by 40 servers: about one for each region of AWS.
pub(super) fn concurrency(open_files_max: u64, puts_max: usize) -> Concurrency {
    const OWN: u64 = 200;
    const REGIONS: usize = 40;
    let left = usize::try_from(open_files_max.saturating_sub(OWN)).unwrap_or(usize::MAX).max(16);
    let puts_max = puts_max.min(left / 2).max(1);
    Concurrency { puts_max, idle_max: ((left - puts_max) / REGIONS).clamp(4, 1024) }
}

/// Returns where an account's credentials come from.
fn source(
    name: &str,
    account: &AccountToml,
    settings: &AwsToml,
) -> anyhow::Result<CredentialsSource> {
    let usage = |problem: &str| Failure::usage(format!("configuration: account {name} {problem}"));
    let external_id = || account.external_id.clone().or_else(|| settings.external_id.clone());
    let role = |role: Role| CredentialsSource::Role { role, external_id: external_id() };
    if let Some(profile) = &account.profile {
        return match (&account.role, &account.role_arn, &account.external_id) {
            (None, None, None) => Ok(CredentialsSource::Profile(profile.clone())),
            (None, None, Some(_)) => Err(usage(
                "has an external_id beside a profile: set external_id in the profile instead",
            )),
            _ => Err(usage("has both a profile and a role: remove one of them")),
        };
    }
    if let Some(arn) = &account.role_arn {
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        let is_role =
            matches!(parts[..], ["arn", _, "iam", "", _, role] if role.starts_with("role/"));
        if !is_role {
            return Err(usage(
                "has a role_arn that names no role: expected arn:aws:iam::ACCOUNT:role/NAME",
            ));
        }
        return match account.role {
            None => Ok(role(Role::Arn(arn.clone()))),
            Some(_) => Err(usage("has both role and role_arn: remove one of them")),
        };
    }
    // The role for all accounts does not apply to the account that the environment's credentials belong to.
    let of_all = settings.role.as_ref().filter(|_| name != DEFAULT_ACCOUNT);
    match (account.role.as_ref().or(of_all), &account.id) {
        (Some(named), Some(id)) => Ok(role(Role::Named { id: id.clone(), name: named.clone() })),
        (Some(_), None) => Err(usage("has neither a profile nor an id: add one of them")),
        (None, _) if name == DEFAULT_ACCOUNT => Ok(CredentialsSource::Ambient),
        (None, Some(_)) => Err(usage("has an id, but no role to assume: add role or profile")),
        (None, None) => Err(usage("has neither a profile nor an id: add one of them")),
    }
}

/// Returns an account's number from its `id` or from its role's ARN; if it has both, they must agree.
fn number(name: &str, account: &AccountToml) -> anyhow::Result<Option<String>> {
    let of_role = account.role_arn.as_deref().and_then(|arn| arn.split(':').nth(4));
    let id = match (account.id.as_deref(), of_role) {
        (Some(id), Some(other)) if id != other => {
            let message = format!(
                "configuration: account {name} has the id {id}, but its role_arn names account {other}: correct one of them"
            );
            return Err(Failure::usage(message));
        }
        (id, of_role) => id.or(of_role),
    };
    let is_number = |id: &&str| id.len() == 12 && id.bytes().all(|byte| byte.is_ascii_digit());
    match id {
        Some(bad) if !is_number(&bad) => {
            let message = format!(
                "configuration: account {name}: '{bad}' is not an account's number: expected twelve digits in quotes"
            );
            Err(Failure::usage(message))
        }
        id => Ok(id.map(str::to_owned)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accounts(text: &str) -> anyhow::Result<Vec<AccountSpec>> {
        specs(&toml::from_str(text).unwrap())
    }

    #[test]
    fn accounts_are_profiles_or_roles_with_a_number() {
        let found = accounts(
            "role = 'r'\n[accounts.a]\nid = '111111111111'\n[accounts.b]\nprofile = 'p'\n\
             id = '222222222222'\n[accounts.c]\n\
             role_arn = 'arn:aws-us-gov:iam::333333333333:role/x/y'\n[accounts.default]\n\
             id = '444444444444'\n",
        )
        .unwrap();
        let ids: Vec<_> = found.iter().map(|spec| spec.id.as_deref().unwrap_or_default()).collect();
        assert_eq!(ids, ["111111111111", "222222222222", "333333333333", "444444444444"]);
        let named = Role::Named { id: "111111111111".to_owned(), name: "r".to_owned() };
        assert_eq!(found[0].source, CredentialsSource::Role { role: named, external_id: None });
        assert_eq!(found[1].source, CredentialsSource::Profile("p".to_owned()));
        assert_eq!(found[3].source, CredentialsSource::Ambient);
        assert_eq!(accounts("").unwrap()[0].source, CredentialsSource::Ambient);
    }

    #[test]
    fn configurations_that_could_mean_another_account_are_refused() {
        for (text, problem) in [
            ("[accounts.a]\nid = '111111111111'", "no role"),
            ("[accounts.a]", "neither"),
            ("[accounts.a]\nprofile = 'p'\nexternal_id = 'x'", "external_id"),
            ("[accounts.a]\nprofile = 'p'\nkms_keys = { us-east1 = 'k' }", "'us-east1'"),
            ("role = 'r'\n[accounts.a]\nid = '11'", "twelve digits"),
            ("[accounts.a]\nprofile = 'p'\nrole = 'r'", "both"),
            (
                "[accounts.a]\nrole_arn = 'arn:aws:iam::111111111111:role/r'\nid = '222222222222'",
                "names account 111111111111",
            ),
            (
                "role = 'r'\n[accounts.a]\nid = '111111111111'\n[accounts.b]\nprofile = 'p'\n\
                 id = '111111111111'",
                "a and b are the same account",
            ),
        ] {
            let message = accounts(text).unwrap_err().to_string();
            assert!(message.contains(problem), "{text}: {message}");
        }
    }

    #[test]
    fn open_files_bound_what_is_under_way() {
        for (limit, wanted) in [(1024, 1024), (1024, 8192), (256, 1024), (u64::MAX, 1024), (0, 7)] {
            let room = concurrency(limit, wanted);
            assert!((1..=wanted).contains(&room.puts_max), "{room:?}");
            let connections = room.puts_max + room.idle_max.min(10) * 40;
            assert!(limit < 256 || (connections as u64) < limit, "{limit}: {room:?}");
        }
        assert_eq!(concurrency(1 << 20, 1024).puts_max, 1024);
    }
}
