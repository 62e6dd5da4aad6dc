//! The one error of this crate: for what reason, in which target and at which step, and because of what.

use std::error::Error as StdError;
use std::fmt;
use std::io;

use cloud::{CloudError, Kind};
use rpc::client::CallError;
use store::StoreError;
use transfer::TransferError;
use wire::ErrorClass;
use wire::run::{Problem, Step};
use wire::target::Target;

/// What this crate's calls come to.
pub type Result<T> = std::result::Result<T, PublishError>;

/// Why something could not be done, for a program to match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// What was asked for makes no sense, whatever servers and files hold.
    Argument,
    /// A source is not an image, or not a whole one.
    Source,
    /// The image exists with other content, or for another processor.
    ImageDiffers,
    /// The image cannot boot.
    Unbootable,
    /// The image is a tree where a disk is needed, or a disk where a tree is.
    ImageKind,
    /// The image holds a secret, and was to be public.
    SecretFound,
    /// An image, an AMI, a snapshot or a record is not there.
    Missing,
    /// A record or a block map is damaged.
    RecordDamaged,
    /// The volume holds another revision, or other bytes, than it should.
    VolumeDiffers,
    /// Another publisher has the stream now.
    LeaseLost,
    /// Another publisher wrote the run's record.
    RecordTaken,
    /// The account is another than the run's record says.
    AccountDiffers,
    /// The AMI's name is taken.
    NameTaken,
    /// An AMI that is encrypted so, or an account that is configured so, cannot be shared so.
    Sharing,
    /// The key cannot be used.
    Key,
    /// The parameter cannot be set to the AMI.
    Parameter,
    /// AWS accepted the parameter's value, and did not set it.
    ParameterUnset,
    /// The options of an AMI do not fit the machine or the region.
    AmiOptions,
    /// The run is being undone.
    RunUndone,
    /// Somebody removed what the run made.
    Removed,
    /// AWS gave up on a snapshot or an AMI.
    MakingFailed,
    /// AWS takes longer than is waited for.
    TimedOut,
    /// A snapshot is not what was asked for, or does not hold what was put.
    SnapshotDiffers,
    /// A list of AWS does not end.
    EndlessList,
    /// Somebody disabled the AMI.
    AmiDisabled,
    /// A daemon ended a call without its result.
    NoResult,
    /// A task of this process ended, or a tool that it runs failed.
    Internal,
    /// Several targets failed for different reasons.
    Several,
    /// A daemon could not be reached, or refused a call.
    Call,
    /// Objects could not be moved.
    Transfer,
    /// Content could not be read or stored.
    Store,
    /// AWS refused a call, or could not be reached.
    Cloud,
    /// Certificates or keys cannot be used.
    Tls,
    /// A file of this machine could not be read or written.
    Io,
}

impl Reason {
    /// What an error for this reason means for the caller; those of other parts' errors say so themselves.
    fn class(self) -> ErrorClass {
        match self {
            Self::Missing | Self::Removed => ErrorClass::NotFound,
            Self::RecordTaken => ErrorClass::Conflict,
            Self::RecordDamaged | Self::SnapshotDiffers | Self::EndlessList => ErrorClass::Damaged,
            Self::ParameterUnset | Self::MakingFailed | Self::TimedOut | Self::NoResult => {
                ErrorClass::Unavailable
            }
            Self::Internal | Self::Several => ErrorClass::Internal,
            _ => ErrorClass::Refused,
        }
    }
}

/// Why something could not be done. It shows as a sentence for a person: what failed, on which thing, and what to do.
#[derive(Debug)]
pub struct PublishError {
    reason: Reason,
    class: ErrorClass,
    message: String,
    at: Option<(Target, Step)>,
    cause: Option<Box<dyn StdError + Send + Sync>>,
    /// Whether the message says more than the cause's.
    is_context: bool,
}

impl PublishError {
    /// Makes an error of this crate's own.
    pub fn new(reason: Reason, message: impl Into<String>) -> Self {
        let (class, message) = (reason.class(), message.into());
        Self { reason, class, message, at: None, cause: None, is_context: false }
    }

    fn because(
        reason: Reason,
        class: ErrorClass,
        message: String,
        cause: impl StdError + Send + Sync + 'static,
    ) -> Self {
        let cause = Some(Box::from(cause));
        Self { reason, class, message, at: None, cause, is_context: false }
    }

