//! What a step does: the one request that it sends, or the hook or pause in the place of one.
//! Fills no template.

use super::model::Step;

impl Step {
    /// The action that the step has, by its key in the suite, and the path or text that stands there; `send` aside.
    pub fn action(&self) -> Option<(&'static str, &str)> {
        let actions = [
            ("get", &self.get),
            ("post", &self.post),
            ("put", &self.put),
            ("patch", &self.patch),
            ("delete", &self.delete),
            ("head", &self.head),
            ("options", &self.options),
            ("read", &self.read),
            ("list", &self.list),
            ("hook", &self.hook),
            ("wait", &self.wait),
        ];
        actions.into_iter().find_map(|(key, text)| Some((key, text.as_deref()?)))
    }

    /// Method and path, where the step is a request.
    pub fn request(&self) -> Option<(&str, &str)> {
        let (key, path) = match (self.action(), &self.send) {
            (Some(action), _) => action,
            (None, send) => return send.as_ref().map(|send| (send.method.as_str(), send.path.as_str())),
        };
        let method = match key {
            "get" | "read" | "list" => "GET",
            "post" => "POST",
            "put" => "PUT",
            "patch" => "PATCH",
            "delete" => "DELETE",
            "head" => "HEAD",
            "options" => "OPTIONS",
            _ => return None,
        };
        Some((method, path))
    }
}
