//! The end of a command by SIGINT or SIGTERM: leases are given back, and a hint says how to continue.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::{Mutex, MutexGuard};
use publisher::Client;

/// Wake-up interval of a thread that waits for the process to end.
const LOOK: Duration = Duration::from_secs(3);

/// What an interruption of the command needs: the client whose leases to give back, and the hint to print.
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
        self.0.lock()
    }

    /// Sets the hint that an interruption prints, such as how to resume a run.
    pub fn say(&self, hint: String) {
        self.lock().hint = Some(hint);
    }

    /// Registers the client whose leases an interruption gives back.
    pub fn watch(&self, client: Arc<Client>) {
        self.lock().client = Some(client);
    }

    /// Begins the interruption: gives leases back and returns the hint, or `None` for the command's default hint.
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

    /// If an interruption has begun, blocks until the process exits. So the exit code is that of the interruption.
    /// Without this wait, it could come from an error of the work, because the work fails when its leases are given
    /// back.
    pub fn wait_if_begun(&self) {
        while self.lock().has_begun {
            std::thread::park_timeout(LOOK);
        }
    }
}
