//! Defects of the area `gitlab-answers`: the form of users, lists and errors.
//! Knows no other area.

use serde_json::{Value, json};

use crate::http::{Request, Response};
use crate::mock::defects::edit::{Members, edit_body, edit_error, edit_users, has_schema};
use crate::mock::defects::{Area, Defect, How};
use crate::mock::gitlab::slips::Slip;
use crate::scim::urn;

const AREA: Area = Area("gitlab-answers");

pub(in crate::mock::defects) const DEFECTS: &[Defect] = &[
    AREA.failure(
        "gitlab-error-status-is-text",
        &["GL-users-error-01"],
        "The status in an error is a text.",
        How::Response(|_, response| {
            edit_error(response, |error| {
                if let Some(status) = error.get_mut("status") {
                    *status = status.to_string().into();
                }
            });
        }),
    ),
    AREA.failure(
        "gitlab-error-has-scim-type",
        &["GL-users-error-01"],
        "Errors have a scimType.",
        How::Response(|_, response| {
            edit_error(response, |error| drop(error.insert("scimType".to_owned(), "noTarget".into())))
        }),
    ),
    AREA.failure(
        "gitlab-error-schemas-missing",
        &["GL-users-read-13", "GL-users-error-01"],
        "Errors have no schemas.",
        How::Response(|_, response| edit_error(response, |error| drop(error.shift_remove("schemas")))),
    ),
    AREA.failure(
        "gitlab-user-schemas-missing",
        &["GL-users-read-01"],
        "Users have no schemas.",
        How::Response(|_, response| edit_users(response, |user| drop(user.shift_remove("schemas")))),
    ),
    AREA.failure(
        "gitlab-list-schemas-missing",
        &["GL-users-list-01"],
        "Lists have no schemas.",
        How::Response(|_, response| edit_list(response, |list| drop(list.shift_remove("schemas")))),
    ),
    AREA.failure(
        "gitlab-id-in-lower-case",
        &["GL-users-read-02", "GL-users-read-09"],
        "The id of a user is the external id in lower case.",
        How::Response(|_, response| {
            edit_users(response, |user| {
                if let Some(Value::String(id)) = user.get_mut("id") {
                    *id = id.to_lowercase();
                }
            });
        }),
    ),
    AREA.failure(
        "gitlab-external-id-returned",
        &["GL-users-read-08", "GL-users-read-01"],
        "Users have an externalId beside their id.",
        How::Response(|_, response| {
            edit_users(response, |user| {
                let id = user.get("id").cloned().unwrap_or_default();
                user.insert("externalId".to_owned(), id);
            });
        }),
    ),
    AREA.failure(
        "gitlab-active-is-text",
        &["GL-users-read-03", "GL-users-read-12"],
        "active is a text.",
        How::Response(|_, response| {
            edit_users(response, |user| {
                if let Some(active) = user.get_mut("active") {
                    *active = active.to_string().into();
                }
            });
        }),
    ),
    AREA.failure(
        "gitlab-mail-without-type",
        &["GL-users-read-04", "GL-users-read-01"],
        "The address of a user has no type.",
        How::Response(|_, response| edit_mail(response, |mail| drop(mail.shift_remove("type")))),
    ),
    AREA.failure(
        "gitlab-mail-not-primary",
        &["GL-users-read-04", "GL-users-read-01"],
        "The address of a user is not called primary.",
        How::Response(|_, response| {
            edit_mail(response, |mail| drop(mail.insert("primary".to_owned(), false.into())))
        }),
    ),
    AREA.failure(
        "gitlab-name-not-split",
        &["GL-users-read-05"],
        "givenName is the whole name.",
        How::Response(|_, response| {
            edit_name(response, |name| {
                let whole = name.get("formatted").cloned().unwrap_or_default();
                name.insert("givenName".to_owned(), whole);
            });
        }),
    ),
    AREA.failure(
        "gitlab-family-name-missing",
        &["GL-users-read-06"],
        "A name of one word has no familyName.",
        How::Response(|_, response| {
            edit_name(response, |name| {
                if name.get("familyName").is_some_and(|family| family == "") {
                    name.shift_remove("familyName");
                }
            });
        }),
    ),
    AREA.failure(
        "gitlab-meta-has-location",
        &["GL-users-read-07", "GL-instance-create-23"],
        "meta has a location.",
        How::Response(|_, response| {
            edit_users(response, |user| {
                if let Some(meta) = user.get_mut("meta").and_then(Value::as_object_mut) {
                    meta.insert("location".to_owned(), "https://gitlab.example.com/x".into());
                }
            });
        }),
    ),
    AREA.failure(
        "gitlab-create-has-location",
        &["GL-instance-create-23"],
        "The answer to a create has a Location.",
        How::Response(|request, response| {
            if request.method == "POST" && response.status == 201 {
                response.headers.set("Location", format!("{}/new", request.path()));
            }
        }),
    ),
    AREA.failure(
        "gitlab-groups-of-group-users",
        &["GL-group-read-01", "GL-users-read-01"],
        "Users of a group have groups too.",
        How::Response(|request, response| {
            if request.path().starts_with("/api/scim/v2/groups/") {
                edit_users(response, |user| drop(user.insert("groups".to_owned(), json!([]))));
            }
        }),
    ),
    AREA.failure(
        "gitlab-groups-missing",
        &["GL-instance-read-01", "GL-group-members-12"],
        "Users of the instance have no groups.",
        How::Response(|_, response| edit_users(response, |user| drop(user.shift_remove("groups")))),
    ),
    AREA.failure(
        "gitlab-start-index-is-number",
        &["GL-users-page-04"],
        "startIndex of a list of users is always a number.",
        How::Response(|_, response| {
            edit_list(response, |list| {
                let number =
                    list.get("startIndex").and_then(Value::as_str).and_then(|text| text.parse::<u64>().ok());
                if let Some(number) = number {
                    list.insert("startIndex".to_owned(), number.into());
                }
            });
        }),
    ),
    AREA.failure(
        "gitlab-items-per-page-counts",
        &["GL-users-page-01", "GL-users-page-02"],
        "itemsPerPage is the number of users on the page.",
        How::Response(|_, response| {
            edit_list(response, |list| {
                let shown = list.get("Resources").and_then(Value::as_array).map_or(0, Vec::len);
                list.insert("itemsPerPage".to_owned(), shown.into());
            });
        }),
    ),
    AREA.failure(
        "gitlab-empty-list-is-404",
        &["GL-users-list-05", "GL-entra-01", "GL-okta-04"],
        "A query that finds nobody is answered with 404.",
        How::Response(|request, response| {
            let empty = response.json().is_some_and(|body| body["totalResults"] == 0);
            if request.method == "GET" && empty {
                response.status = 404;
            }
        }),
    ),
    AREA.failure(
        "gitlab-patch-answers-200",
        &["GL-users-patch-01", "GL-users-patch-06", "GL-instance-reprovision-01", "GL-okta-04"],
        "PATCH is answered with 200 and a body.",
        How::Response(|request, response| {
            if request.method == "PATCH" && response.status == 204 {
                response.status = 200;
                response.headers.set("Content-Type", "application/scim+json");
                response.body = "{}".into();
            }
        }),
    ),
    AREA.failure(
        "gitlab-delete-answers-200",
        &[
            "GL-instance-delete-01",
            "GL-instance-delete-02",
            "GL-group-delete-01",
            "GL-group-members-16",
            "GL-identities-delete-01",
        ],
        "DELETE is answered with 200.",
        How::Response(|request, response| {
            if request.method == "DELETE" && response.status == 204 {
                response.status = 200;
            }
        }),
    ),
    AREA.failure(
        "gitlab-create-answers-200",
        &["GL-instance-create-01", "GL-group-create-01", "GL-groups-01"],
        "A create is answered with 200.",
        How::Response(|request, response| {
            if request.method == "POST" && response.status == 201 {
                response.status = 200;
            }
        }),
    ),
    AREA.failure(
        "gitlab-wrong-filter-is-400",
        &["GL-users-filter-10", "GL-users-filter-11", "GL-group-list-04"],
        "A filter that is not supported is answered with 400.",
        How::Response(filter_400),
    ),
    AREA.failure(
        "gitlab-secrets-in-errors",
        &["GL-instance-create-06", "GL-group-create-05", "GL-instance-create-29", "GL-group-create-19"],
        "Errors repeat passwords.",
        How::Gitlab(Slip::SecretsShown),
    ),
    AREA.failure(
        "gitlab-errors-without-parameters",
        &["GL-instance-create-05", "GL-group-create-04", "GL-instance-create-29", "GL-group-create-19"],
        "Errors give the reason alone, without the parameters.",
        How::Response(|_, response| {
            edit_error(response, |error| {
                let reason =
                    error.get("detail").and_then(Value::as_str).and_then(|detail| detail.rsplit_once("}: "));
                if let Some(reason) = reason.map(|(_, reason)| reason.to_owned()) {
                    error.insert("detail".to_owned(), reason.into());
                }
            });
        }),
    ),
    AREA.failure(
        "gitlab-conflict-is-412",
        &[
            "GL-instance-create-10",
            "GL-group-create-08",
            "GL-troubleshooting-08",
            "GL-troubleshooting-22",
            "GL-instance-create-30",
            "GL-group-create-23",
        ],
        "An identity that is taken is answered with 412.",
        How::Response(|_, response| {
            if response.status == 409 {
                response.status = 412;
                edit_error(response, |error| drop(error.insert("status".to_owned(), 412.into())));
            }
        }),
    ),
];

fn filter_400(request: &Request, response: &mut Response) {
    if response.status == 412 && request.method == "GET" {
        response.status = 400;
        edit_error(response, |error| drop(error.insert("status".to_owned(), 400.into())));
    }
}

fn edit_list(response: &mut Response, change: impl FnOnce(&mut Members)) {
    edit_body(response, |body| {
        if let Some(list) = body.as_object_mut().filter(|members| has_schema(members, urn::LIST_RESPONSE)) {
            change(list);
        }
    });
}

fn edit_mail(response: &mut Response, change: impl Fn(&mut Members)) {
    edit_users(response, |user| {
        if let Some(mail) =
            user.get_mut("emails").and_then(|mails| mails.get_mut(0)).and_then(Value::as_object_mut)
        {
            change(mail);
        }
    });
}

fn edit_name(response: &mut Response, change: impl Fn(&mut Members)) {
    edit_users(response, |user| {
        if let Some(name) = user.get_mut("name").and_then(Value::as_object_mut) {
            change(name);
        }
    });
}
