//! The JSON of an answer, read once though many expectations look at it.
//! Must not say what is wrong with it.

use std::cell::RefCell;
use std::rc::Rc;

use bytes::Bytes;
use serde_json::Value;

thread_local! {
    /// The body that was read last, and what came of it. An answer is judged on one thread, expectation by
    /// expectation, so that no more than one is worth keeping.
    static LAST: RefCell<Option<(Bytes, Reading)>> = const { RefCell::new(None) };
}

/// What came of reading a body: its value, or line and column of the mistake.
pub type Reading = Result<Rc<Value>, (usize, usize)>;

/// Reads a body as JSON.
pub fn read(body: &Bytes) -> Reading {
    LAST.with_borrow_mut(|last| match last {
        // The bytes are kept, so that no other body can be where they are.
        Some((known, reading)) if known.as_ptr() == body.as_ptr() && known.len() == body.len() => {
            reading.clone()
        }
        _ => {
            let value = serde_json::from_slice(body).map(Rc::new);
            let reading = value.map_err(|error| (error.line(), error.column()));
            *last = Some((body.clone(), reading.clone()));
            reading
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_body_is_not_taken_for_another() {
        let body = Bytes::from(String::from(r#"{"a":1}"#));
        assert!(Rc::ptr_eq(&read(&body).unwrap(), &read(&body.clone()).unwrap()));
        // A part of the same bytes is another body.
        assert_eq!(read(&body.slice(5..6)).unwrap().as_i64(), Some(1));
        assert_eq!(read(&Bytes::from_static(b"{\n7")), Err((2, 1)));
        assert_eq!(read(&body).unwrap()["a"], 1);
    }
}
