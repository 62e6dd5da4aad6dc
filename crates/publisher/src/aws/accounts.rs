//! Accounts by their configured names, each with its calls in every region.

use std::future::Future;

use cloud::calls::Cloud;
use cloud::target::{AccountName, Region, Target};

/// The accounts to publish to: accounts of AWS (`cloud::aws::Accounts`), or of any other implementation of [`Cloud`].
pub trait Accounts: Send + Sync + 'static {
    /// Makes the calls in one account and region.
    type Cloud: Cloud;

    /// Returns all account names, sorted.
    fn names(&self) -> Vec<AccountName>;

    /// Opens a target; `None` if the account is unknown.
    fn connect(
        &self,
        target: &Target,
    ) -> impl Future<Output = Option<cloud::calls::Result<Self::Cloud>>> + Send;

    /// Opens an account in its home region, where its regions are listed; `None` if the account is unknown.
    fn connect_home(
        &self,
        account: &AccountName,
    ) -> impl Future<Output = Option<cloud::calls::Result<Self::Cloud>>> + Send;

    /// Returns an account's home region; `None` if the account is unknown.
    fn home_of(&self, account: &AccountName) -> impl Future<Output = Option<Region>> + Send;
}

/// Boxes the futures, because the SDK's types nest deeper than the compiler's recursion limit. Otherwise every program
/// that uses this crate would have to raise that limit.
#[cfg(feature = "sdk")]
impl Accounts for cloud::aws::Accounts {
    type Cloud = cloud::aws::Aws;

    fn names(&self) -> Vec<AccountName> {
        self.names().cloned().collect()
    }

    async fn connect(&self, target: &Target) -> Option<cloud::calls::Result<Self::Cloud>> {
        Box::pin(self.connect(&target.account, &target.region)).await
    }

    async fn connect_home(
        &self,
        account: &AccountName,
    ) -> Option<cloud::calls::Result<Self::Cloud>> {
        Box::pin(self.connect_home(account)).await
    }

    async fn home_of(&self, account: &AccountName) -> Option<Region> {
        Box::pin(self.home_of(account)).await
    }
}
