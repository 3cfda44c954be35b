//! Whether the target asks for credentials.
//! Judges nothing: serving everybody is told as a problem.

use super::Reader;

impl Reader<'_> {
    /// Asks for one page of the first resource type without credentials, where the target was given some.
    /// Discovery itself may be open to all (RFC 7644 §4), so it does not count.
    pub(super) async fn probe_auth(&mut self) {
        if !self.session.target.has_credentials() || self.outcomes.iter().all(Result::is_err) {
            return;
        }
        let Some(endpoint) = self.first_endpoint() else { return };
        let Some(response) = self.get("none", &format!("{endpoint}?count=1")).await else { return };
        let asks = match response.status {
            401 | 403 => true,
            200..=299 => {
                self.problem(format!("GET {endpoint} is served to requests without credentials"));
                false
            }
            _ => return,
        };
        self.found.capabilities.features.insert("auth".to_owned(), asks);
    }
}
