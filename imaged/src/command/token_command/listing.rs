//! The tokens that a server knows, as text and as JSON.

use rpc::join::TokenId;
use serde::Serialize;
use sysio::clock::now_ms;
use wire::proto::Token;
use wire::text_table::text_table;

use super::super::moments::moment;
use super::super::print_document;
use super::ServerArgs;
use super::server::TokenServer;

/// A token, as `--json` shows it.
#[derive(Debug, Serialize)]
struct TokenDocument {
    id: String,
    identity: Option<String>,
    maker: String,
    state: &'static str,
    expires_at: String,
    asked_from: Option<String>,
    revoked: Option<String>,
    certificate: Option<String>,
}

/// Tokens, as `--json` shows them.
#[derive(Debug, Serialize)]
struct TokensDocument {
    tokens: Vec<TokenDocument>,
}

/// Shows the tokens that a server knows.
pub(super) fn tokens(server: &ServerArgs, json: bool) -> anyhow::Result<()> {
    let now = now_ms();
    let tokens = TokenServer::connect(server)?.list()?;
    let tokens: Vec<_> = tokens.into_iter().map(|token| document(token, now)).collect();
    let text = table(&tokens);
    print_document(json, &TokensDocument { tokens }, &text)
}

fn document(token: Token, now_ms: i64) -> TokenDocument {
    let state = match () {
        () if !token.revoked.is_empty() => "revoked",
        () if !token.certificate.is_empty() => "signed",
        () if token.expires_at_ms <= now_ms => "ended",
        () if token.request.is_some() => "waits for an issuer",
        () if token.identity.is_empty() => "not bound",
        () => "not used",
    };
    let known = |text: String| (!text.is_empty()).then_some(text);
    TokenDocument {
        id: TokenId::of_bytes(&token.id).map(|id| id.to_string()).unwrap_or_default(),
        identity: known(token.identity),
        maker: token.maker,
        state,
        expires_at: moment(token.expires_at_ms / 1000),
        asked_from: known(token.asked_from),
        revoked: known(token.revoked),
        certificate: known(token.certificate),
    }
}

fn table(tokens: &[TokenDocument]) -> String {
    let dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "–".to_owned());
    let row = |it: &TokenDocument| {
        let state = match &it.revoked {
            Some(why) => format!("{}: {why}", it.state),
            None => it.state.to_owned(),
        };
        vec![
            it.id.clone(),
            dash(&it.identity),
            it.maker.clone(),
            it.expires_at.clone(),
            dash(&it.asked_from),
            state,
        ]
    };
    let head = ["TOKEN", "IDENTITY", "MAKER", "ENDS", "ASKED FROM", "STATE"].map(str::to_owned);
    text_table(&std::iter::once(head.to_vec()).chain(tokens.iter().map(row)).collect::<Vec<_>>())
}
