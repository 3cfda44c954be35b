//! Whether the target asks for credentials.
//! Judges nothing: serving everybody is told as a problem.

use super::Reader;

impl Reader<'_> {
    /// Asks for one page of the first resource type without credentials, where the target was given some.
    /// Discovery itself may be open to all (RFC 7644 §4), so it does not count. A redirect, as to a page for signing
    /// in, asks for credentials where the same request with credentials is served.
    pub(super) async fn probe_auth(&mut self) {
        if !self.session.target.has_credentials() || self.outcomes.iter().all(Result::is_err) {
            return;
        }
        let Some(endpoint) = self.first_endpoint() else { return };
        let page = format!("{endpoint}?count=1");
        let Some(response) = self.get("none", &page).await else { return };
        let asks = match response.status {
            401 | 403 => true,
            300..=399 => match self.get("target", &page).await.map(|response| response.status) {
                Some(200..=299) => true,
                _ => return,
            },
            200..=299 => {
                self.problem(format!("GET {endpoint} is served to requests without credentials"));
                false
            }
            _ => return,
        };
        self.found.capabilities.features.insert("auth".to_owned(), asks);
    }
}
