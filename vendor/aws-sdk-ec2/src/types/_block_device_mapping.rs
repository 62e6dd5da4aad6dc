#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct BlockDeviceMapping {
    pub ebs: ::std::option::Option<crate::types::EbsBlockDevice>,
    pub no_device: ::std::option::Option<::std::string::String>,
    pub device_name: ::std::option::Option<::std::string::String>,
    pub virtual_name: ::std::option::Option<::std::string::String>,
}
impl BlockDeviceMapping {
    pub fn ebs(&self) -> ::std::option::Option<&crate::types::EbsBlockDevice> {
        self.ebs.as_ref()
    }
    pub fn no_device(&self) -> ::std::option::Option<&str> {
        self.no_device.as_deref()
    }
    pub fn device_name(&self) -> ::std::option::Option<&str> {
        self.device_name.as_deref()
    }
    pub fn virtual_name(&self) -> ::std::option::Option<&str> {
        self.virtual_name.as_deref()
    }
}
impl BlockDeviceMapping {
    pub fn builder() -> crate::types::builders::BlockDeviceMappingBuilder {
        crate::types::builders::BlockDeviceMappingBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct BlockDeviceMappingBuilder {
    pub(crate) ebs: ::std::option::Option<crate::types::EbsBlockDevice>,
    pub(crate) no_device: ::std::option::Option<::std::string::String>,
    pub(crate) device_name: ::std::option::Option<::std::string::String>,
    pub(crate) virtual_name: ::std::option::Option<::std::string::String>,
}
impl BlockDeviceMappingBuilder {
    pub fn ebs(mut self, input: crate::types::EbsBlockDevice) -> Self {
        self.ebs = ::std::option::Option::Some(input);
        self
    }
    pub fn set_ebs(mut self, input: ::std::option::Option<crate::types::EbsBlockDevice>) -> Self {
        self.ebs = input;
        self
    }
    pub fn get_ebs(&self) -> &::std::option::Option<crate::types::EbsBlockDevice> {
        &self.ebs
    }
    pub fn no_device(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.no_device = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_no_device(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.no_device = input;
        self
    }
    pub fn get_no_device(&self) -> &::std::option::Option<::std::string::String> {
        &self.no_device
    }
    pub fn device_name(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.device_name = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_device_name(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.device_name = input;
        self
    }
    pub fn get_device_name(&self) -> &::std::option::Option<::std::string::String> {
        &self.device_name
    }
    pub fn virtual_name(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.virtual_name = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_virtual_name(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.virtual_name = input;
        self
    }
    pub fn get_virtual_name(&self) -> &::std::option::Option<::std::string::String> {
        &self.virtual_name
    }
    pub fn build(self) -> crate::types::BlockDeviceMapping {
        crate::types::BlockDeviceMapping {
            ebs: self.ebs,
            no_device: self.no_device,
            device_name: self.device_name,
            virtual_name: self.virtual_name,
        }
    }
}
