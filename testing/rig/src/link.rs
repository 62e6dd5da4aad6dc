//! A slow network link: a proxy that delays and limits what passes, and counts it.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use crate::error::RigError;

/// Bytes that are read at once.
const CHUNK_LEN: usize = 16 << 10;

/// Chunks under way in one direction: 64 MiB, more than fits a link of 100 Mbit/s during any delay that tests use.
const CHUNKS_MAX: usize = 4096;

/// Speed of a link.
#[derive(Clone, Copy, Debug)]
pub struct LinkSpeed {
    /// Time that a byte takes from one end to the other; half a round trip.
    pub delay: Duration,
    /// Bytes per second in each direction, over all connections.
    pub rate: u64,
}

/// A link to a server. Clients connect to [`Link::address`]. Dropping this value ends all its connections.
#[derive(Debug)]
pub struct Link {
    /// `ADDRESS:PORT` of the link's near end.
    pub address: String,
    shared: Arc<LinkState>,
    near: SocketAddr,
}

#[derive(Debug)]
struct LinkState {
    speed: LinkSpeed,
    /// When the last byte leaves that was accepted so far, in each direction.
    free_at: [Mutex<Instant>; 2],
    /// Bytes that passed: to the server, and from it.
    passed: [AtomicU64; 2],
    open: Mutex<Vec<TcpStream>>,
    ended: AtomicBool,
}

impl Link {
    /// Starts a link to a server that listens at `ADDRESS:PORT`.
    ///
    /// # Errors
    /// If no socket can be opened.
    pub fn start(server: &str, speed: LinkSpeed) -> Result<Self, RigError> {
        let failed = || RigError::io(Path::new("a slow link"));
        let listener = TcpListener::bind("127.0.0.1:0").map_err(failed())?;
        let near = listener.local_addr().map_err(failed())?;
        let now = Instant::now();
        let shared = Arc::new(LinkState {
            speed,
            free_at: [Mutex::new(now), Mutex::new(now)],
            passed: Default::default(),
            open: Mutex::default(),
            ended: AtomicBool::new(false),
        });
        let (server, state) = (server.to_owned(), Arc::clone(&shared));
        std::thread::spawn(move || accept(&listener, &server, &state));
        Ok(Self { address: near.to_string(), shared, near })
    }

    /// Returns the bytes that passed from the server, encryption and framing included.
    pub fn received(&self) -> u64 {
        self.shared.passed[1].load(Ordering::Relaxed)
    }

    /// Cuts all connections; new ones can be made.
    pub fn cut(&self) {
        for stream in self.shared.open.lock().drain(..) {
            stream.shutdown(Shutdown::Both).ok();
        }
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::Relaxed);
        // Wakes the thread that accepts connections.
        TcpStream::connect(self.near).ok();
        self.cut();
    }
}

fn accept(listener: &TcpListener, server: &str, state: &Arc<LinkState>) {
    while let Ok((near, _)) = listener.accept() {
        if state.ended.load(Ordering::Relaxed) {
            return;
        }
        let (server, state) = (server.to_owned(), Arc::clone(state));
        std::thread::spawn(move || connect(&near, &server, &state));
    }
}

/// Connects to the server after the round trip that a handshake takes, and passes bytes both ways.
fn connect(near: &TcpStream, server: &str, state: &Arc<LinkState>) -> Option<()> {
    std::thread::park_timeout(2 * state.speed.delay);
    let far = match TcpStream::connect(server) {
        Ok(far) => far,
        Err(_) => return near.shutdown(Shutdown::Both).ok(),
    };
    near.set_nodelay(true).ok()?;
    far.set_nodelay(true).ok()?;
    let copies = [near.try_clone().ok()?, far.try_clone().ok()?];
    state.open.lock().extend(copies);
    for (direction, from, to) in [(0, near, &far), (1, &far, near)] {
        let (from, to) = (from.try_clone().ok()?, to.try_clone().ok()?);
        let (sender, receiver) = sync_channel(CHUNKS_MAX);
        let state = Arc::clone(state);
        std::thread::spawn(move || take(from, &sender, &state, direction));
        std::thread::spawn(move || give(to, &receiver));
    }
    Some(())
}

/// Reads what one end sends, and says when each chunk arrives at the other.
fn take(
    mut from: TcpStream,
    sender: &SyncSender<(Instant, Vec<u8>)>,
    state: &LinkState,
    direction: usize,
) {
    let mut buffer = vec![0; CHUNK_LEN];
    while let Ok(len @ 1..) = from.read(&mut buffer) {
        state.passed[direction].fetch_add(len as u64, Ordering::Relaxed);
        let leaves = {
            let mut free_at = state.free_at[direction].lock();
            let nanos = len as u64 * 1_000_000_000 / state.speed.rate;
            *free_at = (*free_at).max(Instant::now()) + Duration::from_nanos(nanos);
            *free_at
        };
        if sender.send((leaves + state.speed.delay, buffer[..len].to_vec())).is_err() {
            return;
        }
    }
}

fn give(mut to: TcpStream, receiver: &Receiver<(Instant, Vec<u8>)>) {
    for (arrives, chunk) in receiver {
        while let Some(left) = arrives.checked_duration_since(Instant::now()) {
            std::thread::park_timeout(left);
        }
        if to.write_all(&chunk).is_err() {
            return;
        }
    }
    to.shutdown(Shutdown::Write).ok();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_delays_limits_and_counts() {
        const LEN: usize = 1 << 20;
        let server = TcpListener::bind("127.0.0.1:0").expect("a socket");
        let address = server.local_addr().expect("an address").to_string();
        std::thread::spawn(move || {
            let (mut stream, _) = server.accept().expect("a client");
            let mut word = [0; 1];
            while stream.read_exact(&mut word).is_ok() {
                stream.write_all(&vec![7; LEN]).expect("an answer");
            }
        });
        let speed = LinkSpeed { delay: Duration::from_millis(50), rate: 4 << 20 };
        let link = Link::start(&address, speed).expect("a link");
        let mut client = TcpStream::connect(&link.address).expect("a connection");
        let mut answer = vec![0; LEN];
        for number in 1..=2 {
            let began = Instant::now();
            client.write_all(b"x").expect("a request");
            client.read_exact(&mut answer).expect("an answer");
            // A quarter of a second for the bytes, and a tenth for both ways.
            let took = began.elapsed();
            assert!(took >= Duration::from_millis(345), "{took:?}");
            assert!(took < Duration::from_secs(2), "{took:?}");
            assert_eq!(link.received(), number * LEN as u64);
        }
        link.cut();
        client.read_exact(&mut answer).expect_err("no connection");
    }
}
