//! The simulator as an HTTP server.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::answer::{Answer, Refusal};
use crate::blocks::BLOCK_LEN;
use crate::clock::rfc3339;
use crate::config::Timing;
use crate::faults::Fault;
use crate::request::{Params, Request, Scope, portal_call};
use crate::sim::Sim;
use crate::{control, ebs, ec2, iam, kms, portal, ssm, sts};

/// Maximum length of a request's body: a block, and some bytes to spare.
const BODY_LEN_MAX: usize = BLOCK_LEN + 4096;

/// Interval between two saves of the changed state.
const SAVE_EVERY: Duration = Duration::from_secs(1);

/// Error that closes a connection without an answer.
#[derive(Debug, thiserror::Error)]
#[error("the answer was lost")]
struct LostAnswer;

impl Sim {
    /// Serves until `end` changes; saves the state periodically and at the end.
    async fn serve(
        self: Arc<Self>,
        listener: TcpListener,
        state: &Path,
        mut end: watch::Receiver<()>,
    ) {
        let mut saves = tokio::time::interval(SAVE_EVERY);
        let mut saved = 0;
        loop {
            tokio::select! {
                accepted = listener.accept() => match accepted {
                    Ok((stream, _)) => {
                        tokio::spawn(Arc::clone(&self).connection(stream));
                    }
                    Err(error) => tracing::warn!("a connection was not accepted: {error}"),
                },
                _ = saves.tick() => self.save(state, &mut saved),
                _ = end.changed() => break,
            }
        }
        self.save(state, &mut saved);
    }

    async fn connection(self: Arc<Self>, stream: TcpStream) {
        stream.set_nodelay(true).ok();
        let service = service_fn(move |request| {
            let sim = Arc::clone(&self);
            async move { sim.answer(request).await }
        });
        let connection = hyper::server::conn::http1::Builder::new();
        if let Err(error) = connection.serve_connection(TokioIo::new(stream), service).await {
            tracing::debug!("a connection ended: {error}");
        }
    }

    async fn answer(
        self: Arc<Self>,
        request: hyper::Request<Incoming>,
    ) -> Result<hyper::Response<Full<Bytes>>, LostAnswer> {
        let (head, body) = request.into_parts();
        let is_put = head.method == hyper::Method::PUT && head.uri.path().contains("/blocks/");
        let _under_way = is_put.then(|| self.puts.begin());
        let request = Request {
            body: self.body(body).await?,
            method: head.method,
            path: head.uri.path().to_owned(),
            query: Params::parse(head.uri.query().unwrap_or_default().as_bytes()),
            headers: head.headers,
        };
        let answer = if request.path.starts_with("/_sim/") {
            let sim = Arc::clone(&self);
            tokio::task::spawn_blocking(move || control::answer(&sim, &request))
                .await
                .map_err(|_| LostAnswer)?
        } else {
            let (sim, id) = (Arc::clone(&self), self.request_id());
            // The work continues if the caller goes away, as at AWS.
            let work = async move {
                let answer = sim.aws(request, &id).await;
                answer.map(|answer| answer.with("x-amzn-requestid", id))
            };
            tokio::spawn(work).await.map_err(|_| LostAnswer)??
        };
        let date = http_date(self.real_now_s());
        let mut response = hyper::Response::builder().status(answer.status).header("date", date);
        for (name, value) in answer.headers {
            response = response.header(name, value);
        }
        response.body(Full::new(answer.body)).map_err(|_| LostAnswer)
    }

    /// Reads a body at the speed of the link.
    async fn body(&self, body: Incoming) -> Result<Bytes, LostAnswer> {
        let mut body = Limited::new(body, BODY_LEN_MAX);
        let mut bytes = Vec::new();
        while let Some(frame) = body.frame().await {
            if let Ok(data) = frame.map_err(|_| LostAnswer)?.into_data() {
                self.link.pass(data.len()).await;
                bytes.extend_from_slice(&data);
            }
        }
        Ok(bytes.into())
    }

    /// Answers a call as AWS would. First reads the caller from the signature without verifying it, and applies quotas
    /// and the policy. Then does the call's work.
    async fn aws(self: &Arc<Self>, request: Request, id: &str) -> Result<Answer, LostAnswer> {
        let service = scope_service(&request);
        let scope = match Scope::of(&request, self) {
            Ok(scope) => scope,
            Err(refusal) => return Ok(refusal.answer(&service, id)),
        };
        let Some(call) = call_of(&scope.service, &request) else {
            let refusal = Refusal::new(400, "InvalidAction", "this simulator has no such call");
            return Ok(refusal.answer(&scope.service, id));
        };
        tracing::debug!("{}/{}: {call}", scope.account, scope.region);
        let (fault, is_unlucky) = {
            let mut faults = self.faults();
            let fault = faults.of_call(&scope.account, &scope.region, &call);
            let is_unlucky = faults.is_unlucky(self.config.throttled);
            (fault, is_unlucky)
        };
        let place = (scope.account.as_str(), scope.region.as_str());
        let may = {
            let mut buckets = self.buckets.lock();
            buckets.take(&self.config.quota, place, &scope.service, &call)
        };
        if is_unlucky || !may {
            return Ok(throttled(&scope.service).answer(&scope.service, id));
        }
        if let Err(refusal) = iam::check(self, &scope, &call, &request) {
            return Ok(refusal.answer(&scope.service, id));
        }
        self.take_time(&scope, call, request, fault.unwrap_or_default(), id).await
    }

