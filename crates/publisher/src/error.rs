//! The error type of this crate: a reason, the target and step, and the cause.

use std::error::Error as StdError;
use std::fmt;
use std::io;

use cloud::{CloudError, CloudErrorKind};
use rpc::client::CallError;
use store::StoreError;
use transfer::TransferError;
use wire::ErrorClass;
use wire::run::{Problem, Step};
use wire::target::Target;

/// Result of this crate's calls; [`PublishError::reason`] tells a program what failed.
pub type Result<T> = std::result::Result<T, PublishError>;

/// Reason of an error, for programs to match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// The request is invalid in itself, whatever the servers and files contain.
    Argument,
    /// The source is not an image, or not a whole one.
    Source,
    /// The image exists with other content, or for another architecture.
    ImageDiffers,
    /// The image cannot boot, or does not tell its architecture.
    Unbootable,
    /// The image is a tree where a disk is needed, or a disk where a tree is needed. Or the AMI was not made by
    /// Imprint, or its stream is unknown.
    ImageKind,
    /// The image holds a secret, but the order would make it public.
    SecretFound,
    /// An image, AMI, snapshot or record does not exist.
    Missing,
    /// A record or a block map is damaged.
    RecordDamaged,
    /// The volume holds another revision, or other bytes, than expected.
    VolumeDiffers,
    /// The stream's lease is lost: another publisher has it, it could not be renewed, or it was given back.
    LeaseLost,
    /// Others wrote the record of the run, or kept changing the record of a snapshot.
    RecordTaken,
    /// The target's account differs from the account in the run's record.
    AccountDiffers,
    /// Another AMI has the name. That AMI has another disk, or the same disk with other options.
    NameTaken,
    /// The encryption or the account's settings do not allow the AMI to be shared.
    Sharing,
    /// The KMS key is missing, disabled or of the wrong kind.
    Key,
    /// The parameter has another data type, or somebody changed it since the run set it.
    Parameter,
    /// AWS accepted the parameter's value but did not set it.
    ParameterUnset,
    /// AWS refuses the AMI's options in this region, such as a TPM.
    AmiOptions,
    /// The run is being undone and cannot be resumed.
    RunUndone,
    /// Somebody removed an object that the run made.
    Removed,
    /// AWS failed to make a snapshot or an AMI.
    MakingFailed,
    /// AWS took longer than this crate's limit, or listing a snapshot's blocks failed a few seconds before.
    TimedOut,
    /// A snapshot differs from the request, or from the blocks that were put.
    SnapshotDiffers,
    /// A list from AWS does not end: a thousand pages in a row are empty, or the list has more blocks than the disk.
    EndlessList,
    /// Somebody disabled the AMI while the run waited for it; once it is enabled, the run can be resumed.
    AmiDisabled,
    /// A daemon ended a call without its result.
    NoResult,
    /// A task of this process ended unexpectedly, or a tool that it runs failed.
    Internal,
    /// Several targets failed for different reasons.
    Several,
    /// A daemon could not be reached, or refused a call.
    Call,
    /// Objects could not be transferred to or from imaged.
    Transfer,
    /// Content could not be read or stored.
    Store,
    /// AWS refused a call, or could not be reached.
    Cloud,
    /// Certificates or keys cannot be used.
    Tls,
    /// A file on this machine could not be read or written.
    Io,
}

impl Reason {
    /// Returns the class of this crate's own errors; errors with a cause take the cause's class.
    fn class(self) -> ErrorClass {
        match self {
            Self::Missing | Self::Removed => ErrorClass::NotFound,
            Self::RecordTaken
            | Self::LeaseLost
            | Self::NameTaken
            | Self::ImageDiffers
            | Self::VolumeDiffers => ErrorClass::Conflict,
            Self::RecordDamaged | Self::SnapshotDiffers | Self::EndlessList => ErrorClass::Damaged,
            Self::ParameterUnset | Self::MakingFailed | Self::TimedOut | Self::NoResult => {
                ErrorClass::Unavailable
            }
            Self::Internal | Self::Several => ErrorClass::Internal,
            _ => ErrorClass::Refused,
        }
    }
}

/// An error of this crate. Its text is a sentence for a person: the problem, the thing that it concerns, and a remedy.
#[derive(Debug)]
pub struct PublishError {
    reason: Reason,
    class: ErrorClass,
    message: String,
    at: Option<(Target, Step)>,
    cause: Option<Box<dyn StdError + Send + Sync>>,
    /// Whether the message adds to the cause's message; otherwise it repeats that message.
    is_context: bool,
}

