//! Writes that several clients send alike. What an answer confirms is believed, and what no answer tells is left in doubt.
//! Must not know why something is written.

use serde_json::Value;

use super::attribute::Attribute;
use super::belief::{Fact, Group, WriteAt};
use super::desk::{Desk, GROUPS, USERS, patch_of, path};
use super::person::{GroupNumber, Profile, UserNumber};
use super::wire::Trouble;

/// What a PATCH leaves of the members of a group.
#[derive(Debug, Clone, Default)]
pub(super) struct Change {
    pub added: Vec<UserNumber>,
    pub removed: Vec<UserNumber>,
}

impl Desk {
    /// PATCH of a user, who then has this profile and is active or not; `set` is what it gives a value.
    pub async fn patch_user(
        &self,
        number: UserNumber,
        id: &str,
        operations: Vec<Value>,
        (profile, active): (Profile, bool),
        set: Vec<Attribute>,
    ) -> Result<(), Trouble> {
        let reply = self.wire.write("PATCH", &path(USERS, id), Some(&patch_of(operations))).await;
        let reply = reply.and_then(|reply| reply.accept(&[200, 204]));
        let reply = reply.map_err(self.user_in_doubt(number, (profile, active, false)))?;
        self.user_is(number, id, (profile, active), set, reply.write);
        Ok(())
    }

    /// PATCH of a group's name.
    pub async fn rename_group(
        &self,
        number: GroupNumber,
        had: &Group,
        operation: Value,
        version: u16,
    ) -> Result<(), Trouble> {
        let write = self.patch_group(number, had, vec![operation], (version, Change::default())).await?;
        self.believe(Fact::Group { group: number, id: had.id.to_string(), version, write });
        Ok(())
    }

    /// PATCH of a group's members; `version` is the name that the group may have then.
    pub async fn change_members(
        &self,
        number: GroupNumber,
        had: &Group,
        operations: Vec<Value>,
        (version, change): (u16, Change),
    ) -> Result<(), Trouble> {
        let Change { added, removed } = change.clone();
        let write = self.patch_group(number, had, operations, (version, change)).await?;
        self.believe(Fact::Members { group: number, added, removed, write });
        Ok(())
    }

    async fn patch_group(
        &self,
        number: GroupNumber,
        had: &Group,
        operations: Vec<Value>,
        (version, change): (u16, Change),
    ) -> Result<WriteAt, Trouble> {
        let reply = self.wire.write("PATCH", &path(GROUPS, &had.id), Some(&patch_of(operations))).await;
        let reply = reply.and_then(|reply| reply.accept(&[200, 204]));
        let doubt = (version, change.added, change.removed, false);
        Ok(reply.map_err(self.group_in_doubt(number, doubt))?.write)
    }

    /// DELETE of a group; one that is not there any more is deleted too.
    pub async fn delete_group(&self, number: GroupNumber, had: &Group) -> Result<(), Trouble> {
        let place = path(GROUPS, &had.id);
        let reply = self.wire.write("DELETE", &place, None).await;
        let reply = reply.and_then(|reply| reply.accept(&[200, 204, 404]));
        let doubt = (had.version, Vec::new(), Vec::new(), true);
        let reply = reply.map_err(self.group_in_doubt(number, doubt))?;
        self.wire.deleted(&place);
        self.believe(Fact::GroupDeleted { group: number, write: reply.write });
        Ok(())
    }
}
