#[non_exhaustive]
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::fmt::Debug)]
pub struct ScanResults {
    pub highest_finding_severity_label: ::std::option::Option<crate::types::SeverityLabel>,
    pub finding_scan_date: ::std::option::Option<::aws_smithy_types::DateTime>,
    pub informational_fix_available_since: ::std::option::Option<::aws_smithy_types::DateTime>,
    pub low_fix_available_since: ::std::option::Option<::aws_smithy_types::DateTime>,
    pub medium_fix_available_since: ::std::option::Option<::aws_smithy_types::DateTime>,
    pub high_fix_available_since: ::std::option::Option<::aws_smithy_types::DateTime>,
    pub critical_fix_available_since: ::std::option::Option<::aws_smithy_types::DateTime>,
}
impl ScanResults {
    pub fn highest_finding_severity_label(&self) -> ::std::option::Option<&crate::types::SeverityLabel> {
        self.highest_finding_severity_label.as_ref()
    }
    pub fn finding_scan_date(&self) -> ::std::option::Option<&::aws_smithy_types::DateTime> {
        self.finding_scan_date.as_ref()
    }
    pub fn informational_fix_available_since(&self) -> ::std::option::Option<&::aws_smithy_types::DateTime> {
        self.informational_fix_available_since.as_ref()
    }
    pub fn low_fix_available_since(&self) -> ::std::option::Option<&::aws_smithy_types::DateTime> {
        self.low_fix_available_since.as_ref()
    }
    pub fn medium_fix_available_since(&self) -> ::std::option::Option<&::aws_smithy_types::DateTime> {
        self.medium_fix_available_since.as_ref()
    }
    pub fn high_fix_available_since(&self) -> ::std::option::Option<&::aws_smithy_types::DateTime> {
        self.high_fix_available_since.as_ref()
    }
    pub fn critical_fix_available_since(&self) -> ::std::option::Option<&::aws_smithy_types::DateTime> {
        self.critical_fix_available_since.as_ref()
    }
}
impl ScanResults {
    pub fn builder() -> crate::types::builders::ScanResultsBuilder {
        crate::types::builders::ScanResultsBuilder::default()
    }
}
#[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::default::Default, ::std::fmt::Debug)]
#[non_exhaustive]
pub struct ScanResultsBuilder {
    pub(crate) highest_finding_severity_label: ::std::option::Option<crate::types::SeverityLabel>,
    pub(crate) finding_scan_date: ::std::option::Option<::aws_smithy_types::DateTime>,
    pub(crate) informational_fix_available_since: ::std::option::Option<::aws_smithy_types::DateTime>,
    pub(crate) low_fix_available_since: ::std::option::Option<::aws_smithy_types::DateTime>,
    pub(crate) medium_fix_available_since: ::std::option::Option<::aws_smithy_types::DateTime>,
    pub(crate) high_fix_available_since: ::std::option::Option<::aws_smithy_types::DateTime>,
    pub(crate) critical_fix_available_since: ::std::option::Option<::aws_smithy_types::DateTime>,
}
impl ScanResultsBuilder {
    pub fn highest_finding_severity_label(mut self, input: crate::types::SeverityLabel) -> Self {
        self.highest_finding_severity_label = ::std::option::Option::Some(input);
        self
    }
    pub fn set_highest_finding_severity_label(mut self, input: ::std::option::Option<crate::types::SeverityLabel>) -> Self {
        self.highest_finding_severity_label = input;
        self
    }
    pub fn get_highest_finding_severity_label(&self) -> &::std::option::Option<crate::types::SeverityLabel> {
        &self.highest_finding_severity_label
    }
    pub fn finding_scan_date(mut self, input: ::aws_smithy_types::DateTime) -> Self {
        self.finding_scan_date = ::std::option::Option::Some(input);
        self
    }
    pub fn set_finding_scan_date(mut self, input: ::std::option::Option<::aws_smithy_types::DateTime>) -> Self {
        self.finding_scan_date = input;
        self
    }
    pub fn get_finding_scan_date(&self) -> &::std::option::Option<::aws_smithy_types::DateTime> {
        &self.finding_scan_date
    }
    pub fn informational_fix_available_since(mut self, input: ::aws_smithy_types::DateTime) -> Self {
        self.informational_fix_available_since = ::std::option::Option::Some(input);
        self
    }
    pub fn set_informational_fix_available_since(mut self, input: ::std::option::Option<::aws_smithy_types::DateTime>) -> Self {
        self.informational_fix_available_since = input;
        self
    }
    pub fn get_informational_fix_available_since(&self) -> &::std::option::Option<::aws_smithy_types::DateTime> {
        &self.informational_fix_available_since
    }
    pub fn low_fix_available_since(mut self, input: ::aws_smithy_types::DateTime) -> Self {
        self.low_fix_available_since = ::std::option::Option::Some(input);
        self
    }
    pub fn set_low_fix_available_since(mut self, input: ::std::option::Option<::aws_smithy_types::DateTime>) -> Self {
        self.low_fix_available_since = input;
        self
    }
    pub fn get_low_fix_available_since(&self) -> &::std::option::Option<::aws_smithy_types::DateTime> {
        &self.low_fix_available_since
    }
    pub fn medium_fix_available_since(mut self, input: ::aws_smithy_types::DateTime) -> Self {
        self.medium_fix_available_since = ::std::option::Option::Some(input);
        self
    }
    pub fn set_medium_fix_available_since(mut self, input: ::std::option::Option<::aws_smithy_types::DateTime>) -> Self {
        self.medium_fix_available_since = input;
        self
    }
    pub fn get_medium_fix_available_since(&self) -> &::std::option::Option<::aws_smithy_types::DateTime> {
        &self.medium_fix_available_since
    }
    pub fn high_fix_available_since(mut self, input: ::aws_smithy_types::DateTime) -> Self {
        self.high_fix_available_since = ::std::option::Option::Some(input);
        self
    }
    pub fn set_high_fix_available_since(mut self, input: ::std::option::Option<::aws_smithy_types::DateTime>) -> Self {
        self.high_fix_available_since = input;
        self
    }
    pub fn get_high_fix_available_since(&self) -> &::std::option::Option<::aws_smithy_types::DateTime> {
        &self.high_fix_available_since
    }
    pub fn critical_fix_available_since(mut self, input: ::aws_smithy_types::DateTime) -> Self {
        self.critical_fix_available_since = ::std::option::Option::Some(input);
        self
    }
    pub fn set_critical_fix_available_since(mut self, input: ::std::option::Option<::aws_smithy_types::DateTime>) -> Self {
        self.critical_fix_available_since = input;
        self
    }
    pub fn get_critical_fix_available_since(&self) -> &::std::option::Option<::aws_smithy_types::DateTime> {
        &self.critical_fix_available_since
    }
    pub fn build(self) -> crate::types::ScanResults {
        crate::types::ScanResults {
            highest_finding_severity_label: self.highest_finding_severity_label,
            finding_scan_date: self.finding_scan_date,
            informational_fix_available_since: self.informational_fix_available_since,
            low_fix_available_since: self.low_fix_available_since,
            medium_fix_available_since: self.medium_fix_available_since,
            high_fix_available_since: self.high_fix_available_since,
            critical_fix_available_since: self.critical_fix_available_since,
        }
    }
}
