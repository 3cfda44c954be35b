//! Where a value stands in a JSON text.
//! Trusts that the text is JSON: it has been read as such already.

/// Line and column, from 1, right behind a text.
pub fn end(text: &str) -> (usize, usize) {
    let last = text.rsplit('\n').next().unwrap_or_default();
    (text.matches('\n').count() + 1, last.chars().count() + 1)
}

/// Line and column of the value at a JSON Pointer; of the nearest one around it where it is not there.
pub fn of(text: &str, pointer: &str) -> (usize, usize) {
    let mut reader = Reader { text, at: 0 };
    reader.space();
    for step in pointer.split('/').skip(1) {
        let Some(at) = reader.member(step) else { break };
        reader.at = at;
    }
    end(text.get(..reader.at).unwrap_or(text))
}

struct Reader<'a> {
    text: &'a str,
    /// Byte offset.
    at: usize,
}

impl Reader<'_> {
    fn next(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while self.next().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    /// Where the member or element called `step` of the value that begins here begins; of repeated members the last.
    fn member(&self, step: &str) -> Option<usize> {
        let mut reader = Reader { text: self.text, at: self.at };
        let is_object = match reader.next()? {
            b'{' => true,
            b'[' => false,
            _ => return None,
        };
        let mut found = None;
        let mut index = 0_usize;
        loop {
            // Behind the bracket or the comma.
            reader.at += 1;
            reader.space();
            let is_it = if is_object { reader.name()? == step } else { index.to_string() == step };
            if matches!(reader.next()?, b'}' | b']') {
                return found;
            }
            if is_it {
                found = Some(reader.at);
            }
            reader.value();
            reader.space();
            if reader.next()? != b',' {
                return found;
            }
            index += 1;
        }
    }

    /// The name of a member; its value begins behind it.
    fn name(&mut self) -> Option<String> {
        let begin = self.at;
        if self.next()? != b'"' {
            return Some(String::new());
        }
        self.string();
        let name = serde_json::from_str(self.text.get(begin..self.at)?).ok()?;
        self.space();
        self.at += 1;
        self.space();
        Some(name)
    }

    fn string(&mut self) {
        let mut escaped = false;
        self.at += 1;
        while let Some(byte) = self.next() {
            self.at += 1;
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => return,
                _ => {}
            }
        }
    }

    /// Goes behind a whole value.
    fn value(&mut self) {
        let mut depth = 0_usize;
        while let Some(byte) = self.next() {
            match byte {
                b'"' => self.string(),
                b'[' | b'{' => {
                    depth += 1;
                    self.at += 1;
                }
                b']' | b'}' | b',' if depth == 0 => return,
                b']' | b'}' => {
                    depth -= 1;
                    self.at += 1;
                }
                _ => self.at += 1,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_and_elements_are_found_in_any_depth() {
        let text = "{\n \"a\": [1, {\"b\": \"],}\\\"\"},\n  {\"b\" : 7}],\n \"é\": 2, \"c\": [ ], \"\\u0064\": {}\n}";
        for (pointer, place) in [
            ("", (1, 1)),
            ("/a", (2, 7)),
            ("/a/0", (2, 8)),
            ("/a/1", (2, 11)),
            ("/a/1/b", (2, 17)),
            ("/a/2/b", (3, 10)),
            ("/é", (4, 7)),
            ("/c", (4, 15)),
            ("/d", (4, 30)),
        ] {
            assert_eq!(of(text, pointer), place, "{pointer}");
        }
    }

    #[test]
    fn of_what_is_not_there_the_value_around_it_is_told() {
        let text = "[\n {\"a\": {}}\n]";
        for (pointer, place) in
            [("/0/b", (2, 2)), ("/0/a/b", (2, 8)), ("/0/a/b/c", (2, 8)), ("/7", (1, 1)), ("/0/a/0", (2, 8))]
        {
            assert_eq!(of(text, pointer), place, "{pointer}");
        }
        assert_eq!(of("  7", "/0"), (1, 3));
        assert_eq!(of("[]", "/0"), (1, 1));
    }

    #[test]
    fn of_members_of_the_same_name_the_last_counts() {
        assert_eq!(of("{\"a\": 1, \"a\": 2}", "/a"), (1, 15));
    }
}
