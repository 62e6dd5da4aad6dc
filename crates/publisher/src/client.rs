//! Connections to imaged and unpackd, and the observer of the work.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use rpc::client::call_failed;
use rpc::image_signature::ImageSigners;
use rpc::services::image_service_client::ImageServiceClient;
use rpc::services::publish_service_client::PublishServiceClient;
use rpc::services::unpacker_service_client::UnpackerServiceClient;
use rpc::tls::TlsDir;
use tokio::runtime::Handle;
use tonic::transport::Channel;
use tonic::{Response, Status, Streaming};
use transfer::fetch::Remote;
use wire::name::ImageName;
use wire::proto::{GetImageRequest, ImageRecord, ListImagesRequest};

use crate::error::{PublishError, Reason, Result};
use crate::held::Holdings;
use crate::observer::Observer;

/// Time limit for giving leases back on an interruption.
const GIVE_BACK_WITHIN: Duration = Duration::from_secs(3);

/// Addresses of the daemons as `HOST:PORT`. A missing address fails only the calls that need it.
#[derive(Clone, Debug, Default)]
pub struct Addresses {
    /// Address of imaged, which keeps the images and the records of publications.
    pub imaged: Option<String>,
    /// Address of unpackd, which keeps the volumes; disk images need no volume.
    pub unpackd: Option<String>,
}

/// Connects to the daemons on demand, and reports to an observer.
///
/// All its methods that make calls **block**, except [`Self::give_back`]. A function with a parameter of this type
/// blocks, too. Call them from a thread that may block, such as one of `tokio::task::spawn_blocking`. The network runs
/// on the given runtime, which must have more than one thread.
pub struct Client {
    addresses: Addresses,
    tls: TlsDir,
    runtime: Handle,
    observer: Arc<dyn Observer>,
    holder: String,
    pub(crate) holdings: Holdings,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("addresses", &self.addresses).finish_non_exhaustive()
    }
}

/// A connection to imaged, made by [`Client::imaged`]; clones share the connection.
#[derive(Clone, Debug)]
pub struct Imaged {
    pub(crate) address: String,
    pub(crate) channel: Channel,
}

/// A connection to unpackd, made by [`Client::unpackd`]; clones share the connection.
#[derive(Clone, Debug)]
pub struct Unpackd {
    pub(crate) address: String,
    pub(crate) channel: Channel,
}