    /// Makes an error of a file of this machine; `doing` says what was done to which file.
    pub fn io(doing: impl fmt::Display) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::from(error).context(doing)
    }

    /// Says more about what was being done.
    #[must_use]
    pub fn context(self, doing: impl fmt::Display) -> Self {
        Self {
            reason: self.reason,
            class: self.class,
            message: doing.to_string(),
            at: self.at.clone(),
            cause: Some(Box::new(self)),
            is_context: true,
        }
    }

    /// Says in which target it happened, at which step.
    #[must_use]
    pub fn at(self, target: &Target, step: Step) -> Self {
        Self { at: Some((target.clone(), step)), ..self }
    }

    /// The same once more, in other words: for all who wait for what failed once.
    pub(crate) fn again(&self, message: String) -> Self {
        Self { class: self.class, at: self.at.clone(), ..Self::new(self.reason, message) }
    }

    /// Why, for a program.
    pub fn reason(&self) -> Reason {
        self.reason
    }

    /// What it means for the caller: whether another attempt helps, whether anything is damaged.
    pub fn class(&self) -> ErrorClass {
        self.class
    }

    /// The target in which it happened.
    pub fn target(&self) -> Option<&Target> {
        self.at.as_ref().map(|(target, _)| target)
    }

    /// The step at which it happened.
    pub fn step(&self) -> Option<Step> {
        self.at.as_ref().map(|(_, step)| *step)
    }

    /// The error of AWS, where it is one.
    pub fn cloud(&self) -> Option<&CloudError> {
        self.cause.as_ref()?.downcast_ref()
    }

    /// The error with all its causes, in one line.
    pub fn chain(&self) -> String {
        let causes = std::iter::successors(self.source(), |&cause| cause.source());
        causes.fold(self.message.clone(), |text, cause| format!("{text}: {cause}"))
    }

    /// One error for many targets of which none can be gone on with.
    pub(crate) fn of_all(errors: &[&Self], message: String) -> Self {
        let kind = |error: &Self| (error.reason == Reason::Argument, error.class);
        match errors {
            [first, rest @ ..] if rest.iter().all(|error| kind(error) == kind(first)) => {
                Self { class: first.class, ..Self::new(first.reason, message) }
            }
            _ => Self::new(Reason::Several, message),
        }
    }
}

impl fmt::Display for PublishError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for PublishError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        let cause: &(dyn StdError + 'static) = self.cause.as_deref()?;
        if self.is_context { Some(cause) } else { cause.source() }
    }
}

impl From<CallError> for PublishError {
    fn from(error: CallError) -> Self {
        Self::because(Reason::Call, error.class, error.to_string(), error)
    }
}

impl From<StoreError> for PublishError {
    fn from(error: StoreError) -> Self {
        Self::because(Reason::Store, error.class(), error.to_string(), error)
    }
}

impl From<TransferError> for PublishError {
    fn from(error: TransferError) -> Self {
        Self::because(Reason::Transfer, error.class(), error.to_string(), error)
    }
}

impl From<rpc::tls::TlsError> for PublishError {
    fn from(error: rpc::tls::TlsError) -> Self {
        Self::because(Reason::Tls, ErrorClass::Refused, error.to_string(), error)
    }
}

impl From<rpc::sign::SignError> for PublishError {
    fn from(error: rpc::sign::SignError) -> Self {
        Self::because(Reason::Tls, ErrorClass::Internal, error.to_string(), error)
    }
}

impl From<io::Error> for PublishError {
    fn from(error: io::Error) -> Self {
        Self::because(Reason::Io, ErrorClass::of_io(&error), error.to_string(), error)
    }
}

impl From<CloudError> for PublishError {
    fn from(error: CloudError) -> Self {
        let class = match error.kind {
            Kind::NotFound => ErrorClass::NotFound,
            Kind::Throttled | Kind::Busy | Kind::Unavailable | Kind::Unreachable => {
                ErrorClass::Unavailable
            }
            Kind::Denied
            | Kind::Expired
            | Kind::Duplicate
            | Kind::InUse
            | Kind::State
            | Kind::Quota => ErrorClass::Refused,
            Kind::Invalid | Kind::Local => ErrorClass::Internal,
        };
        let message = format!("{error}; {}", error.next_step());
        Self::because(Reason::Cloud, class, message, error)
    }
}

impl From<&PublishError> for Problem {
    fn from(error: &PublishError) -> Self {
        let exit_code = match error.reason {
            Reason::Argument => rpc::exit::USAGE,
            _ => rpc::exit::code(error.class),
        };
        Self { message: error.chain(), exit_code }
    }
}

impl From<PublishError> for Problem {
    fn from(error: PublishError) -> Self {
        Self::from(&error)
    }
}
