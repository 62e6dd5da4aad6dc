//! Serialises the use of logins that several accounts share.

use std::collections::HashMap;
use std::sync::Arc;

use aws_config::profile::ProfileSet;
use parking_lot::Mutex;

/// Limit on the length of a chain of `source_profile`s, because the chain may be a cycle.
const PROFILES_MAX: usize = 32;

/// Lock of one login. Only one account at a time may load credentials from it: some servers invalidate a token that is
/// refreshed twice at once, the login's cache file is not written atomically, and a credential process may prompt a
/// person.
pub(super) type Turn = Arc<tokio::sync::Mutex<()>>;

/// The locks, by login.
#[derive(Debug, Default)]
pub(super) struct Turns(Mutex<HashMap<String, Turn>>);

impl Turns {
    /// Returns the lock of a login; the same login always gets the same lock.
    pub(super) fn of(&self, login: &str) -> Turn {
        let mut turns = self.0.lock();
        Arc::clone(turns.entry(login.to_owned()).or_default())
    }
}

/// Returns the login that the selected profile uses, perhaps through a chain of `source_profile`s: an SSO session or a
/// credential process. Returns `None` for static keys, which accounts may use concurrently.
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
