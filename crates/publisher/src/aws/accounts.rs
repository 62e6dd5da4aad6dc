//! Accounts by the names that a configuration gives them, each with a way to call in every region.

use std::future::Future;

use cloud::calls::Cloud;
use cloud::target::{AccountName, Region, Target};

/// Accounts that are published to: those of AWS (`cloud::aws::Accounts`), or any other implementation of [`Cloud`].
pub trait Accounts: Send + Sync + 'static {
    /// The calls of one account in one region.
    type Cloud: Cloud;

    /// The accounts' names, in order.
    fn names(&self) -> Vec<AccountName>;

    /// Returns a way to call in a target; `None` for an account that is not known.
    fn connect(
        &self,
        target: &Target,
    ) -> impl Future<Output = Option<cloud::calls::Result<Self::Cloud>>> + Send;

    /// The same in the region where the account is at home: where it is asked for its regions.
    fn connect_home(
        &self,
        account: &AccountName,
    ) -> impl Future<Output = Option<cloud::calls::Result<Self::Cloud>>> + Send;

    /// The region where an account is at home.
    fn home_of(&self, account: &AccountName) -> impl Future<Output = Option<Region>> + Send;
}

/// Futures are boxed: what the SDK's are made of goes deeper than the compiler's recursion limit, which every program
/// that uses this crate would have to raise.
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
