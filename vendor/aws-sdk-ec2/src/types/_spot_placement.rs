#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct SpotPlacement {
    pub availability_zone: ::std::option::Option<::std::string::String>,
    pub group_name: ::std::option::Option<::std::string::String>,
    pub tenancy: ::std::option::Option<crate::types::Tenancy>,
    pub availability_zone_id: ::std::option::Option<::std::string::String>,
}
impl SpotPlacement {
    pub fn availability_zone(&self) -> ::std::option::Option<&str> {
        self.availability_zone.as_deref()
    }
    pub fn group_name(&self) -> ::std::option::Option<&str> {
        self.group_name.as_deref()
    }
    pub fn tenancy(&self) -> ::std::option::Option<&crate::types::Tenancy> {
        self.tenancy.as_ref()
    }
    pub fn availability_zone_id(&self) -> ::std::option::Option<&str> {
        self.availability_zone_id.as_deref()
    }
}
impl SpotPlacement {
    pub fn builder() -> crate::types::builders::SpotPlacementBuilder {
        crate::types::builders::SpotPlacementBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct SpotPlacementBuilder {
    pub(crate) availability_zone: ::std::option::Option<::std::string::String>,
    pub(crate) group_name: ::std::option::Option<::std::string::String>,
    pub(crate) tenancy: ::std::option::Option<crate::types::Tenancy>,
    pub(crate) availability_zone_id: ::std::option::Option<::std::string::String>,
}
impl SpotPlacementBuilder {
    pub fn availability_zone(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.availability_zone = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_availability_zone(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.availability_zone = input;
        self
    }
    pub fn get_availability_zone(&self) -> &::std::option::Option<::std::string::String> {
        &self.availability_zone
    }
    pub fn group_name(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.group_name = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_group_name(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.group_name = input;
        self
    }
    pub fn get_group_name(&self) -> &::std::option::Option<::std::string::String> {
        &self.group_name
    }
    pub fn tenancy(mut self, input: crate::types::Tenancy) -> Self {
        self.tenancy = ::std::option::Option::Some(input);
        self
    }
    pub fn set_tenancy(mut self, input: ::std::option::Option<crate::types::Tenancy>) -> Self {
        self.tenancy = input;
        self
    }
    pub fn get_tenancy(&self) -> &::std::option::Option<crate::types::Tenancy> {
        &self.tenancy
    }
    pub fn availability_zone_id(mut self, input: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.availability_zone_id = ::std::option::Option::Some(input.into());
        self
    }
    pub fn set_availability_zone_id(mut self, input: ::std::option::Option<::std::string::String>) -> Self {
        self.availability_zone_id = input;
        self
    }
    pub fn get_availability_zone_id(&self) -> &::std::option::Option<::std::string::String> {
        &self.availability_zone_id
    }
    pub fn build(self) -> crate::types::SpotPlacement {
        crate::types::SpotPlacement {
            availability_zone: self.availability_zone,
            group_name: self.group_name,
            tenancy: self.tenancy,
            availability_zone_id: self.availability_zone_id,
        }
    }
}
