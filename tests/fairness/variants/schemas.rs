//! Servers with other schemas than those of RFC 7643, or with less of them.
//! Changes only what /Schemas and /ResourceTypes tell.

use scimspec::mock::Settings;
use scimspec::scim::{
    Attribute, AttributeType, Mutability, ResourceType, Returned, Schema, SchemaExtension, Uniqueness, urn,
};
use serde_json::{Value, json};

use super::Variant;
use super::edit::{edit_body, segments};

pub fn all() -> Vec<Variant> {
    vec![
        Variant::new("schemas/no-groups").set(no_groups),
        Variant::new("schemas/no-users")
            .set(|s| s.resource_types.retain(|one| one.name != "User"))
            .passes(50),
        Variant::new("schemas/no-enterprise-extension").set(no_enterprise),
        Variant::new("schemas/userName-emails-active").set(|s| keep(s, &["userName", "emails", "active"])),
        Variant::new("schemas/userName-emails-active-without-groups").set(|s| {
            keep(s, &["userName", "emails", "active"]);
            no_groups(s);
            no_enterprise(s);
        }),
        Variant::new("schemas/userName-only-without-groups").set(|s| {
            keep(s, &["userName"]);
            no_groups(s);
            no_enterprise(s);
        }),
        Variant::new("schemas/emails-with-value-only").set(|s| {
            if let Some(emails) = user(s).attributes.iter_mut().find(|a| a.name == "emails") {
                emails.sub_attributes.retain(|sub| sub.name == "value");
            }
        }),
        Variant::new("schemas/values-with-value-only").set(|s| {
            for attribute in
                user(s).attributes.iter_mut().filter(|a| a.multi_valued && a.sub("value").is_some())
            {
                attribute.sub_attributes.retain(|sub| sub.name == "value");
            }
        }),
        Variant::new("schemas/no-groups-no-patch-no-bulk-no-sort").set(|s| {
            use scimspec::mock::Feature::*;
            keep(s, &["userName", "emails", "active"]);
            no_groups(s);
            s.without.extend([Patch, Bulk, Sort]);
        }),
        Variant::new("schemas/userName-is-immutable")
            .set(|s| edit_user(s, "userName", |a| a.mutability = Mutability::Immutable)),
        Variant::new("schemas/userName-is-globally-unique")
            .set(|s| edit_user(s, "userName", |a| a.uniqueness = Uniqueness::Global)),
        Variant::new("schemas/everything-but-userName-is-immutable").set(|s| {
            for attribute in user(s).attributes.iter_mut().filter(|a| a.name != "userName") {
                immutable(attribute);
            }
        }),
        Variant::new("schemas/everything-but-userName-is-read-only").set(|s| {
            // A password that can be read breaks RFC 7643 §4.1.1.
            user(s).attributes.retain(|a| a.name != "password");
            for attribute in user(s).attributes.iter_mut().filter(|a| a.name != "userName") {
                read_only(attribute);
            }
        }),
        Variant::new("schemas/displayName-and-emails-are-required").set(|s| {
            edit_user(s, "displayName", |a| a.required = true);
            edit_user(s, "emails", |a| a.required = true);
        }),
        Variant::new("schemas/name-is-required-with-its-parts").set(|s| {
            edit_user(s, "name", |a| {
                a.required = true;
                for sub in a
                    .sub_attributes
                    .iter_mut()
                    .filter(|sub| sub.name == "familyName" || sub.name == "givenName")
                {
                    sub.required = true;
                }
            });
        }),
        Variant::new("schemas/password-is-required").set(|s| edit_user(s, "password", |a| a.required = true)),
        Variant::new("schemas/no-password").set(|s| user(s).attributes.retain(|a| a.name != "password")),
        Variant::new("schemas/active-is-read-only")
            .set(|s| edit_user(s, "active", |a| a.mutability = Mutability::ReadOnly)),
        Variant::new("schemas/members-is-required-for-groups-not").set(|s| {
            if let Some(group) = s.schemas.iter_mut().find(|one| one.id == urn::GROUP) {
                group.attributes.retain(|a| a.name != "members");
            }
        }),
        Variant::new("schemas/members-are-required").set(|s| {
            let groups = s.schemas.iter_mut().filter(|one| one.id == urn::GROUP);
            groups
                .flat_map(|group| &mut group.attributes)
                .filter(|a| a.name == "members")
                .for_each(|a| a.required = true);
        }),
        Variant::new("schemas/groups-with-users-only").set(|s| {
            if let Some(group) = s.schemas.iter_mut().find(|one| one.id == urn::GROUP)
                && let Some(members) = group.attributes.iter_mut().find(|a| a.name == "members")
            {
                for sub in &mut members.sub_attributes {
                    sub.reference_types.retain(|one| one == "User");
                    sub.canonical_values.retain(|one| one == "User");
                }
            }
        }),
        // As the sample of RFC 7643 §8.7.1 has it, before erratum 5368; the text of §4.2 requires it.
        Variant::new("schemas/displayName-of-groups-is-declared-optional")
            .answers(|request, response| {
                if segments(request).first() == Some(&"Schemas") {
                    edit_body(response, |body| each_group_schema(body, &declare_name_optional));
                }
            })
            .warns(&["rfc7643/schema-definitions/group-name-is-declared-required"]),
        // `type` is not case-exact in the schema of schemas (RFC 7643 §8.7.2).
        Variant::new("schemas/types-begin-with-a-capital").answers(|request, response| {
            if segments(request).first() == Some(&"Schemas") {
                edit_body(response, capital_types);
            }
        }),
        Variant::new("schemas/two-languages")
            .set(|s| {
                edit_user(s, "preferredLanguage", |a| a.canonical_values = vec!["de".into(), "fr".into()])
            })
            .refuses(|request| {
                let known = |value: &Value| value.is_null() || value == "de" || value == "fr";
                let body = super::edit::sent(request)?;
                let wrong = body.get("preferredLanguage").is_some_and(|value| !known(value));
                wrong.then(|| super::edit::error(400, Some("invalidValue"), "de or fr"))
            }),
        Variant::new("schemas/an-unusual-attribute-is-required").set(|s| user(s).attributes.push(unusual())),
        templated(
            Variant::new("schemas/an-unusual-attribute-is-required-with-template")
                .set(|s| user(s).attributes.push(unusual())),
        ),
        Variant::new("schemas/enterprise-extension-is-required").set(|s| {
            s.resource_types
                .iter_mut()
                .flat_map(|one| &mut one.extensions)
                .for_each(|one| one.required = true);
        }),
        Variant::new("schemas/a-type-of-its-own-with-an-extension").set(devices).passes(400),
        Variant::new("schemas/every-type-of-attribute").set(every_type).passes(400),
        Variant::new("schemas/nothing-is-returned-by-default").set(|s| {
            for attribute in user(s)
                .attributes
                .iter_mut()
                .filter(|a| ["nickName", "title", "timezone"].contains(&a.name.as_str()))
            {
                attribute.returned = Returned::Request;
            }
        }),
        Variant::new("schemas/names-are-always-returned").set(|s| {
            for attribute in user(s)
                .attributes
                .iter_mut()
                .filter(|a| ["userName", "displayName"].contains(&a.name.as_str()))
            {
                attribute.returned = Returned::Always;
            }
        }),
        Variant::new("schemas/members-on-request-only").set(|s| {
            if let Some(group) = s.schemas.iter_mut().find(|one| one.id == urn::GROUP) {
                group
                    .attributes
                    .iter_mut()
                    .filter(|a| a.name == "members")
                    .for_each(|a| a.returned = Returned::Request);
            }
        }),
        Variant::new("schemas/without-those-of-discovery").set(|s| {
            let own = [urn::SCHEMA, urn::RESOURCE_TYPE, urn::SERVICE_PROVIDER_CONFIG];
            s.schemas.retain(|one| !own.contains(&one.id.as_str()));
        }),
        Variant::new("schemas/other-endpoints").set(|s| {
            for one in &mut s.resource_types {
                one.endpoint = format!("/{}", one.name.to_lowercase());
            }
        }),
    ]
}

