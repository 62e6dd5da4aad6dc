//! Logins that several accounts share, and whose turn it is to use one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use aws_config::profile::ProfileSet;

/// How many profiles may lead to one another.
const PROFILES_MAX: usize = 32;

/// The turn at a login: it is used by one account at a time. A token that is renewed twice at once is lost at some
/// servers, the file that it is kept in is not written at once, and a process that gives keys may ask a person.
pub(super) type Turn = Arc<tokio::sync::Mutex<()>>;

/// Turns by login.
#[derive(Debug, Default)]
pub(super) struct Turns(Mutex<HashMap<String, Turn>>);

impl Turns {
    /// The turn at a login.
    pub(super) fn of(&self, login: &str) -> Turn {
        let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(turns.entry(login.to_owned()).or_default())
    }
}

/// The login that the selected profile's credentials come from in the end: a session, or a process. `None` for keys, which
/// any number of accounts may use at once.
pub(super) fn login(profiles: &ProfileSet) -> Option<String> {
    const LOGINS: [&str; 4] =
        ["sso_session", "sso_start_url", "login_session", "credential_process"];
    let mut name = profiles.selected_profile();
    for _ in 0..PROFILES_MAX {
        let profile = profiles.get_profile(name)?;
        let found = LOGINS.iter().find_map(|key| Some(format!("{key} {}", profile.get(key)?)));
        if found.is_some() {
            return found;
        }
        match profile.get("source_profile") {
            Some(source) if source != name => name = source,
            _ => break,
        }
    }
    None
}
