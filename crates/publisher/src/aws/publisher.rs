//! The publisher: a client and the targets that it publishes to. The other modules add their methods to it.

use super::accounts::Accounts;
use super::targets::Targets;
use crate::client::{Client, Imaged};
use crate::error::Result;

/// Publishes images as AMIs, and resumes, undoes and verifies what was published.
#[derive(Debug)]
pub struct AwsPublisher<'a, A> {
    pub(crate) client: &'a Client,
    pub(crate) targets: Targets<A>,
    pub(crate) imaged: Imaged,
}

impl<'a, A: Accounts> AwsPublisher<'a, A> {
    /// Connects to imaged, which keeps the records of publications. Makes no call to any target.
    ///
    /// # Errors
    /// [`Reason::Call`](crate::Reason::Call).
    pub fn new(client: &'a Client, targets: Targets<A>) -> Result<Self> {
        Ok(Self { client, targets, imaged: client.imaged()? })
    }
}
