//! Defects of the area `gitlab-create`: what POST makes of whom.
//! Knows no other area.

use serde_json::Value;

use crate::mock::defects::edit::{Place, edit_body, edit_error, edit_sent, edit_users, place, sent};
use crate::mock::defects::{Area, Defect, How};
use crate::mock::gitlab::slips::Slip;

const AREA: Area = Area("gitlab-create");

pub(in crate::mock::defects) const DEFECTS: &[Defect] = &[
    AREA.failure(
        "gitlab-post-reactivates",
        &["GL-instance-create-08", "GL-instance-states-04", "GL-group-membership-10", "GL-accounts-04"],
        "POST of an inactive user makes the user active again.",
        How::Gitlab(Slip::PostReactivates),
    ),
    AREA.failure(
        "gitlab-post-conflicts",
        &["GL-instance-create-07", "GL-group-create-06"],
        "POST with a known external id is answered with 409.",
        How::Gitlab(Slip::PostConflicts),
    ),
    AREA.failure(
        "gitlab-post-updates",
        &["GL-instance-create-07", "GL-group-create-06"],
        "POST with a known external id changes name and address of the account.",
        How::Gitlab(Slip::PostUpdates),
    ),
    AREA.failure(
        "gitlab-missing-params-accepted",
        &["GL-instance-create-04", "GL-group-create-03"],
        "A create without an external id takes the user name for it.",
        How::Gitlab(Slip::MissingParamsAccepted),
    ),
    AREA.failure(
        "gitlab-name-is-optional",
        &["GL-instance-create-12", "GL-group-create-13", "GL-troubleshooting-16"],
        "A user without a name is created.",
        How::Gitlab(Slip::NameIsOptional),
    ),
    AREA.failure(
        "gitlab-blank-external-id-accepted",
        &["GL-instance-create-11"],
        "A blank external id is replaced by one of GitLab's own.",
        How::Gitlab(Slip::BlankExternUidAccepted),
    ),
    AREA.failure(
        "gitlab-further-address-ignored",
        &["GL-instance-create-09"],
        "An account is not found by its confirmed further addresses.",
        How::Gitlab(Slip::FurtherAddressIgnored),
    ),
    AREA.failure(
        "gitlab-second-identity-replaces",
        &["GL-instance-create-10", "GL-group-create-08", "GL-troubleshooting-08", "GL-troubleshooting-22"],
        "Another external id for the same account takes the place of the first.",
        How::Gitlab(Slip::SecondIdentityReplaces),
    ),
    AREA.failure(
        "gitlab-username-conflicts",
        &["GL-instance-create-15", "GL-group-create-15"],
        "A user name that is taken is answered with 409.",
        How::Gitlab(Slip::UsernameConflicts),
    ),
    AREA.failure(
        "gitlab-username-keeps-domain",
        &[
            "GL-instance-create-13",
            "GL-instance-create-14",
            "GL-instance-create-15",
            "GL-group-create-15",
            "GL-instance-create-26",
            "GL-instance-create-27",
        ],
        "The user name is kept as it is sent.",
        How::Gitlab(Slip::UsernameKeepsDomain),
    ),
    AREA.failure(
        "gitlab-saml-identity-not-made",
        &["GL-group-create-02"],
        "A new user of a group has no SAML identity.",
        How::Gitlab(Slip::SamlIdentityNotMade),
    ),
    AREA.failure(
        "gitlab-enforced-sso-ignored",
        &["GL-group-create-10", "GL-troubleshooting-11", "GL-troubleshooting-13"],
        "Who has no SAML identity becomes a member although SSO is enforced.",
        How::Gitlab(Slip::EnforcedSsoIgnored),
    ),
    AREA.failure(
        "gitlab-domains-ignored",
        &["GL-group-create-11", "GL-troubleshooting-10", "GL-group-membership-16"],
        "Addresses of domains that the group does not allow are taken.",
        How::Gitlab(Slip::DomainsIgnored),
    ),
    AREA.failure(
        "gitlab-seats-ignored",
        &["GL-group-create-14"],
        "Without a free seat a new member gets the default role all the same.",
        How::Gitlab(Slip::SeatsIgnored),
    ),
    AREA.failure(
        "gitlab-default-role-ignored",
        &["GL-group-create-09", "GL-group-membership-09", "GL-troubleshooting-07"],
        "New members are maintainers, whatever the default role is.",
        How::Gitlab(Slip::DefaultRoleIgnored),
    ),
    AREA.failure(
        "gitlab-new-account-waits",
        &["GL-instance-create-02", "GL-group-create-02"],
        "A new account waits for an administrator's approval, whatever the settings of the instance are.",
        How::Gitlab(Slip::NewAccountWaits),
    ),
    AREA.failure(
        "gitlab-refusal-lacks-link",
        &["GL-group-create-30"],
        "The refusal for want of a SAML identity does not lead to the guide.",
        How::Response(|_, response| {
            edit_body(response, |body| {
                let detail = body["detail"].as_str().unwrap_or_default();
                if let Some((before, _)) = detail.split_once(" See <a ") {
                    body["detail"] = before.to_owned().into();
                }
            });
        }),
    ),
    AREA.failure(
        "gitlab-verified-domains-ignored",
        &["GL-group-create-29"],
        "Addresses must be confirmed although their domain is the group's own.",
        How::Gitlab(Slip::VerifiedDomainsIgnored),
    ),
    AREA.failure(
        "gitlab-address-confirmed-at-once",
        &["GL-instance-create-03", "GL-group-create-21"],
        "The address of a new account is confirmed, also where the instance asks for a confirmation.",
        How::Gitlab(Slip::AddressConfirmedAtOnce),
    ),
    AREA.remark(
        "gitlab-post-heeds-active",
        &["GL-instance-create-25"],
        "The answer to a create says that the user is inactive, where that was asked for.",
        How::Response(|request, response| {
            let inactive = sent(request).is_some_and(|body| body.get("active") == Some(&false.into()));
            if inactive && request.method == "POST" && response.status == 201 {
                edit_users(response, |user| drop(user.insert("active".to_owned(), false.into())));
            }
        }),
    ),
    AREA.remark(
        "gitlab-user-cap-ignored",
        &["GL-instance-create-31"],
        "A new account is active, also where the cap on users is reached.",
        How::Gitlab(Slip::UserCapIgnored),
    ),
    AREA.remark(
        "gitlab-member-limit-is-400",
        &["GL-group-create-22"],
        "A member beyond the limit of the group is refused with 400.",
        How::Response(|_, response| {
            let limit =
                |body: Value| body["detail"].as_str().is_some_and(|told| told.contains("member limit for"));
            if response.status == 412 && response.json().is_some_and(limit) {
                response.status = 400;
                edit_error(response, |error| drop(error.insert("status".to_owned(), 400.into())));
            }
        }),
    ),
    AREA.failure(
        "gitlab-create-ignores-case-of-names",
        &["GL-group-create-18", "GL-instance-create-28"],
        "userName and externalId are understood in any case.",
        How::Request(|request| {
            if request.method == "POST" && place(request) == Place::Collection("Users") {
                edit_sent(request, |user| {
                    for right in ["userName", "externalId"] {
                        let other = user.keys().find(|name| name.eq_ignore_ascii_case(right)).cloned();
                        if let Some(value) = other.and_then(|name| user.shift_remove(&name)) {
                            user.insert(right.to_owned(), value);
                        }
                    }
                });
            }
        }),
    ),
];
