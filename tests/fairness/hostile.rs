//! Servers whose discovery lies or overwhelms: judged within bounds, without leaving the base URL.
//! What is wrong with them may be told; how often and at what cost is what counts here.

use libtest_mimic::Failed;
use scimspec::event::Outcome;
use scimspec::report::Report;
use scimspec::scim::urn;
use serde_json::{Value, json};

use crate::judge::{judge, line};
use crate::variants::Variant;
use crate::variants::edit::{edit_body, edit_resources, error, on_collection, segments};

/// A server and what must hold of its report.
pub struct Hostile {
    pub variant: Variant,
    holds: fn(&Report) -> Result<(), String>,
}

pub fn all() -> Vec<Hostile> {
    vec![
        Hostile {
            variant: Variant::new("hostile/declares-PATCH-and-has-none")
                .refuses(|request| (request.method == "PATCH").then(|| error(501, None, "not implemented"))),
            holds: |report| at_most(report, Outcome::Failed, 3),
        },
        Hostile {
            variant: Variant::new("hostile/declares-bulk-and-has-none").refuses(|request| {
                (segments(request) == ["Bulk"]).then(|| error(501, None, "not implemented"))
            }),
            holds: |report| at_most(report, Outcome::Failed, 3),
        },
        Hostile {
            variant: Variant::new("hostile/declares-filters-and-has-none").refuses(|request| {
                let asked = crate::variants::edit::asked(request, "filter");
                (asked.is_some() && (on_collection(request) || request.path().ends_with(".search")))
                    .then(|| error(501, None, "not implemented"))
            }),
            holds: |report| at_most(report, Outcome::Failed, 3),
        },
        Hostile {
            variant: schemas("hostile/unknown-types", |all| {
                for attribute in all.iter_mut() {
                    attribute["type"] = json!("hologram");
                }
            }),
            holds: |_| Ok(()),
        },
        Hostile {
            variant: schemas("hostile/schemas-of-nonsense", |all| {
                *all = vec![
                    json!(null),
                    json!(7),
                    json!({ "name": 7 }),
                    json!({ "name": "" }),
                    json!({ "type": "string" }),
                    json!([]),
                ];
            }),
            holds: |_| Ok(()),
        },
        Hostile {
            variant: schemas("hostile/deep-schemas", |all| {
                let mut deep = json!({ "name": "deep", "type": "complex", "multiValued": true });
                for _ in 0..50 {
                    deep = json!({ "name": "deep", "type": "complex", "required": true, "subAttributes": [deep] });
                }
                all.push(deep);
            }),
            holds: |_| Ok(()),
        },
        Hostile {
            variant: schemas("hostile/ten-thousand-attributes", |all| {
                all.extend((0..10_000).map(|number| {
                    json!({
                        "name": format!("attribute{number}"), "type": "string", "multiValued": false, "required": false,
                        "mutability": "readWrite", "returned": "default", "uniqueness": "none", "caseExact": false,
                        "description": "One of many",
                    })
                }));
            }),
            holds: |_| Ok(()),
        },
        Hostile {
            variant: resource_types("hostile/endpoints-on-another-host", |all| {
                all.iter_mut().for_each(|one| one["endpoint"] = json!("https://elsewhere.example/Users"));
            }),
            holds: |_| Ok(()),
        },
        Hostile {
            variant: resource_types("hostile/endpoints-above-the-base", |all| {
                for (one, endpoint) in all.iter_mut().zip(["../../admin", "//elsewhere.example/Users"]) {
                    one["endpoint"] = json!(endpoint);
                }
            }),
            holds: |_| Ok(()),
        },
        Hostile {
            variant: resource_types("hostile/a-thousand-resource-types", |all| {
                all.extend((0..1000).map(|number| {
                    json!({ "name": format!("Type{number}"), "endpoint": format!("/Type{number}"), "schema": urn::USER })
                }));
            }),
            holds: |_| Ok(()),
        },
        Hostile {
            // Each schema is an extension of the other.
            variant: resource_types("hostile/extensions-in-a-circle", |all| {
                for one in all.iter_mut() {
                    let all = [urn::USER, urn::GROUP, urn::ENTERPRISE_USER];
                    one["schemaExtensions"] = all.map(|id| json!({ "schema": id, "required": true })).into();
                }
            }),
            holds: |_| Ok(()),
        },
        Hostile {
            variant: Variant::new("hostile/locations-on-another-host").answers(|_, response| {
                let elsewhere = "https://elsewhere.example/scim/v2/Users/1";
                if response.headers.get("Location").is_some() {
                    response.headers.set("Location", elsewhere);
                }
                edit_resources(response, |resource| {
                    if let Some(meta) = resource.get_mut("meta") {
                        meta["location"] = json!(elsewhere);
                    }
                });
            }),
            holds: |_| Ok(()),
        },
        Hostile {
            // What waits, and is judged again alone, must not wait for itself.
            variant: Variant::new("hostile/fails-on-PATCH")
                .refuses(|request| (request.method == "PATCH").then(|| error(500, None, "out of order"))),
            holds: |report| at_most(report, Outcome::Warned, 20),
        },
        Hostile {
            // A mail domain of its own, perhaps: that is no fault, and nothing that is sent besides is the reason.
            variant: Variant::new("hostile/refuses-every-create").refuses(|request| {
                (request.method == "POST" && on_collection(request))
                    .then(|| error(400, Some("invalidValue"), "not of our domain"))
            }),
            holds: |report| none(report, Outcome::Failed),
        },
        Hostile {
            variant: Variant::new("hostile/fails-on-every-create").refuses(|request| {
                (request.method == "POST" && on_collection(request)).then(|| error(500, None, "out of order"))
            }),
            holds: |report| none(report, Outcome::Failed),
        },
        Hostile {
            variant: Variant::new("hostile/creates-of-application/json-only").refuses(|request| {
                let is_json = request.headers.get("Content-Type") == Some("application/json");
                (request.method == "POST" && on_collection(request) && !is_json)
                    .then(|| error(400, Some("invalidValue"), "userName is required"))
            }),
            holds: |report| at_most(report, Outcome::Failed, 2),
        },
        Hostile {
            // Declared, taken, and never seen again: that is told of the attribute, and not of what was done with it.
            variant: Variant::new("hostile/keeps-no-displayName").answers(|request, response| {
                if segments(request).first() == Some(&"Users") {
                    edit_resources(response, |resource| {
                        resource.shift_remove("displayName");
                    });
                }
            }),
            holds: |report| at_most(report, Outcome::Warned, 3).and(none(report, Outcome::Failed)),
        },
        Hostile {
            variant: Variant::new("hostile/every-schema-is-the-list").asks(|request| {
                if segments(request).first() == Some(&"Schemas") {
                    let end = request.target.find("/Schemas").map(|at| at + "/Schemas".len());
                    request.target.truncate(end.unwrap_or(request.target.len()));
                }
            }),
            holds: |report| at_most(report, Outcome::Failed, 1),
        },
        Hostile {
            // RFC 7643 §4.1.1 has userName compared without regard to case, whatever a schema says.
            variant: case_exact("hostile/userName-is-case-exact"),
            holds: |report| at_most(report, Outcome::Failed, 2),
        },
    ]
}

