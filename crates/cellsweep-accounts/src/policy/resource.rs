//! What is asked about, as the rules see it.

use std::collections::{BTreeSet, HashMap, HashSet};

use cedar_policy::{Entities, Entity, EntityId, EntityTypeName, EntityUid, RestrictedExpression, Schema};

use crate::{CaseId, Clearance, FacilityId, Grant, Kind, Person, PersonId, Reach, Role, TeamId};

/// What something is done to. The caller says how things stand with it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Resource {
    /// The office itself.
    Office,
    /// The account of a person.
    Account {
        /// Whose.
        owner: PersonId,
    },
    /// A case.
    Case {
        /// Which.
        case: CaseId,
    },
    /// A finding.
    Finding {
        /// Of which case.
        case: CaseId,
        /// Of which class its source is.
        class: Clearance,
    },
    /// A prison in a case.
    Facility {
        /// Which case.
        case: CaseId,
        /// Which prison.
        facility: FacilityId,
        /// Whether an approved plan is released to it.
        released: bool,
    },
    /// A plan.
    Plan {
        /// Of which case.
        case: CaseId,
        /// Its part in one prison; `None` = whole.
        facility: Option<FacilityId>,
        /// Who made it.
        author: PersonId,
        /// Whether it is approved.
        approved: bool,
        /// Whether it is released (to the prison, where it is one's part).
        released: bool,
    },
    /// A cell that a team searches.
    Cell {
        /// In which case.
        case: CaseId,
        /// In which prison.
        facility: FacilityId,
        /// By which team.
        team: TeamId,
        /// Whether the plan is released to the prison.
        released: bool,
    },
    /// Something that a second person has to agree to: an authority, a share, an erasure.
    Proposal {
        /// In which case.
        case: CaseId,
        /// Who drew it up.
        author: PersonId,
    },
}

impl Resource {
    /// What it is.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Office => Kind::Office,
            Self::Account { .. } => Kind::Account,
            Self::Case { .. } => Kind::Case,
            Self::Finding { .. } => Kind::Finding,
            Self::Facility { .. } => Kind::Facility,
            Self::Plan { .. } => Kind::Plan,
            Self::Cell { .. } => Kind::Cell,
            Self::Proposal { .. } => Kind::Proposal,
        }
    }

    const fn type_name(&self) -> &'static str {
        match self {
            Self::Office => "Office",
            Self::Account { .. } => "Account",
            Self::Case { .. } => "CaseFile",
            Self::Finding { .. } => "Finding",
            Self::Facility { .. } => "Prison",
            Self::Plan { .. } => "Plan",
            Self::Cell { .. } => "Cell",
            Self::Proposal { .. } => "Proposal",
        }
    }
}

pub(super) type Asked<T> = Result<T, String>;

/// Names of one kind hold each other: every one is in "*".
const ALL: &str = "*";

/// A post's role as rules write it; `None` is anybody with an account.
pub(super) const fn role_word(role: Option<Role>) -> &'static str {
    match role {
        Some(role) => role.word(),
        None => "anyone",
    }
}

pub(super) fn uid(kind: &str, id: &str) -> Asked<EntityUid> {
    let name: EntityTypeName = kind.parse().map_err(|error| format!("{error}"))?;
    Ok(EntityUid::from_type_name_and_id(name, EntityId::new(id)))
}

/// Roles, and the schema's groups of actions.
pub(super) fn base(schema: &Schema) -> Asked<Entities> {
    let roles = Role::ALL.iter().map(|role| Some(*role)).chain([None]);
    let roles = roles.map(|role| Ok(Entity::with_uid(uid("Role", role_word(role))?))).collect::<Asked<Vec<_>>>()?;
    Entities::from_entities(roles, Some(schema)).map_err(|error| error.to_string())
}

/// A person in one role, and what is asked about, with all that the two name.
pub(super) struct Scene {
    pub(super) post: EntityUid,
    pub(super) resource: EntityUid,
    pub(super) entities: Entities,
}

/// Sets the scene for one question.
pub(super) fn scene(base: &Entities, person: &Person, grant: Option<&Grant>, resource: &Resource) -> Asked<Scene> {
    let (post, asked) = (post(person, grant)?, thing(resource)?);
    let (post_uid, asked_uid) = (post.uid(), asked.uid());
    let mut entities = vec![post, asked];
    entities.extend(named(resource)?);
    let entities = base.clone().add_entities(entities, None).map_err(|error| error.to_string())?;
    Ok(Scene { post: post_uid, resource: asked_uid, entities })
}