    /// Does a call's work, with its latency and the fault that hits it.
    async fn take_time(
        self: &Arc<Self>,
        scope: &Scope,
        call: String,
        request: Request,
        fault: Fault,
        id: &str,
    ) -> Result<Answer, LostAnswer> {
        let writing = match ebs::block_of(&call, &request) {
            None => None,
            Some((snapshot, index)) => match self.puts.write(snapshot, index) {
                None => return Ok(ebs::conflict().answer(&scope.service, id)),
                writing => writing,
            },
        };
        let timing = &self.config.timing;
        let range = if call == "PutSnapshotBlock" { timing.put_ms } else { timing.call_ms };
        let latency = Timing::between(range, id) + fault.delay_ms;
        tokio::time::sleep(Duration::from_millis(latency)).await;
        let is_error = fault.code.is_some() || fault.cut;
        let done = if is_error && !fault.after {
            Err(Refusal::new(500, "InternalError", "nothing was done"))
        } else {
            let (sim, id, scope) = (Arc::clone(self), id.to_owned(), scope.clone());
            let work = move || sim.work(&scope, &call, &request, &id);
            tokio::task::spawn_blocking(work).await.map_err(|_| LostAnswer)?
        };
        if fault.hold_ms > 0 {
            tokio::time::sleep(Duration::from_millis(fault.hold_ms)).await;
        }
        drop(writing);
        if fault.cut {
            return Err(LostAnswer);
        }
        if let Some(refusal) = wanted(&fault) {
            return Ok(refusal.answer(&scope.service, id));
        }
        Ok(done.unwrap_or_else(|refusal| refusal.answer(&scope.service, id)))
    }

    fn work(
        &self,
        scope: &Scope,
        call: &str,
        request: &Request,
        id: &str,
    ) -> Result<Answer, Refusal> {
        match scope.service.as_str() {
            "ec2" => ec2::answer(self, scope, call, &Params::parse(&request.body), id),
            "ebs" => ebs::answer(self, scope, call, request),
            "sts" => sts::answer(self, scope, call, &Params::parse(&request.body), id),
            "kms" => kms::answer(self, scope, call, request),
            "portal" => portal::answer(self, call, request),
            _ => ssm::answer(self, scope, call, request),
        }
    }
}

/// Returns the error that a fault asks for; `None` if the fault has no code.
fn wanted(fault: &Fault) -> Option<Refusal> {
    let code = fault.code.as_ref()?;
    let message = fault.message.as_deref().unwrap_or("because it was asked for");
    let refusal = Refusal::new(fault.status.unwrap_or(400), code, message);
    let reason = fault.reason.clone();
    Some(Refusal { reason, retry_after_ms: fault.retry_after_ms, ..refusal })
}

/// Formats seconds since the epoch for HTTP's `Date` header.
fn http_date(now_s: i64) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    // HTTP's date has the parts of `2026-11-23T16:20:00.000Z` in another order.
    let text = rfc3339(now_s * 1000);
    let month = text[5..7].parse::<usize>().unwrap_or(1);
    let day = DAYS[now_s.div_euclid(86_400).rem_euclid(7) as usize];
    format!("{day}, {} {} {} {} GMT", &text[8..10], MONTHS[month - 1], &text[..4], &text[11..19])
}

fn throttled(service: &str) -> Refusal {
    match service {
        "ebs" => Refusal::new(400, "RequestThrottledException", "too many requests")
            .because("ACCOUNT_THROTTLED"),
        "ec2" => Refusal::new(503, "RequestLimitExceeded", "Request limit exceeded."),
        _ => Refusal::new(400, "ThrottlingException", "Rate exceeded"),
    }
}

/// Returns the service that a request is for, so that an error has the form of that service. Returns `ec2` if the
/// request's signature is missing or malformed.
fn scope_service(request: &Request) -> String {
    let header = request.header("authorization").unwrap_or_default();
    let known = ["ec2", "ebs", "kms", "sts", "ssm"];
    let found = known.into_iter().find(|name| header.contains(&format!("/{name}/aws4_request")));
    found.unwrap_or("ec2").to_owned()
}

/// Finds a call's name where the service's protocol has it: in the body, in a header, or in method and path.
fn call_of(service: &str, request: &Request) -> Option<String> {
    match service {
        "ec2" | "sts" => Params::parse(&request.body).get("Action").map(str::to_owned),
        "ssm" => target_of("AmazonSSM.", request),
        "kms" => target_of("TrentService.", request),
        "ebs" => ebs::call_of(request).map(str::to_owned),
        "portal" => portal_call(request).map(str::to_owned),
        _ => None,
    }
}

/// Returns the name of a call from the header `x-amz-target`.
fn target_of(service: &str, request: &Request) -> Option<String> {
    request.header("x-amz-target")?.strip_prefix(service).map(str::to_owned)
}

/// A simulator that serves in a task of the current runtime.
#[derive(Debug)]
pub struct Running {
    /// The address that the simulator listens at, with its real port.
    pub address: SocketAddr,
    end: watch::Sender<()>,
    task: tokio::task::JoinHandle<()>,
}

impl Running {
    /// Starts a simulator; `state` is the folder that it saves its state to.
    ///
    /// # Errors
    /// The address cannot be bound.
    pub async fn start(sim: Arc<Sim>, listen: SocketAddr, state: &Path) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(listen).await?;
        let address = listener.local_addr()?;
        let (end, ended) = watch::channel(());
        let state = state.to_owned();
        let task = tokio::spawn(async move { sim.serve(listener, &state, ended).await });
        Ok(Self { address, end, task })
    }

    /// Stops the simulator and saves its state.
    pub async fn stop(self) {
        self.end.send(()).ok();
        self.task.await.ok();
    }
}
