impl super::Client {
    pub fn describe_snapshot_attribute(&self) -> crate::operation::describe_snapshot_attribute::builders::DescribeSnapshotAttributeFluentBuilder {
        crate::operation::describe_snapshot_attribute::builders::DescribeSnapshotAttributeFluentBuilder::new(self.handle.clone())
    }
}
