//! Random filters over random users, against a model that shares no code with the service: it reads the filter's
//! tree, walks plain JSON and knows the few attributes by heart.

use proptest::prelude::*;

use super::*;
use crate::scim::{AttributePath, Filter, Literal, Operator};

const TEXTS: [&str; 8] = ["", "a", "A", "ab", "Ba", "é", "É", "zz"];
const DATES: [&str; 4] = [
    "2026-01-01T00:00:01Z",
    "2026-01-01T01:00:02+01:00",
    "2025-12-31T23:00:03.000-01:00",
    "2030-01-01T00:00:00Z",
];

fn text() -> impl Strategy<Value = String> {
    prop::sample::select(TEXTS.as_slice()).prop_map(str::to_owned)
}

fn email() -> impl Strategy<Value = Value> {
    (text(), prop::option::of(text()), prop::option::of(any::<bool>())).prop_map(|(value, kind, primary)| {
        let mut email = json!({ "value": value });
        if let Some(kind) = kind {
            email["type"] = kind.into();
        }
        if primary == Some(false) {
            email["primary"] = false.into();
        }
        email
    })
}

fn user() -> impl Strategy<Value = Value> {
    let texts = (prop::option::of(text()), prop::option::of(text()), prop::option::of(text()));
    (texts, prop::option::of(any::<bool>()), prop::collection::vec(email(), 0..3)).prop_map(
        |((title, external, family), active, emails)| {
            let mut user = json!({ "emails": emails });
            for (name, value) in [("title", title), ("externalId", external)] {
                if let Some(value) = value {
                    user[name] = value.into();
                }
            }
            if let Some(family) = family {
                user["name"] = json!({ "familyName": family });
            }
            if let Some(active) = active {
                user["active"] = active.into();
            }
            user
        },
    )
}

fn comparison() -> BoxedStrategy<Filter> {
    let operator = || prop::sample::select(Operator::ALL).prop_map(|(_, operator)| operator);
    let on_text =
        prop::sample::select(vec!["title", "externalId", "name.familyName", "EMAILS.value", "emails.type"]);
    let path = |text: &str| AttributePath::parse(text).unwrap();
    prop_oneof![
        4 => (on_text, operator(), text()).prop_map(move |(p, o, t)| Filter::Compare(path(p), o, Literal::String(t))),
        1 => (prop::sample::select(vec![Operator::Equal, Operator::NotEqual]), any::<bool>())
            .prop_map(move |(o, b)| Filter::Compare(path("active"), o, Literal::Bool(b))),
        1 => (operator().prop_filter("no substring", |o| !o.is_substring()), prop::sample::select(DATES.as_slice()))
            .prop_map(move |(o, d)| Filter::Compare(path("meta.created"), o, Literal::String(d.to_owned()))),
        1 => prop::sample::select(vec!["title", "name", "emails", "emails.type", "active", "nickName"])
            .prop_map(move |p| Filter::Present(path(p))),
    ]
    .boxed()
}

fn combined(leaf: BoxedStrategy<Filter>) -> BoxedStrategy<Filter> {
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Filter::And),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Filter::Or),
            inner.prop_map(|f| Filter::Not(Box::new(f))),
        ]
    })
    .boxed()
}

fn filter() -> BoxedStrategy<Filter> {
    let path = |text: &str| AttributePath::parse(text).unwrap();
    let operator = prop::sample::select(Operator::ALL).prop_map(|(_, operator)| operator);
    let inner = (prop::sample::select(vec!["value", "type"]), operator, text())
        .prop_map(move |(p, o, t)| Filter::Compare(path(p), o, Literal::String(t)));
    let values = combined(inner.boxed()).prop_map(move |f| Filter::Values(path("emails"), Box::new(f)));
    combined(prop_oneof![3 => comparison(), 1 => values].boxed())
}

/// The model.
fn matches(filter: &Filter, object: &Value) -> bool {
    match filter {
        Filter::And(filters) => filters.iter().all(|f| matches(f, object)),
        Filter::Or(filters) => filters.iter().any(|f| matches(f, object)),
        Filter::Not(inner) => !matches(inner, object),
        Filter::Values(path, inner) => reach(path, object).iter().any(|value| matches(inner, value)),
        Filter::Present(path) => reach(path, object).iter().any(|value| **value != json!("")),
        Filter::Compare(path, operator, literal) => {
            let found = reach(path, object);
            if *operator == Operator::NotEqual && found.is_empty() {
                return true;
            }
            let name = path.to_string().to_lowercase();
            found.iter().any(|value| compare(&name, value, *operator, literal))
        }
    }
}

fn reach<'v>(path: &AttributePath, object: &'v Value) -> Vec<&'v Value> {
    let step = |from: Vec<&'v Value>, name: &str| -> Vec<&'v Value> {
        let members = from.into_iter().filter_map(|value| value.get(name));
        members.flat_map(|v| v.as_array().map_or(vec![v], |list| list.iter().collect())).collect()
    };
    let name = if path.name == "EMAILS" { "emails" } else { &path.name };
    let found = step(vec![object], name);
    match &path.sub {
        Some(sub) => step(found, sub),
        None => found,
    }
}

fn compare(name: &str, value: &Value, operator: Operator, literal: &Literal) -> bool {
    let (value, operand) = match (value, literal) {
        (Value::Bool(value), Literal::Bool(operand)) => {
            return (value == operand) == (operator == Operator::Equal);
        }
        (Value::String(value), Literal::String(operand)) => (value.clone(), operand.clone()),
        _ => unreachable!("the strategy compares like with like"),
    };
    if name == "meta.created" {
        let moment = |text: &str| text.parse::<jiff::Timestamp>().unwrap();
        return by_order(moment(&value).cmp(&moment(&operand)), operator);
    }
    let (value, operand) = match name {
        "externalid" => (value, operand),
        _ => (value.to_lowercase(), operand.to_lowercase()),
    };
    match operator {
        Operator::Contains => value.contains(&operand),
        Operator::StartsWith => value.starts_with(&operand),
        Operator::EndsWith => value.ends_with(&operand),
        _ => by_order(value.cmp(&operand), operator),
    }
}

fn by_order(order: std::cmp::Ordering, operator: Operator) -> bool {
    match operator {
        Operator::Equal => order.is_eq(),
        Operator::NotEqual => order.is_ne(),
        Operator::Greater => order.is_gt(),
        Operator::GreaterOrEqual => order.is_ge(),
        Operator::Less => order.is_lt(),
        _ => order.is_le(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn the_service_finds_what_the_model_finds(
        users in prop::collection::vec(user(), 1..6), filters in prop::collection::vec(filter(), 1..8),
    ) {
        let client = Client::new();
        for (place, user) in users.iter().enumerate() {
            client.user(&format!("u{place}"), user.clone());
        }
        let stored = client.get("/Users")["Resources"].as_array().unwrap().clone();
        for filter in filters {
            let expected: Vec<&str> =
                stored.iter().filter(|user| matches(&filter, user)).map(|u| u["userName"].as_str().unwrap()).collect();
            let search = json!({ "schemas": [urn::SEARCH_REQUEST], "filter": filter.to_string() });
            let found = names(&client.expect(200, "POST", "/Users/.search", Some(search)));
            prop_assert_eq!(found, expected, "{}", filter);
        }
    }
}