impl PublishError {
    /// Makes an error without a cause.
    pub fn new(reason: Reason, message: impl Into<String>) -> Self {
        let (class, message) = (reason.class(), message.into());
        Self { reason, class, message, at: None, cause: None, is_context: false }
    }

    pub(crate) fn because(
        reason: Reason,
        class: ErrorClass,
        message: String,
        cause: impl StdError + Send + Sync + 'static,
    ) -> Self {
        let cause = Some(Box::from(cause));
        Self { reason, class, message, at: None, cause, is_context: false }
    }

    /// Makes an I/O error; `doing` names the action and the file.
    pub fn io(doing: impl fmt::Display) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::from(error).context(doing)
    }

    /// Wraps the error with a description of the action that failed.
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

    /// Attaches a target and a step, for [`Self::target`] and [`Self::step`]; [`Self::context`] keeps them.
    #[must_use]
    pub fn at(self, target: &Target, step: Step) -> Self {
        Self { at: Some((target.clone(), step)), ..self }
    }

    /// Makes a copy with another message, for several waiters on one failure.
    pub(crate) fn again(&self, message: String) -> Self {
        Self { class: self.class, at: self.at.clone(), ..Self::new(self.reason, message) }
    }

    /// Returns the reason, which [`Self::context`] does not change.
    pub fn reason(&self) -> Reason {
        self.reason
    }

    /// Returns the class: whether to retry, and whether anything is damaged.
    pub fn class(&self) -> ErrorClass {
        self.class
    }

    /// Returns the target that [`Self::at`] attached.
    pub fn target(&self) -> Option<&Target> {
        self.at.as_ref().map(|(target, _)| target)
    }

    /// Returns the step that [`Self::at`] attached.
    pub fn step(&self) -> Option<Step> {
        self.at.as_ref().map(|(_, step)| *step)
    }

    /// Returns AWS's error, if it is the direct cause.
    pub fn cloud(&self) -> Option<&CloudError> {
        self.cause.as_ref()?.downcast_ref()
    }

    /// Returns the store's error, if it is the direct cause.
    pub fn store(&self) -> Option<&StoreError> {
        self.cause.as_ref()?.downcast_ref()
    }

    /// Returns the error with all its causes, in one line.
    pub fn chain(&self) -> String {
        let causes = std::iter::successors(self.source(), |&cause| cause.source());
        causes.fold(self.message.clone(), |text, cause| format!("{text}: {cause}"))
    }

    /// Combines the errors of targets that all failed. If all errors have the same class, and all or none of them are
    /// [`Reason::Argument`], the result has that class and the reason of the first error. Otherwise its reason is
    /// [`Reason::Several`].
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
        Self::because(Reason::Tls, error.class(), error.to_string(), error)
    }
}

impl From<rpc::sign::SignError> for PublishError {
    fn from(error: rpc::sign::SignError) -> Self {
        Self::because(Reason::Tls, ErrorClass::Internal, error.to_string(), error)
    }
}

impl From<rpc::policy::PolicyError> for PublishError {
    fn from(error: rpc::policy::PolicyError) -> Self {
        Self::because(Reason::Tls, error.class(), error.to_string(), error)
    }
}

impl From<rpc::certificate_authority::VerifyError> for PublishError {
    fn from(error: rpc::certificate_authority::VerifyError) -> Self {
        Self::because(Reason::Tls, ErrorClass::Refused, error.to_string(), error)
    }
}

impl From<rpc::image_signature::SignatureError> for PublishError {
    fn from(error: rpc::image_signature::SignatureError) -> Self {
        Self::because(Reason::RecordDamaged, error.class(), error.to_string(), error)
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
            CloudErrorKind::NotFound => ErrorClass::NotFound,
            CloudErrorKind::Throttled
            | CloudErrorKind::Busy
            | CloudErrorKind::Unavailable
            | CloudErrorKind::Unreachable => ErrorClass::Unavailable,
            CloudErrorKind::Duplicate | CloudErrorKind::InUse => ErrorClass::Conflict,
            CloudErrorKind::Quota => ErrorClass::Full,
            CloudErrorKind::Denied | CloudErrorKind::Expired | CloudErrorKind::State => {
                ErrorClass::Refused
            }
            CloudErrorKind::Invalid | CloudErrorKind::Local => ErrorClass::Internal,
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