fn post(person: &Person, grant: Option<&Grant>) -> Asked<Entity> {
    let nothing = Grant::of(Role::Searcher);
    let reach = grant.unwrap_or(&nothing);
    let clearances = person.clearances.iter().map(|clearance| text(clearance.word()));
    let attributes = HashMap::from([
        ("person".to_owned(), refers("Person", person.id.as_str())?),
        ("cases".to_owned(), reaches("Case", &reach.cases, CaseId::as_str)?),
        ("facilities".to_owned(), reaches("Facility", &reach.facilities, FacilityId::as_str)?),
        ("teams".to_owned(), reaches("Team", &reach.teams, TeamId::as_str)?),
        ("clearances".to_owned(), RestrictedExpression::new_set(clearances)),
    ]);
    let role = uid("Role", role_word(grant.map(|grant| grant.role)))?;
    Entity::new(uid("Post", person.id.as_str())?, attributes, HashSet::from([role])).map_err(|error| error.to_string())
}

fn thing(resource: &Resource) -> Asked<Entity> {
    let mut attributes = HashMap::new();
    let mut with = |name: &str, value: RestrictedExpression| attributes.insert(name.to_owned(), value);
    match resource {
        Resource::Office => {}
        Resource::Account { owner } => {
            with("owner", refers("Person", owner.as_str())?);
        }
        Resource::Case { case } => {
            with("case", refers("Case", case.as_str())?);
        }
        Resource::Finding { case, class } => {
            with("case", refers("Case", case.as_str())?);
            with("class", text(class.word()));
        }
        Resource::Facility { case, facility, released } => {
            with("case", refers("Case", case.as_str())?);
            with("facility", refers("Facility", facility.as_str())?);
            with("released", RestrictedExpression::new_bool(*released));
        }
        Resource::Plan { case, facility, author, approved, released } => {
            with("case", refers("Case", case.as_str())?);
            if let Some(facility) = facility {
                with("facility", refers("Facility", facility.as_str())?);
            }
            with("author", refers("Person", author.as_str())?);
            with("approved", RestrictedExpression::new_bool(*approved));
            with("released", RestrictedExpression::new_bool(*released));
        }
        Resource::Cell { case, facility, team, released } => {
            with("case", refers("Case", case.as_str())?);
            with("facility", refers("Facility", facility.as_str())?);
            with("team", refers("Team", team.as_str())?);
            with("released", RestrictedExpression::new_bool(*released));
        }
        Resource::Proposal { case, author } => {
            with("case", refers("Case", case.as_str())?);
            with("author", refers("Person", author.as_str())?);
        }
    }
    Entity::new(uid(resource.type_name(), "it")?, attributes, HashSet::new()).map_err(|error| error.to_string())
}

/// The case, prison and team that a resource names: each is in all of its kind.
fn named(resource: &Resource) -> Asked<Vec<Entity>> {
    let (case, facility, team) = match resource {
        Resource::Office | Resource::Account { .. } => (None, None, None),
        Resource::Case { case } | Resource::Finding { case, .. } | Resource::Proposal { case, .. } => {
            (Some(case), None, None)
        }
        Resource::Facility { case, facility, .. } => (Some(case), Some(facility), None),
        Resource::Plan { case, facility, .. } => (Some(case), facility.as_ref(), None),
        Resource::Cell { case, facility, team, .. } => (Some(case), Some(facility), Some(team)),
    };
    let names = [
        case.map(|case| ("Case", case.as_str())),
        facility.map(|facility| ("Facility", facility.as_str())),
        team.map(|team| ("Team", team.as_str())),
    ];
    let entity = |(kind, id)| Ok(Entity::new_no_attrs(uid(kind, id)?, HashSet::from([uid(kind, ALL)?])));
    names.into_iter().flatten().map(entity).collect()
}

fn refers(kind: &str, id: &str) -> Asked<RestrictedExpression> {
    Ok(RestrictedExpression::new_entity_uid(uid(kind, id)?))
}

fn text(text: &str) -> RestrictedExpression {
    RestrictedExpression::new_string(text.to_owned())
}

fn reaches<T: Ord>(kind: &str, reach: &Reach<T>, name: impl Fn(&T) -> &str) -> Asked<RestrictedExpression> {
    let ids: BTreeSet<&str> = match reach {
        Reach::All => BTreeSet::from([ALL]),
        Reach::Only(some) => some.iter().map(name).collect(),
    };
    Ok(RestrictedExpression::new_set(ids.into_iter().map(|id| refers(kind, id)).collect::<Asked<Vec<_>>>()?))
}
