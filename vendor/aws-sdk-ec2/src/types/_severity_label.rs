#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(
    ::std::clone::Clone, ::std::cmp::Eq, ::std::cmp::Ord, ::std::cmp::PartialEq, ::std::cmp::PartialOrd, ::std::fmt::Debug, ::std::hash::Hash,
)]
pub enum SeverityLabel {
    #[allow(missing_docs)] // documentation missing in model
    Critical,
    #[allow(missing_docs)] // documentation missing in model
    High,
    #[allow(missing_docs)] // documentation missing in model
    Informational,
    #[allow(missing_docs)] // documentation missing in model
    Low,
    #[allow(missing_docs)] // documentation missing in model
    Medium,
    #[deprecated(note = "Don't directly match on `Unknown`. See the docs on this enum for the correct way to handle unknown variants.")]
    Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue),
}
impl ::std::convert::From<&str> for SeverityLabel {
    fn from(s: &str) -> Self {
        match s {
            "critical" => SeverityLabel::Critical,
            "high" => SeverityLabel::High,
            "informational" => SeverityLabel::Informational,
            "low" => SeverityLabel::Low,
            "medium" => SeverityLabel::Medium,
            other => SeverityLabel::Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue(other.to_owned())),
        }
    }
}
impl ::std::str::FromStr for SeverityLabel {
    type Err = ::std::convert::Infallible;

    fn from_str(s: &str) -> ::std::result::Result<Self, <Self as ::std::str::FromStr>::Err> {
        ::std::result::Result::Ok(SeverityLabel::from(s))
    }
}
impl SeverityLabel {
    pub fn as_str(&self) -> &str {
        match self {
            SeverityLabel::Critical => "critical",
            SeverityLabel::High => "high",
            SeverityLabel::Informational => "informational",
            SeverityLabel::Low => "low",
            SeverityLabel::Medium => "medium",
            SeverityLabel::Unknown(value) => value.as_str(),
        }
    }
    pub const fn values() -> &'static [&'static str] {
        &["critical", "high", "informational", "low", "medium"]
    }
}
impl ::std::convert::AsRef<str> for SeverityLabel {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}
impl SeverityLabel {
    pub fn try_parse(value: &str) -> ::std::result::Result<Self, crate::error::UnknownVariantError> {
        match Self::from(value) {
            #[allow(deprecated)]
            Self::Unknown(_) => ::std::result::Result::Err(crate::error::UnknownVariantError::new(value)),
            known => Ok(known),
        }
    }
}
impl ::std::fmt::Display for SeverityLabel {
    fn fmt(&self, f: &mut ::std::fmt::Formatter) -> ::std::fmt::Result {
        match self {
            SeverityLabel::Critical => write!(f, "critical"),
            SeverityLabel::High => write!(f, "high"),
            SeverityLabel::Informational => write!(f, "informational"),
            SeverityLabel::Low => write!(f, "low"),
            SeverityLabel::Medium => write!(f, "medium"),
            SeverityLabel::Unknown(value) => write!(f, "{value}"),
        }
    }
}
