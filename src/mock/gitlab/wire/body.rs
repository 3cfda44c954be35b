//! Request bodies: which media types an API takes, and what of them becomes parameters.
//! Knows no endpoint.

use serde_json::Value;

use super::reply::Reply;
use super::{Params, nested, path};
use crate::http::Request;

/// Which of GitLab's APIs is asked: they take different types of JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Api {
    Scim,
    Rest,
}

impl Api {
    /// The media type of JSON, in requests and answers.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Scim => "application/scim+json",
            Self::Rest => "application/json",
        }
    }
}

/// The parameters in a request's body; none where it has no body or its method takes none. `also` is a further media
/// type that is taken for JSON.
pub fn params(request: &Request, api: Api, also: Option<&str>) -> Result<Params, Reply> {
    let takes_body = matches!(request.method.as_str(), "POST" | "PUT" | "PATCH" | "DELETE");
    if !takes_body || request.body.is_empty() {
        return Ok(Params::new());
    }
    let Some(typed) = request.headers.get("Content-Type") else { return json(request, api) };
    let media_type = typed.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match media_type.as_str() {
        "application/x-www-form-urlencoded" => form(&request.body),
        "multipart/form-data" => multipart(typed, &request.body),
        known if known == api.media_type() || Some(known) == also => json(request, api),
        other => {
            let told = format!("The provided content-type '{other}' is not supported.");
            Err(Reply::error(415, &told))
        }
    }
}

/// A JSON object; any other JSON gives no parameters.
fn json(request: &Request, api: Api) -> Result<Params, Reply> {
    match serde_json::from_slice(&request.body) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Ok(Params::new()),
        Err(_) => {
            let media_type = api.media_type();
            Err(Reply::error(
                400,
                &format!(
                    "Problem:\n  message body does not match declared format\nResolution:\n  when specifying \
                     {media_type} as content-type, send that in the request's body\n"
                ),
            ))
        }
    }
}

fn form(body: &[u8]) -> Result<Params, Reply> {
    let text = std::str::from_utf8(body).map_err(|_| Reply::bad_request())?;
    path::pairs(text).and_then(nested::params).map_err(|_| Reply::bad_request())
}

/// The fields of a multipart form; files count as texts.
fn multipart(content_type: &str, body: &[u8]) -> Result<Params, Reply> {
    let text = std::str::from_utf8(body).map_err(|_| Reply::bad_request())?;
    let boundary = parameter(content_type, "boundary").ok_or_else(Reply::bad_request)?;
    let mark = format!("--{boundary}");
    let mut pairs = Vec::new();
    for part in text.split(mark.as_str()).skip(1).take_while(|part| !part.starts_with("--")) {
        let (head, value) = part.split_once("\r\n\r\n").ok_or_else(Reply::bad_request)?;
        let disposition = head
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.trim().eq_ignore_ascii_case("content-disposition"));
        let name = disposition.and_then(|(_, value)| parameter(value, "name"));
        let value = value.strip_suffix("\r\n").unwrap_or(value);
        if value.contains('\0') {
            return Err(Reply::bad_request());
        }
        pairs.extend(name.map(|name| (name, value.to_owned())));
    }
    nested::params(pairs).map_err(|_| Reply::bad_request())
}

/// A parameter of a header field, without its quotes.
fn parameter(field: &str, wanted: &str) -> Option<String> {
    let parts = field.split(';').skip(1).filter_map(|part| part.split_once('='));
    let (_, value) = parts.into_iter().find(|(name, _)| name.trim().eq_ignore_ascii_case(wanted))?;
    let value = value.trim();
    Some(value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(api: Api, content_type: Option<&str>, body: &str) -> Result<Value, u16> {
        let mut request = Request::new("POST", "/x");
        content_type.into_iter().for_each(|value| request.headers.set("Content-Type", value));
        request.body = body.to_owned().into();
        params(&request, api, None).map(Value::Object).map_err(|reply| reply.status)
    }

    #[test]
    fn media_types_of_scim() {
        let object = json!({ "a": 1 });
        for (content_type, expected) in [
            (Some("application/scim+json"), Ok(object.clone())),
            (Some("Application/SCIM+json; charset=utf-8"), Ok(object.clone())),
            (None, Ok(object)),
            (Some("application/json"), Err(415)),
            (Some("text/plain"), Err(415)),
            (Some("application/xml"), Err(415)),
            (Some(""), Err(415)),
        ] {
            assert_eq!(read(Api::Scim, content_type, r#"{"a":1}"#), expected, "{content_type:?}");
        }
        assert_eq!(read(Api::Rest, Some("application/json"), r#"{"a":1}"#), Ok(json!({ "a": 1 })));
    }

    #[test]
    fn the_refusal_names_the_type() {
        let mut request = Request::new("POST", "/x");
        request.headers.set("Content-Type", "application/json");
        request.body = "{}".into();
        let told = params(&request, Api::Scim, None).expect_err("refused").json_body();
        assert_eq!(
            told,
            json!({ "error": "The provided content-type 'application/json' is not supported." })
        );
    }

    #[test]
    fn what_is_no_object_gives_no_parameters_and_what_is_no_json_is_refused() {
        for body in ["[1]", "\"text\"", "7", "null"] {
            assert_eq!(read(Api::Scim, Some("application/scim+json"), body), Ok(json!({})), "{body}");
        }
        assert_eq!(read(Api::Scim, Some("application/scim+json"), "{\"a\":"), Err(400));
        assert_eq!(read(Api::Scim, Some("application/json"), ""), Ok(json!({})), "nothing to parse");
    }

    #[test]
    fn forms_become_parameters() {
        let urlencoded = "application/x-www-form-urlencoded";
        assert_eq!(
            read(Api::Scim, Some(urlencoded), "a=1&b[c]=2"),
            Ok(json!({ "a": "1", "b": { "c": "2" } }))
        );
        assert_eq!(read(Api::Scim, Some(urlencoded), "a=%00"), Err(400));
        let body =
            "--xyz\r\nContent-Disposition: form-data; name=\"extern_uid\"\r\n\r\nnew one\r\n--xyz--\r\n";
        let multipart = Some("multipart/form-data; boundary=xyz");
        assert_eq!(read(Api::Rest, multipart, body), Ok(json!({ "extern_uid": "new one" })));
        assert_eq!(read(Api::Rest, Some("multipart/form-data"), body), Err(400));
    }
}
