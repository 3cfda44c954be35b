//! What YAML becomes, and which YAML is refused.

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn value(text: &str) -> Value {
    parse("x.yaml", text.as_bytes()).unwrap().0
}

/// Line, column and message of every mistake.
fn mistakes(text: &[u8]) -> Vec<(usize, usize, String)> {
    let mistakes = parse("x.yaml", text).unwrap_err();
    mistakes.into_iter().map(|one| (one.place.line, one.place.column, one.message)).collect()
}

#[test]
fn yaml_becomes_json_in_its_order() {
    let text = "b: 1\na: [x, 'y', \"z\", ~, yes, 007]\nc:\n  - d: {e: true}\n    200: null\n";
    assert_eq!(
        value(text).to_string(),
        r#"{"b":1,"a":["x","y","z",null,"yes","007"],"c":[{"d":{"e":true},"200":null}]}"#
    );
}

#[test]
fn quotes_and_tags_keep_texts() {
    assert_eq!(value("a: '1'\nb: !!str 1\nc: |\n  true\n"), json!({ "a": "1", "b": "1", "c": "true\n" }));
}

#[test]
fn every_value_and_every_key_has_its_place() {
    let (_, spans) = parse("x.yaml", "a:\n  - b: ünï\n    c: [1, {d: 2}]\n".as_bytes()).unwrap();
    let start = |span: Span| (span.start.line, span.start.column);
    assert_eq!(start(spans.node("/a/0").span), (2, 5));
    assert_eq!(start(spans.node("/a/0/b").span), (2, 8));
    assert_eq!(spans.node("/a/0/b").span.end.column, 11);
    assert_eq!(start(spans.key("/a/0/c")), (3, 5));
    assert_eq!(start(spans.node("/a/0/c/1/d").span), (3, 16));
    assert_eq!(start(spans.node("/a/0/c/1").span), (3, 12));
    assert_eq!(spans.node("/a/0/c/1").span.end.column, 18);
    assert_eq!(start(spans.node("/a/7/x").span), start(spans.node("/a").span));
}

#[test]
fn duplicate_keys_are_all_told() {
    let found = mistakes(b"a: 1\nb: 2\na: 3\nc:\n  d: 1\n  d: 2\n");
    assert_eq!(found.len(), 2);
    assert_eq!(found[0], (3, 1, "`a` stands twice in one mapping".to_owned()));
    assert_eq!((found[1].0, found[1].1), (6, 3));
}

#[test]
fn anchors_stand_for_a_copy() {
    assert_eq!(value("a: &x {b: [1]}\nc: *x\n"), json!({ "a": { "b": [1] }, "c": { "b": [1] } }));
}

#[test]
fn a_bomb_of_aliases_is_refused() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..30 {
        let below = format!("*a{}, ", level - 1).repeat(10);
        text += &format!("a{level}: &a{level} [{below}]\n");
    }
    assert!(mistakes(text.as_bytes())[0].2.contains("too many values"));
}

#[test]
fn deep_nesting_is_refused() {
    let flow = "[".repeat(100_000);
    assert!(!mistakes(flow.as_bytes()).is_empty());
    let block: String = (0..5000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    assert!(mistakes(block.as_bytes())[0].2.contains("64 levels"));
    let chain: String = (1..200).map(|n| format!("a{n}: &a{n} [*a{}]\n", n - 1)).collect();
    assert!(!mistakes(format!("a0: &a0 [1]\n{chain}").as_bytes()).is_empty());
}

#[test]
fn broken_text_is_refused_with_its_place() {
    assert_eq!(mistakes(b"a: 1\nb: \xff\n"), [(2, 4, "the file is not UTF-8".to_owned())]);
    assert_eq!(mistakes(b"a:\n  b: 1\n\tc: 2\n"), [(3, 1, "a tab in the indentation".to_owned())]);
    assert_eq!(mistakes(b"a: [1\nb: 2\n")[0].0, 2);
    assert_eq!(mistakes(b""), [(1, 1, "the file is empty".to_owned())]);
    assert!(mistakes(b"a: 1\n---\nb: 2\n")[0].2.contains("second document"));
    assert!(mistakes(b"? [a]\n: b\n")[0].2.contains("a key is"));
    assert!(mistakes(b"a: *nowhere\n")[0].2.contains("not YAML"));
    assert!(mistakes(b"a: &x [*x]\n")[0].2.contains("alias inside"));
    assert!(mistakes(b"a: !binary x\n")[0].2.contains("tag"));
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_do_no_harm() {
    assert_eq!(value("\u{feff}a: 1\r\nb: x\r\n"), json!({ "a": 1, "b": "x" }));
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in "[ \\n\\t:,\\[\\]{}#&*!|>'\"%@`a-c0-1?~-]{0,60}") {
        let _ = parse("x.yaml", text.as_bytes());
    }

    #[test]
    fn json_is_yaml(text in "[a-z ]{0,8}", number in any::<i32>()) {
        let json = json!({ "a": [text, number, null, true], "b": { "c": text } });
        prop_assert_eq!(value(&json.to_string()), json);
    }
}