fn each_group_schema(body: &mut Value, change: &impl Fn(&mut Value)) {
    if body["id"] == urn::GROUP {
        change(body);
    }
    let listed = body.get_mut("Resources").and_then(Value::as_array_mut);
    listed.into_iter().flatten().for_each(|one| each_group_schema(one, change));
}

fn capital_types(value: &mut Value) {
    super::edit::each_object(value, &mut |members: &mut super::edit::Members| {
        let is_definition = members.contains_key("multiValued");
        let kind = members.get("type").and_then(Value::as_str).filter(|_| is_definition).map(str::to_owned);
        if let Some((first, rest)) = kind.as_deref().and_then(|kind| kind.split_at_checked(1)) {
            members.insert("type".to_owned(), format!("{}{rest}", first.to_uppercase()).into());
        }
    });
}

fn declare_name_optional(schema: &mut Value) {
    let attributes = schema.get_mut("attributes").and_then(Value::as_array_mut);
    for attribute in attributes.into_iter().flatten().filter(|one| one["name"] == "displayName") {
        attribute["required"] = false.into();
    }
}

pub fn user(settings: &mut Settings) -> &mut Schema {
    settings.schemas.iter_mut().find(|one| one.id == urn::USER).expect("a User schema")
}

fn edit_user(settings: &mut Settings, name: &str, change: impl FnOnce(&mut Attribute)) {
    if let Some(attribute) = user(settings).attributes.iter_mut().find(|a| a.name == name) {
        change(attribute);
    }
}

pub fn keep(settings: &mut Settings, names: &[&str]) {
    user(settings).attributes.retain(|a| names.contains(&a.name.as_str()));
}

pub fn no_groups(settings: &mut Settings) {
    settings.resource_types.retain(|one| one.name != "Group");
    settings.schemas.retain(|one| one.id != urn::GROUP);
    user(settings).attributes.retain(|a| a.name != "groups");
}

