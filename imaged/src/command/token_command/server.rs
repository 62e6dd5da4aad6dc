//! The server that hands tokens and requests over.

use rpc::client::{CallError, call_failed};
use rpc::join::TokenId;
use rpc::services::token_service_client::TokenServiceClient;
use rpc::tls::TlsDir;
use tokio::runtime::Runtime;
use tonic::transport::Channel;
use tonic::{Response, Status};
use wire::proto::answer_token_request::Answer;
use wire::proto::{
    AnswerTokenRequest, BindTokenRequest, ListTokensRequest, PutTokenRequest, Token,
};

use super::ServerArgs;

/// A connection to the server that knows the tokens.
pub(super) struct TokenServer {
    address: String,
    client: TokenServiceClient<Channel>,
    runtime: Runtime,
}

impl TokenServer {
    pub(super) fn connect(server: &ServerArgs) -> anyhow::Result<Self> {
        let runtime = Runtime::new()?;
        let tls = TlsDir::load(&server.tls_dir)?;
        let channel = runtime.block_on(rpc::client::connect(&server.imaged, &tls))?;
        let client = rpc::client::tokens(channel);
        Ok(Self { address: server.imaged.clone(), client, runtime })
    }

    fn answered<T>(&self, answer: Result<Response<T>, Status>) -> Result<T, CallError> {
        answer.map(Response::into_inner).map_err(|status| call_failed(&status, &self.address))
    }

    /// Lists the tokens that we may see. What others wrote into them is shown to people: control characters are replaced.
    pub(super) fn list(&mut self) -> Result<Vec<Token>, CallError> {
        let answer = self.runtime.block_on(self.client.list_tokens(ListTokensRequest {}));
        let mut tokens = self.answered(answer)?.tokens;
        for token in &mut tokens {
            for text in
                [&mut token.maker, &mut token.identity, &mut token.asked_from, &mut token.revoked]
            {
                *text = text.replace(char::is_control, "?");
            }
        }
        Ok(tokens)
    }

    pub(super) fn put(&mut self, request: PutTokenRequest) -> Result<(), CallError> {
        let answer = self.runtime.block_on(self.client.put_token(request));
        self.answered(answer).map(drop)
    }

    pub(super) fn bind(&mut self, id: TokenId, identity: &str) -> Result<(), CallError> {
        let id = id.as_bytes().to_vec().into();
        let request = BindTokenRequest { id, identity: identity.to_owned() };
        let answer = self.runtime.block_on(self.client.bind_token(request));
        self.answered(answer).map(drop)
    }

    pub(super) fn answer(&mut self, id: TokenId, answer: Answer) -> Result<(), CallError> {
        let id = id.as_bytes().to_vec().into();
        let request = AnswerTokenRequest { id, answer: Some(answer) };
        let answer = self.runtime.block_on(self.client.answer_token(request));
        self.answered(answer).map(drop)
    }
}
