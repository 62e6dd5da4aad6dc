//! Answers and refusals, written as XML or JSON.

use std::fmt::Display;

use bytes::Bytes;
use serde_json::{Value, json};

/// An answer of the simulator before its conversion to HTTP.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Bytes,
}

impl Answer {
    pub(crate) fn xml(root: &str, namespace: &str, content: impl FnOnce(&mut Xml)) -> Self {
        let mut xml = Xml::default();
        xml.0.push_str(r#"<?xml version="1.0" encoding="UTF-8"?>"#);
        xml.0.push_str(&format!(r#"<{root} xmlns="{namespace}">"#));
        content(&mut xml);
        xml.0.push_str(&format!("</{root}>"));
        let headers = vec![("content-type", "text/xml;charset=UTF-8".to_owned())];
        Self { status: 200, headers, body: xml.0.into() }
    }

    pub(crate) fn json(status: u16, value: &Value) -> Self {
        let headers = vec![("content-type", "application/json".to_owned())];
        Self { status, headers, body: value.to_string().into() }
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Display) -> Self {
        self.headers.push((name, value.to_string()));
        self
    }
}

/// An XML document under construction. Its methods escape the text of elements.
#[derive(Debug, Default)]
pub(crate) struct Xml(String);

impl Xml {
    /// Writes an element that contains only text; escapes the text.
    pub(crate) fn leaf(&mut self, name: &str, value: impl Display) {
        let mut text = String::new();
        for character in value.to_string().chars() {
            match character {
                '&' => text.push_str("&amp;"),
                '<' => text.push_str("&lt;"),
                '>' => text.push_str("&gt;"),
                other => text.push(other),
            }
        }
        self.0.push_str(&format!("<{name}>{text}</{name}>"));
    }

    /// Writes an element that contains only text. Writes nothing for `None`.
    pub(crate) fn maybe(&mut self, name: &str, value: Option<impl Display>) {
        if let Some(value) = value {
            self.leaf(name, value);
        }
    }

    /// Writes an element with child elements.
    pub(crate) fn node(&mut self, name: &str, content: impl FnOnce(&mut Self)) {
        self.0.push_str(&format!("<{name}>"));
        content(self);
        self.0.push_str(&format!("</{name}>"));
    }

    /// Writes a list in EC2's form: an element with the given name, which contains one element `item` for each item.
    pub(crate) fn list<T>(
        &mut self,
        name: &str,
        items: impl IntoIterator<Item = T>,
        each: impl Fn(&mut Self, T),
    ) {
        self.node(name, |xml| {
            for item in items {
                xml.node("item", |xml| each(xml, item));
            }
        });
    }
}

/// The error that answers a refused call, with the code and message of the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub status: u16,
    pub code: String,
    pub message: String,
    /// Detailed reason code. Only the EBS direct APIs and `aws login` give one.
    pub reason: Option<String>,
    /// Milliseconds that the caller shall wait, sent in the header `x-amz-retry-after`. Only an injected fault sets
    /// this.
    pub retry_after_ms: Option<u64>,
}

impl Refusal {
    pub(crate) fn new(status: u16, code: &str, message: &str) -> Self {
        let (code, message) = (code.to_owned(), message.to_owned());
        Self { status, code, message, reason: None, retry_after_ms: None }
    }

    pub(crate) fn because(self, reason: &str) -> Self {
        Self { reason: Some(reason.to_owned()), ..self }
    }

    /// Writes the refusal in the form of the service: XML or JSON.
    pub(crate) fn answer(&self, service: &str, id: &str) -> Answer {
        let answer = self.document(service, id);
        match self.retry_after_ms {
            Some(after) => answer.with("x-amz-retry-after", after),
            None => answer,
        }
    }

    fn document(&self, service: &str, id: &str) -> Answer {
        let Self { status, code, message, reason, .. } = self;
        match service {
            "ec2" => {
                let mut xml = Xml::default();
                xml.node("Response", |xml| {
                    xml.node("Errors", |xml| {
                        xml.node("Error", |xml| {
                            xml.leaf("Code", code);
                            xml.leaf("Message", message);
                        });
                    });
                    xml.leaf("RequestID", id);
                });
                Answer { status: *status, headers: Vec::new(), body: xml.0.into() }
            }
            "sts" => {
                let mut xml = Xml::default();
                xml.node("ErrorResponse", |xml| {
                    xml.node("Error", |xml| {
                        xml.leaf("Type", "Sender");
                        xml.leaf("Code", code);
                        xml.leaf("Message", message);
                    });
                    xml.leaf("RequestId", id);
                });
                Answer { status: *status, headers: Vec::new(), body: xml.0.into() }
            }
            _ => {
                let mut body = json!({"__type": code, "Message": message, "message": message, "Reason": reason});
                if service == "portal" {
                    // OAuth reports the detailed reason in this field.
                    body["error"] = json!(reason);
                }
                Answer::json(*status, &body).with("x-amzn-errortype", code)
            }
        }
    }
}