fn case_exact(name: &str) -> Variant {
    let mut variant = Variant::new(name);
    let attributes = variant.settings.schemas.iter_mut().flat_map(|schema| &mut schema.attributes);
    attributes.filter(|one| one.name == "userName").for_each(|one| one.case_exact = true);
    variant
}

/// A server that lists other resource types than it has.
fn resource_types(name: &str, change: fn(&mut Vec<Value>)) -> Variant {
    Variant::new(name).answers(move |request, response| {
        if segments(request).first() == Some(&"ResourceTypes") {
            edit_body(response, |body| {
                if let Some(all) = body.get_mut("Resources").and_then(Value::as_array_mut) {
                    change(all);
                }
            });
        }
    })
}

/// A server that publishes other attributes of User than it has.
fn schemas(name: &str, change: fn(&mut Vec<Value>)) -> Variant {
    Variant::new(name).answers(move |request, response| {
        if segments(request).first() != Some(&"Schemas") {
            return;
        }
        edit_body(response, |body| {
            let listed = body.get_mut("Resources").and_then(Value::as_array_mut);
            for schema in listed.into_iter().flatten() {
                if schema["name"] == "User"
                    && let Some(attributes) = schema.get_mut("attributes").and_then(Value::as_array_mut)
                {
                    change(attributes);
                }
            }
        });
    })
}

/// The run ends, by itself and within bounds; no case errs; nothing is asked of anybody else.
pub fn is_judged_within_bounds(hostile: &Hostile) -> Result<(), Failed> {
    let report = judge(&hostile.variant, true);
    let finish = report.finish.as_ref().ok_or("the run did not end")?;
    if finish.requests > 10_000 {
        return Err(format!("{} requests", finish.requests).into());
    }
    if report.planned > 20_000 {
        return Err(format!("{} cases", report.planned).into());
    }
    let exchanges = report.cases.iter().flat_map(|result| &result.exchanges);
    if let Some(away) =
        exchanges.map(|exchange| &exchange.url).find(|url| !url.starts_with("http://localhost/"))
    {
        return Err(format!("{away} was asked").into());
    }
    let errs = report.cases.iter().filter(|result| result.outcome == Outcome::Errored).map(line);
    let errs: Vec<String> = errs.collect();
    if !errs.is_empty() {
        return Err(errs.join("\n").into());
    }
    (hostile.holds)(&report).map_err(Failed::from)
}

fn none(report: &Report, outcome: Outcome) -> Result<(), String> {
    let such: Vec<String> =
        report.cases.iter().filter(|result| result.outcome == outcome).map(line).collect();
    if such.is_empty() { Ok(()) } else { Err(such.join("\n")) }
}

/// A root cause is told once: what cannot be judged because of it is blocked.
fn at_most(report: &Report, outcome: Outcome, most: usize) -> Result<(), String> {
    let such: Vec<String> =
        report.cases.iter().filter(|result| result.outcome == outcome).map(line).collect();
    match such.len() {
        0 => Err(format!("nothing is {outcome:?}")),
        count if count > most => Err(format!("{count} are {outcome:?}\n{}", such.join("\n"))),
        _ => Ok(()),
    }
}
