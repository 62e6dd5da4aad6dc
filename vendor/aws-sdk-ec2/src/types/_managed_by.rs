#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(
    ::std::clone::Clone, ::std::cmp::Eq, ::std::cmp::Ord, ::std::cmp::PartialEq, ::std::cmp::PartialOrd, ::std::fmt::Debug, ::std::hash::Hash,
)]
pub enum ManagedBy {
    #[allow(missing_docs)] // documentation missing in model
    Account,
    #[allow(missing_docs)] // documentation missing in model
    DeclarativePolicy,
    #[deprecated(note = "Don't directly match on `Unknown`. See the docs on this enum for the correct way to handle unknown variants.")]
    Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue),
}
impl ::std::convert::From<&str> for ManagedBy {
    fn from(s: &str) -> Self {
        match s {
            "account" => ManagedBy::Account,
            "declarative-policy" => ManagedBy::DeclarativePolicy,
            other => ManagedBy::Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue(other.to_owned())),
        }
    }
}
impl ::std::str::FromStr for ManagedBy {
    type Err = ::std::convert::Infallible;

    fn from_str(s: &str) -> ::std::result::Result<Self, <Self as ::std::str::FromStr>::Err> {
        ::std::result::Result::Ok(ManagedBy::from(s))
    }
}
impl ManagedBy {
    pub fn as_str(&self) -> &str {
        match self {
            ManagedBy::Account => "account",
            ManagedBy::DeclarativePolicy => "declarative-policy",
            ManagedBy::Unknown(value) => value.as_str(),
        }
    }
    pub const fn values() -> &'static [&'static str] {
        &["account", "declarative-policy"]
    }
}
impl ::std::convert::AsRef<str> for ManagedBy {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}
impl ManagedBy {
    pub fn try_parse(value: &str) -> ::std::result::Result<Self, crate::error::UnknownVariantError> {
        match Self::from(value) {
            #[allow(deprecated)]
            Self::Unknown(_) => ::std::result::Result::Err(crate::error::UnknownVariantError::new(value)),
            known => Ok(known),
        }
    }
}
impl ::std::fmt::Display for ManagedBy {
    fn fmt(&self, f: &mut ::std::fmt::Formatter) -> ::std::fmt::Result {
        match self {
            ManagedBy::Account => write!(f, "account"),
            ManagedBy::DeclarativePolicy => write!(f, "declarative-policy"),
            ManagedBy::Unknown(value) => write!(f, "{value}"),
        }
    }
}
