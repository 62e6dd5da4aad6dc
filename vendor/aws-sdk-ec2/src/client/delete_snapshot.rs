impl super::Client {
    pub fn delete_snapshot(&self) -> crate::operation::delete_snapshot::builders::DeleteSnapshotFluentBuilder {
        crate::operation::delete_snapshot::builders::DeleteSnapshotFluentBuilder::new(self.handle.clone())
    }
}
