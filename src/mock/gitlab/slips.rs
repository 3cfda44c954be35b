//! Decisions that the service can be told to make wrongly; by default it makes all of them rightly.
//! Knows no defect: a table elsewhere says what each means to a client.

use std::collections::BTreeSet;

/// One decision made wrongly. What a wrapper could do from outside has no place here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slip {
    // Who gets in.
    OtherGroupsTokenAccepted,
    GroupTokenOpensInstance,
    InstanceTokenOpensGroups,
    AnyTokenAccepted,
    TokenUnchecked,
    PrivateTokenOpensScim,
    TokenParameterIgnored,
    SchemeMindsCase,
    RotationKeepsOldToken,
    TokensLackPrefix,
    TokensHavePrefix,
    TokenInBodyIgnored,
    BearerTokenBeforeHeader,
    AccessTokenOpensScim,
    LicenceAskedBeforeSaml,
    AdminModeNotAsked,
    BlockedSignsIn,
    SessionNotAsked,
    AdministratorNotAsked,
    TokenOfAnyGroup,
    TokenAskedFirst,
    LicenceNotAsked,
    SaasNotAsked,
    FlagNotAsked,
    // What of a request is read.
    PlainJsonAccepted,
    FormsIgnored,
    MalformedJsonIgnored,
    DottedGroupIsRouted,
    NumericGroupIsPath,
    SamlNotAsked,
    SecretsShown,
    ExceptionsEscape,
    // Creating.
    PostReactivates,
    PostConflicts,
    PostUpdates,
    MissingParamsAccepted,
    NameIsOptional,
    BlankExternUidAccepted,
    FurtherAddressIgnored,
    SecondIdentityReplaces,
    UsernameConflicts,
    UsernameKeepsDomain,
    SamlIdentityNotMade,
    EnforcedSsoIgnored,
    DomainsIgnored,
    SeatsIgnored,
    DefaultRoleIgnored,
    NewAccountWaits,
    UserCapIgnored,
    AddressConfirmedAtOnce,
    VerifiedDomainsIgnored,
    PendingFoundByIdAlone,
    // Finding.
    ExternUidMindsCase,
    FilterMindsCase,
    FilterIgnoresAddress,
    FilterIgnoresUsername,
    UsernameIsNoExternUid,
    ListHidesGroupIdentities,
    UnknownFilterListsAll,
    ListHidesInactive,
    ListHidesFormerMembers,
    PagesAreUnbounded,
    CountZeroIsEmpty,
    StartIndexFromZero,
    // PATCH.
    PatchChangesName,
    PatchChangesAddress,
    PatchChangesUsername,
    PatchReadsEveryKey,
    PatchOpMindsCase,
    PatchRefusesUnknownPath,
    PatchRemoveDeactivates,
    PatchTextIsNoBoolean,
    PatchIgnoresExternUid,
    PatchAcceptsTakenExternUid,
    AnyPatchReactivates,
    OnlyActiveReactivates,
    PendingKeepsExternUid,
    // Deprovisioning and reactivation.
    IdentityDropped,
    AccountDeleted,
    AccountStaysActive,
    BlockReplacesState,
    SecondDeleteUnblocks,
    ReactivationLeavesBlocked,
    ReactivationKeepsIdentityInactive,
    ActiveOfActiveUnblocks,
    GroupRemovalBlocks,
    MembershipStays,
    RemovalIsAtOnce,
    RemovalIsLater,
    PendingRemovalIgnored,
    SamlIdentityDropped,
    SamlIdentityKept,
    LastOwnerRemoved,
    SubgroupsAlwaysLeft,
    // Identities through the REST API.
    RestTokenUnchecked,
    RestIgnoresBearer,
    PrivateTokenParameterIgnored,
    HiddenGroupsTold,
    ProvidersBlockIsChanged,
    RevokedTokenWorks,
    ScimTokenOpensRest,
    OwnerNotChecked,
    ScopeNotChecked,
    UidMindsCase,
    SamlUidIgnoresCase,
    DeleteOnlyDeactivates,
    DeleteRemovesMember,
    ChangedSamlStaysTrusted,
    ChangedSamlIsDistrusted,
    // Groups of the instance.
    RelabelConflicts,
    UnlinkedGroupCreated,
    GroupReplaceAccepted,
    GroupRemoveByFilterWorks,
    PutRenamesGroup,
    ManualMembersRemoved,
    RolesLowered,
    RolesNotRaised,
    OtherLinkIgnored,
    MembersShown,
    UnidentifiedMembersShown,
    GroupShownForEachLink,
    GroupDeleteRemovesMembers,
    LinksListedOnce,
    RemovalReachesSubgroups,
    UnlinkedGroupsShown,
}

/// The decisions that a service makes wrongly.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Slips(BTreeSet<Slip>);

impl Slips {
    /// Makes one more decision wrongly.
    pub fn add(&mut self, slip: Slip) {
        self.0.insert(slip);
    }

    /// Whether this decision is made wrongly.
    pub fn has(&self, slip: Slip) -> bool {
        self.0.contains(&slip)
    }
}
