use proptest::prelude::*;

use super::*;

fn path() -> impl Strategy<Value = AttributePath> {
    let schema = prop::option::of(prop::sample::select(vec![
        "urn:ietf:params:scim:schemas:core:2.0:User".to_owned(),
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User".to_owned(),
        "https://example.com/schemas/Thing".to_owned(),
    ]));
    (schema, "[$]?[a-zA-Z][a-zA-Z0-9_$-]{0,8}", prop::option::of("[$]?[a-zA-Z][a-zA-Z0-9_-]{0,5}"))
        .prop_map(|(schema, name, sub)| AttributePath { schema, name, sub })
}

fn literal() -> impl Strategy<Value = Literal> {
    prop_oneof![
        Just(Literal::Null),
        any::<bool>().prop_map(Literal::Bool),
        any::<i64>().prop_map(|n| Literal::Number(n.into())),
        any::<f64>().prop_filter_map("finite", serde_json::Number::from_f64).prop_map(Literal::Number),
        any::<String>().prop_map(Literal::String),
    ]
}

fn comparison() -> impl Strategy<Value = Filter> {
    let operator = prop::sample::select(Operator::ALL).prop_map(|(_, operator)| operator);
    prop_oneof![
        path().prop_map(Filter::Present),
        (path(), operator, literal()).prop_map(|(p, o, l)| Filter::Compare(p, o, l)),
    ]
}

fn combined(leaf: BoxedStrategy<Filter>) -> BoxedStrategy<Filter> {
    leaf.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Filter::And),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Filter::Or),
            inner.prop_map(|f| Filter::Not(Box::new(f))),
        ]
    })
    .boxed()
}

fn any_filter() -> impl Strategy<Value = Filter> {
    let values = (path(), combined(comparison().boxed())).prop_map(|(p, f)| Filter::Values(p, Box::new(f)));
    combined(prop_oneof![3 => comparison(), 1 => values].boxed())
}

proptest! {
    #[test]
    fn what_is_written_reads_the_same(filter in any_filter()) {
        let text = filter.to_string();
        prop_assert_eq!(parse(&text), Ok(filter), "{}", text);
    }

    #[test]
    fn keywords_have_no_case(filter in comparison()) {
        let Filter::Compare(path, operator, literal) = &filter else { return Ok(()) };
        let text = format!("{path} {} {literal}", operator.as_str().to_ascii_uppercase());
        prop_assert_eq!(parse(&text), Ok(filter));
    }

    #[test]
    fn nothing_panics(text in any::<String>()) {
        let _ = parse(&text);
    }

    #[test]
    fn nothing_like_a_filter_panics(text in r#"([a-z.:]{1,4}|[\[\]()"\\]|not|and|or| |eq|pr|"é"|1e9){0,20}"#) {
        if let Err(error) = parse(&text) {
            prop_assert!(error.offset <= text.len());
        }
    }
}

fn same(one: &str, other: &str) {
    assert_eq!(parse(one).unwrap(), parse(other).unwrap(), "{one} and {other}");
}

fn different(one: &str, other: &str) {
    assert_ne!(parse(one).unwrap(), parse(other).unwrap(), "{one} and {other}");
}

#[test]
fn and_binds_tighter_than_or() {
    same("a pr or b pr and c pr", "a pr or (b pr and c pr)");
    same("a pr and b pr or c pr", "(a pr and b pr) or c pr");
    different("a pr or b pr and c pr", "(a pr or b pr) and c pr");
    same("not (a pr) and b pr", "(not (a pr)) and b pr");
}

#[test]
fn left_to_right_is_the_other_grouping() {
    let grouped = parse_grouped("a pr or b pr and c pr", Grouping::LeftToRight).unwrap();
    assert_eq!(grouped, parse("(a pr or b pr) and c pr").unwrap());
}

