impl super::Client {
    pub fn get_image_block_public_access_state(
        &self,
    ) -> crate::operation::get_image_block_public_access_state::builders::GetImageBlockPublicAccessStateFluentBuilder {
        crate::operation::get_image_block_public_access_state::builders::GetImageBlockPublicAccessStateFluentBuilder::new(self.handle.clone())
    }
}
