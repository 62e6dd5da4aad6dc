impl super::Client {
    pub fn modify_snapshot_attribute(&self) -> crate::operation::modify_snapshot_attribute::builders::ModifySnapshotAttributeFluentBuilder {
        crate::operation::modify_snapshot_attribute::builders::ModifySnapshotAttributeFluentBuilder::new(self.handle.clone())
    }
}