impl Client {
    /// Makes a client without connecting yet. `runtime` runs the network calls.
    ///
    /// # Example
    /// ```no_run
    /// use publisher::{Addresses, Client, Silent};
    ///
    /// let runtime = tokio::runtime::Runtime::new()?;
    /// let (imaged, unpackd) = (Some("images.example.net:7400".to_owned()), None);
    /// let tls = rpc::tls::TlsDir::load("/etc/imprint/pki/publish".as_ref())?;
    /// let observer = std::sync::Arc::new(Silent);
    /// let client = Client::new(Addresses { imaged, unpackd }, tls, runtime.handle().clone(), observer);
    /// let image = client.image(&"base/debian-12/1".parse()?)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(
        addresses: Addresses,
        tls: TlsDir,
        runtime: Handle,
        observer: Arc<dyn Observer>,
    ) -> Self {
        let (holder, holdings) = (holder(), Holdings::default());
        Self { addresses, tls, runtime, observer, holder, holdings }
    }

    fn connect(&self, address: Option<&String>, daemon: &str) -> Result<(String, Channel)> {
        let missing =
            || PublishError::new(Reason::Argument, format!("the address of {daemon} is not known"));
        let address = address.ok_or_else(missing)?;
        let channel = self.runtime.block_on(rpc::client::connect(address, &self.tls))?;
        Ok((address.clone(), channel))
    }

    /// Opens a connection to imaged.
    ///
    /// # Errors
    /// [`Reason::Argument`] without an address; [`Reason::Call`].
    pub fn imaged(&self) -> Result<Imaged> {
        let (address, channel) = self.connect(self.addresses.imaged.as_ref(), "imaged")?;
        Ok(Imaged { address, channel })
    }

    /// Opens a connection to imaged that carries objects, for threads that may block.
    pub(crate) fn remote(&self) -> Result<Remote> {
        let Imaged { address, channel } = self.imaged()?;
        Ok(Remote::new(address, channel, self.runtime.clone()))
    }

    /// Opens a connection to unpackd.
    ///
    /// # Errors
    /// [`Reason::Argument`] without an address; [`Reason::Call`].
    pub fn unpackd(&self) -> Result<Unpackd> {
        let (address, channel) = self.connect(self.addresses.unpackd.as_ref(), "unpackd")?;
        Ok(Unpackd { address, channel })
    }

    /// Releases the lease of the stream that is being published, so that other publishers need not wait until the lease
    /// expires. Call this if the process is about to end in the middle of its work. The call takes at most 3 seconds.
    pub async fn give_back(&self) {
        tokio::time::timeout(GIVE_BACK_WITHIN, self.holdings.give_back()).await.ok();
    }

    /// Returns the holder's name for leases: the same for all clients of one user on one machine.
    pub fn holder(&self) -> &str {
        &self.holder
    }

    /// Returns the observer that hears of progress.
    pub fn observer(&self) -> &Arc<dyn Observer> {
        &self.observer
    }

    /// Returns the runtime of the network calls.
    pub fn runtime(&self) -> &Handle {
        &self.runtime
    }

    pub(crate) fn tls(&self) -> &TlsDir {
        &self.tls
    }

    /// Returns what verifies the signatures of images whose content is published from here: by the policy of the TLS
    /// folder, if it has one, otherwise by its CA alone.
    pub(crate) fn image_signers(&self) -> Result<ImageSigners> {
        Ok(ImageSigners::of_folder(&self.tls)?)
    }

    /// Makes a call, and blocks until the response arrives.
    ///
    /// # Errors
    /// [`Reason::Call`].
    pub fn call<T>(
        &self,
        server: &impl Server,
        call: impl Future<Output = std::result::Result<Response<T>, Status>>,
    ) -> Result<T> {
        let answer = self.runtime.block_on(call);
        Ok(answer.map_err(|status| call_failed(&status, server.address()))?.into_inner())
    }

    /// Blocks until the next message of a stream; `None` at its end.
    ///
    /// # Errors
    /// [`Reason::Call`].
    pub fn next<T>(&self, server: &impl Server, stream: &mut Streaming<T>) -> Result<Option<T>> {
        let message = self.runtime.block_on(stream.message());
        Ok(message.map_err(|status| call_failed(&status, server.address()))?)
    }

    /// Lists the images of a stream and of those below it, sorted by name; an empty text means every stream. `page` gets
    /// each page as it comes.
    ///
    /// # Errors
    /// [`Reason::Call`]; those of `page`.
    pub fn list_images<E: From<PublishError>>(
        &self,
        imaged: &Imaged,
        stream: &str,
        mut page: impl FnMut(Vec<ImageRecord>) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let mut request =
            ListImagesRequest { stream: stream.to_owned(), ..ListImagesRequest::default() };
        loop {
            let answer = self.call(imaged, imaged.images().list_images(request.clone()))?;
            page(answer.images)?;
            if answer.next.is_empty() {
                return Ok(());
            }
            // Names grow from page to page: a server that leads back would never end.
            if answer.next <= request.after {
                let problem = format!("{} lists its images without an end", imaged.address());
                return Err(PublishError::new(Reason::EndlessList, problem).into());
            }
            request.after = answer.next;
        }
    }

    /// Fetches an image's record from imaged.
    ///
    /// # Errors
    /// [`Reason::Call`], of the class `NotFound` if there is no such image.
    pub fn image(&self, name: &ImageName) -> Result<ImageRecord> {
        let imaged = self.imaged()?;
        self.call(&imaged, imaged.images().get_image(GetImageRequest { name: name.to_string() }))
    }
}

/// A connection to a daemon; error messages name its address.
pub trait Server {
    /// Address as `HOST:PORT`.
    fn address(&self) -> &str;
}

impl Server for Imaged {
    fn address(&self) -> &str {
        &self.address
    }
}

impl Server for Unpackd {
    fn address(&self) -> &str {
        &self.address
    }
}

impl Imaged {
    /// Returns a client for calls about images.
    pub fn images(&self) -> ImageServiceClient<Channel> {
        rpc::client::images(self.channel.clone())
    }

    /// Returns a client for calls about records of publications.
    pub fn publishing(&self) -> PublishServiceClient<Channel> {
        rpc::client::publishing(self.channel.clone())
    }
}

impl Unpackd {
    /// Returns a client for calls about volumes, over the connection that this value holds.
    pub fn volumes(&self) -> UnpackerServiceClient<Channel> {
        rpc::client::volumes(self.channel.clone())
    }
}

/// Returns the name under which this user on this machine holds leases. All processes get the same name, because
/// prepare, unpack, capture and release may run in separate ones.
pub fn holder() -> String {
    let user = std::env::var("USER").unwrap_or_else(|_| "user".to_owned());
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    format!("{user}@{}", host.trim())
}
