//! The intermediate with which a server signs certificates of machines. `imaged pki delegate` makes it; without it the
//! server signs nothing. Every verifier refuses what it signs for another identity than `machine/…`, and for servers.

use std::path::{Path, PathBuf};

use rcgen::{Issuer, KeyPair};
use rpc::certificate::Certificate;
use rpc::status::status;
use time::OffsetDateTime;
use tonic::Status;
use wire::ErrorClass;

use crate::pki::leaf::{Subject, sign_request};
use crate::pki::{MACHINE_CA, MACHINE_CA_KEY};

/// The intermediate of a TLS folder, whose files are read for each signature, so that new ones need no restart.
#[derive(Clone, Debug)]
pub(super) struct MachineAuthority {
    pub folder: PathBuf,
}

impl MachineAuthority {
    /// Checks that there is an intermediate.
    ///
    /// # Errors
    /// `FailedPrecondition`, with the next step.
    pub(super) fn check(&self) -> Result<(), Status> {
        self.issuer().map(drop)
    }

    /// Signs a request (DER) for an identity. Returns the certificate with its chain, PEM.
    ///
    /// # Errors
    /// There is no intermediate; the request is malformed, or its signature wrong.
    pub(super) fn sign(&self, request: &[u8], identity: &str, days: u32) -> Result<String, Status> {
        let (issuer, chain, end) = self.issuer()?;
        let subject = Subject { identity, hosts: &[] };
        let left = (end - OffsetDateTime::now_utc().unix_timestamp()) / (24 * 3600);
        if left < 14 {
            tracing::warn!("the certificate {MACHINE_CA} ends in {left} days: imaged pki delegate");
        }
        let signed = sign_request(&issuer, request, &subject, i64::from(days).min(left));
        let signed = signed.map_err(|error| {
            status(ErrorClass::Refused, format!("the signing request is not accepted: {error}"))
        })?;
        Ok(format!("{signed}{chain}"))
    }

    fn issuer(&self) -> Result<(Issuer<'static, KeyPair>, String, i64), Status> {
        let refused = |problem: &dyn std::fmt::Display| {
            status(
                ErrorClass::Refused,
                format!(
                    "this server cannot sign for machines ({problem}): `imaged pki delegate` makes the files that it needs"
                ),
            )
        };
        let read = |name: &str| {
            let path: &Path = &self.folder.join(name);
            std::fs::read_to_string(path)
                .map_err(|error| refused(&format!("{}: {error}", path.display())))
        };
        let (chain, key) = (read(MACHINE_CA)?, read(MACHINE_CA_KEY)?);
        let key = KeyPair::from_pem(&key).map_err(|error| refused(&error))?;
        let end = Certificate::of_pem(chain.as_bytes()).map_err(|error| refused(&error))?.valid.1;
        let issuer = Issuer::from_ca_cert_pem(&chain, key).map_err(|error| refused(&error))?;
        Ok((issuer, chain, end))
    }
}