pub fn no_enterprise(settings: &mut Settings) {
    settings.resource_types.iter_mut().for_each(|one| one.extensions.clear());
    settings.schemas.retain(|one| one.id != urn::ENTERPRISE_USER);
}

fn immutable(attribute: &mut Attribute) {
    if attribute.mutability == Mutability::ReadWrite {
        attribute.mutability = Mutability::Immutable;
    }
    attribute.sub_attributes.iter_mut().for_each(immutable);
}

fn read_only(attribute: &mut Attribute) {
    attribute.mutability = Mutability::ReadOnly;
    attribute.returned =
        if attribute.returned == Returned::Never { Returned::Default } else { attribute.returned };
    attribute.sub_attributes.iter_mut().for_each(read_only);
}

fn attribute(name: &str, kind: AttributeType) -> Attribute {
    let mut attribute = Attribute::new(name, kind);
    attribute.description = format!("An attribute called {name}.");
    attribute
}

fn unusual() -> Attribute {
    let mut unusual = attribute("costUnit", AttributeType::Complex);
    unusual.required = true;
    let mut code = attribute("code", AttributeType::Integer);
    code.required = true;
    unusual.sub_attributes = vec![code, attribute("label", AttributeType::String)];
    unusual
}

fn templated(mut variant: Variant) -> Variant {
    variant.template = Some(json!({ "User": { "costUnit": { "code": 7, "label": "{{ unique }}" } } }));
    variant
}

/// A type of resource that no RFC knows, with an extension.
pub fn devices(settings: &mut Settings) {
    let (device, rack) = ("urn:example:scim:schemas:Device", "urn:example:scim:schemas:extension:Rack");
    let mut serial = attribute("serialNumber", AttributeType::String);
    (serial.required, serial.case_exact, serial.uniqueness) = (true, true, Uniqueness::Server);
    serial.mutability = Mutability::Immutable;
    let mut owner = attribute("owner", AttributeType::Complex);
    let mut reference = attribute("$ref", AttributeType::Reference);
    (reference.case_exact, reference.reference_types) = (true, vec!["User".to_owned()]);
    let mut value = attribute("value", AttributeType::String);
    value.case_exact = true;
    owner.sub_attributes = vec![value, reference];
    let mut ports = attribute("ports", AttributeType::Complex);
    ports.multi_valued = true;
    let mut primary = attribute("primary", AttributeType::Boolean);
    primary.description = "Preferred.".to_owned();
    ports.sub_attributes =
        vec![attribute("value", AttributeType::String), attribute("speed", AttributeType::Integer), primary];
    let mut tags = attribute("tags", AttributeType::String);
    tags.multi_valued = true;
    let mut secret = attribute("secret", AttributeType::String);
    (secret.mutability, secret.returned) = (Mutability::WriteOnly, Returned::Never);
    let mut bought = attribute("bought", AttributeType::DateTime);
    bought.description = "When it was bought.".to_owned();
    let mut state = attribute("state", AttributeType::String);
    state.canonical_values = vec!["new".to_owned(), "used".to_owned()];
    let mut firmware = attribute("firmware", AttributeType::String);
    firmware.mutability = Mutability::ReadOnly;
    let attributes = vec![
        serial,
        attribute("label", AttributeType::String),
        owner,
        ports,
        tags,
        secret,
        bought,
        state,
        firmware,
        attribute("weight", AttributeType::Decimal),
        attribute("height", AttributeType::Integer),
        attribute("spare", AttributeType::Boolean),
    ];
    let schema = |id: &str, name: &str, attributes| Schema {
        id: id.to_owned(),
        name: name.to_owned(),
        description: format!("{name}, which no RFC knows"),
        attributes,
    };
    settings.schemas.push(schema(device, "Device", attributes));
    settings.schemas.push(schema(
        rack,
        "Rack",
        vec![attribute("room", AttributeType::String), attribute("slot", AttributeType::Integer)],
    ));
    settings.resource_types.push(ResourceType {
        id: Some("Device".to_owned()),
        name: "Device".to_owned(),
        description: "Devices".to_owned(),
        endpoint: "/Devices".to_owned(),
        schema: device.to_owned(),
        extensions: vec![SchemaExtension { schema: rack.to_owned(), required: false }],
    });
}

/// Users with an attribute of each type, singular and multi-valued.
fn every_type(settings: &mut Settings) {
    use AttributeType::*;
    for kind in [String, Boolean, Decimal, Integer, DateTime, Binary, Reference] {
        for multi_valued in [false, true] {
            let name = format!("{}{}", kind.as_str(), if multi_valued { "s" } else { "" });
            let mut one = attribute(&format!("my{name}"), kind);
            one.multi_valued = multi_valued;
            one.case_exact = matches!(kind, Binary | Reference);
            if kind == Reference {
                one.reference_types = vec!["external".to_owned()];
            }
            user(settings).attributes.push(one);
        }
    }
}
