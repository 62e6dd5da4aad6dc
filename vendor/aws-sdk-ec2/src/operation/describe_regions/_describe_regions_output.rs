#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct DescribeRegionsOutput {
    pub regions: ::std::option::Option<::std::vec::Vec<crate::types::Region>>,
    _request_id: Option<String>,
}
impl DescribeRegionsOutput {
    pub fn regions(&self) -> &[crate::types::Region] {
        self.regions.as_deref().unwrap_or_default()
    }
}
impl ::aws_types::request_id::RequestId for DescribeRegionsOutput {
    fn request_id(&self) -> Option<&str> {
        self._request_id.as_deref()
    }
}
impl DescribeRegionsOutput {
    pub fn builder() -> crate::operation::describe_regions::builders::DescribeRegionsOutputBuilder {
        crate::operation::describe_regions::builders::DescribeRegionsOutputBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct DescribeRegionsOutputBuilder {
    pub(crate) regions: ::std::option::Option<::std::vec::Vec<crate::types::Region>>,
    _request_id: Option<String>,
}
impl DescribeRegionsOutputBuilder {
    pub fn regions(mut self, input: crate::types::Region) -> Self {
        let mut v = self.regions.unwrap_or_default();
        v.push(input);
        self.regions = ::std::option::Option::Some(v);
        self
    }
    pub fn set_regions(mut self, input: ::std::option::Option<::std::vec::Vec<crate::types::Region>>) -> Self {
        self.regions = input;
        self
    }
    pub fn get_regions(&self) -> &::std::option::Option<::std::vec::Vec<crate::types::Region>> {
        &self.regions
    }
    pub(crate) fn _request_id(mut self, request_id: impl Into<String>) -> Self {
        self._request_id = Some(request_id.into());
        self
    }

    pub(crate) fn _set_request_id(&mut self, request_id: Option<String>) -> &mut Self {
        self._request_id = request_id;
        self
    }
    pub fn build(self) -> crate::operation::describe_regions::DescribeRegionsOutput {
        crate::operation::describe_regions::DescribeRegionsOutput {
            regions: self.regions,
            _request_id: self._request_id,
        }
    }
}