#[test]
fn examples_of_the_rfc_read() {
    for text in [
        r#"userName eq "bjensen""#,
        r#"name.familyName co "O'Malley""#,
        r#"urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J""#,
        "title pr",
        r#"meta.lastModified gt "2011-05-13T04:42:34Z""#,
        r#"title pr and userType eq "Employee""#,
        r#"schemas eq "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User""#,
        r#"userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")"#,
        r#"userType ne "Employee" and not (emails co "example.com" or emails.value co "example.org")"#,
        r#"userType eq "Employee" and emails[type eq "work" and value co "@example.com"]"#,
        r#"emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp" and value co "@foo.com"]"#,
        "members.$ref pr",
        "a.b eq -1.5e3",
        "NOT(title PR)",
    ] {
        assert!(parse(text).is_ok(), "{text}: {:?}", parse(text));
    }
}

#[test]
fn mistakes_are_told_with_their_place() {
    for (text, offset) in [
        ("", 0),
        ("userName", 8),
        ("userName eq", 11),
        (r#"userName xx "a""#, 9),
        ("userName eq bjensen", 12),
        (r#"userName eq "a"#, 12),
        (r#"userName eq "a" title pr"#, 16),
        (r#"(userName eq "a""#, 16),
        (r#"userName eq "a")"#, 15),
        (r#"emails[type eq "work""#, 21),
        (r#"emails[type pr and addresses[x pr]]"#, 6),
        (r#"title pr and"#, 12),
        (r#"title pr or and b pr"#, 16),
        (r#"1a eq "x""#, 0),
        (r#"a..b eq "x""#, 0),
        (r#"a eq"x""#, 4),
        (r#"a eq "x"and b pr"#, 8),
        (r#"a eq "\q""#, 5),
        ("a eq 1e999", 5),
        ("a eq 01", 5),
        ("userName eq \"\u{0}\"", 12),
        ("user\u{0}Name pr", 0),
    ] {
        let error = parse(text).expect_err(text);
        assert_eq!(error.offset, offset, "{text}: {error}");
    }
}

#[test]
fn depth_and_length_are_bounded() {
    let nested = |n: usize| format!("{}a pr{}", "(".repeat(n), ")".repeat(n));
    assert!(parse(&nested(MAX_DEPTH)).is_ok());
    assert!(parse(&nested(MAX_DEPTH + 1)).is_err());
    assert!(parse(&nested(30_000)).is_err());
    assert!(parse(&"not (".repeat(10_000)).is_err());
    assert!(parse(&format!("a eq \"{}\"", "x".repeat(MAX_LENGTH))).is_err());
    let wide = vec!["a pr"; 5_000].join(" or ");
    assert!(matches!(parse(&wide), Ok(Filter::Or(terms)) if terms.len() == 5_000));
}

#[test]
fn keywords_from_left_to_right_nest_no_deeper_than_parentheses() {
    let read = |text: &str| parse_grouped(text, Grouping::LeftToRight);
    let changing = |n: usize| format!("a pr{}", " or b pr and c pr".repeat(n));
    assert!(read(&changing(MAX_DEPTH / 2)).is_ok());
    assert!(read(&changing(MAX_DEPTH / 2 + 1)).is_err());
    let wide = vec!["a pr"; 5_000].join(" and ");
    assert!(matches!(read(&wide), Ok(Filter::And(terms)) if terms.len() == 5_000));
    let grouped = read("(a pr and b pr) and c pr").unwrap();
    assert_eq!(parse(&grouped.to_string()), Ok(grouped));
}

#[test]
fn the_uri_of_a_schema_is_told_from_an_attribute() {
    let uri = crate::scim::urn::ENTERPRISE_USER;
    assert!(AttributePath::parse(uri).unwrap().names_schema(uri));
    let manager = AttributePath::parse(&format!("{uri}:manager.displayName")).unwrap();
    assert_eq!(manager.schema.as_deref(), Some(uri));
    assert_eq!((manager.name.as_str(), manager.sub.as_deref()), ("manager", Some("displayName")));
    assert!(!manager.names_schema(uri));
}
