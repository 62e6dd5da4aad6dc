impl super::Client {
    pub fn attach_image_watermark(&self) -> crate::operation::attach_image_watermark::builders::AttachImageWatermarkFluentBuilder {
        crate::operation::attach_image_watermark::builders::AttachImageWatermarkFluentBuilder::new(self.handle.clone())
    }
}
