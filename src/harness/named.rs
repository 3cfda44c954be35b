//! What the user has named of a target, such as a group: looked for before a run, so that a name which the target does not know
//! is the user's mistake and no fault of the target's.
//! Judges nothing.

use super::Failure;
use crate::profile::{Named, Profile};
use crate::target::Session;

/// Looks for everything that the profile has the user name. Error: the target says that it has nothing of that name.
pub(super) async fn look_for(session: &Session, profile: &Profile) -> Result<(), Failure> {
    let given = session.target.credential_names();
    for named in profile.named.iter().filter(|named| given.contains(&named.credential)) {
        let value = session.target.facts().get(&named.fact).or_else(|| profile.facts.get(&named.fact));
        let Some(value) = value else { continue };
        if is_missing(session, named, value).await {
            return Err(Failure::Usage(format!(
                "the target has no {} `{value}`; {}",
                named.fact, named.help
            )));
        }
    }
    Ok(())
}

/// Whether the target says so itself. Any other answer, and none, is for the cases to see.
async fn is_missing(session: &Session, named: &Named, value: &str) -> bool {
    let Ok(draft) = session.draft("GET", &named.base, &named.path) else { return false };
    let Ok(sent) = session.send("none", draft).await else { return false };
    let Ok(response) = sent.outcome else { return false };
    let told = response.json().and_then(|body| body.get("detail")?.as_str().map(str::to_owned));
    response.status == 404 && told == Some(named.missing.replace("{}", value))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;
    use crate::harness::target::{Lent, target};
    use crate::http::{InProcess, Limits, Paced, Transport};
    use crate::mock::gitlab::{Gitlab, Settings};
    use crate::target::{Auth, Secret};

    async fn look(group: &str, credential: &str) -> Result<(), String> {
        let profile = crate::profile::find("gitlab").expect("a profile");
        let token = Auth::Bearer(Secret::new("glsoat-group", "test").expect("a secret"));
        let lent = Lent {
            credentials: vec![(credential.to_owned(), token)],
            facts: vec![("group".to_owned(), group.to_owned())],
            ..Lent::default()
        };
        let target = target("http://localhost", &profile, lent).unwrap_or_else(|_| panic!("no target"));
        let gitlab = Arc::new(Gitlab::new(Settings::default()));
        let transport =
            Transport::InProcess(InProcess::new(gitlab, Arc::new(|| jiff::Timestamp::UNIX_EPOCH)));
        let session = Session::new(target, Paced::new(transport, None, Duration::ZERO), Limits::default());
        look_for(&session, &profile).await.map_err(|failure| match failure {
            Failure::Usage(told) => told,
            other => panic!("{other:?}"),
        })
    }

    #[tokio::test]
    async fn a_group_that_there_is_not_is_the_users_mistake() {
        assert_eq!(look("acme", "group").await, Ok(()));
        let told = look("no.group", "group").await.expect_err("there is none");
        assert!(told.starts_with("the target has no group `no.group`; "), "{told}");
        assert_eq!(look("nothing", "instance").await, Ok(()), "no case asks the group");
    }
}
