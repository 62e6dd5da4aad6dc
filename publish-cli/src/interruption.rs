//! What a command does and says when it is interrupted.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use publisher::Client;

/// How often a command that is being interrupted looks whether it still runs.
const LOOK: Duration = Duration::from_secs(3);

/// What is done and said when the command is interrupted.
#[derive(Debug, Default)]
pub struct Interruption(Mutex<AtInterruption>);

#[derive(Debug, Default)]
struct AtInterruption {
    hint: Option<String>,
    client: Option<Arc<Client>>,
    has_begun: bool,
}

impl Interruption {
    fn lock(&self) -> MutexGuard<'_, AtInterruption> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says from now on what to run to go on.
    pub fn say(&self, hint: String) {
        self.lock().hint = Some(hint);
    }

    /// Lets an interruption give back what a client holds.
    pub fn watch(&self, client: Arc<Client>) {
        self.lock().client = Some(client);
    }

    /// Gives back what is held; returns what to run to go on, where more is known than the command tells.
    pub async fn end(&self) -> Option<String> {
        let client = {
            let mut at = self.lock();
            at.has_begun = true;
            at.client.take()
        };
        if let Some(client) = client {
            client.give_back().await;
        }
        self.lock().hint.take()
    }

    /// Waits for the end of the process where it is being interrupted: what the work came to meanwhile, as for want of
    /// what was given back, is not what the command is to end with.
    pub fn wait_if_begun(&self) {
        while self.lock().has_begun {
            std::thread::park_timeout(LOOK);
        }
    }
}
