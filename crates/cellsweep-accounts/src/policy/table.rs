//! Who may what, as a table: every role asked about every action, in every situation that the rules tell apart.

use std::collections::BTreeSet;
use std::fmt::Write;

use jiff::Timestamp;

use super::{Language, Policies, Resource, Standing};
use crate::{Action, CaseId, Clearance, FacilityId, Grant, IdError, Kind, Person, PersonId, Reach, Role, TeamId};

/// A question of the table: what it is called, and what is asked about.
struct Situation {
    name: &'static str,
    resource: Resource,
    clearances: BTreeSet<Clearance>,
}

/// The table of the rules, as Markdown; the same rules give the same bytes.
///
/// # Errors
/// None: the names in it are names.
pub fn markdown(policies: &Policies) -> Result<String, IdError> {
    let mut out = String::from(HEAD);
    let names: Vec<&str> = Role::ALL.iter().map(|role| role.says(Language::English)).collect();
    // Writing to a String doesn't fail.
    let _ = writeln!(out, "| action | of what | {} |", names.join(" | "));
    let _ = writeln!(out, "|---|---|{}", "---|".repeat(names.len()));
    for action in Action::ALL {
        for row in rows(policies, *action)? {
            let _ = writeln!(out, "{row}");
        }
    }
    out.push_str("\n## The rules\n\n");
    for rule in policies.rules() {
        let _ = writeln!(out, "- `{}` ({}): {} *{}*", rule.id, rule.file, rule.en, rule.fr);
    }
    Ok(out)
}

const HEAD: &str = "# Who may what\n\n\
Made from the rules in this folder by asking them; a test compares it. **yes** = may; nothing = may not. Each role is asked\n\
within its reach (its cases, its prisons, its teams): outside of it, the answer is always no. Signed in with a second factor or\n\
a passkey, a short while ago.\n\n";

fn rows(policies: &Policies, action: Action) -> Result<Vec<String>, IdError> {
    let mut rows: Vec<(Vec<&str>, String)> = Vec::new();
    for situation in situations(action.kind())? {
        let cells = Role::ALL.iter().map(|role| answer(policies, *role, action, &situation));
        let cells = cells.collect::<Result<Vec<_>, _>>()?.join(" | ");
        // Situations in which everybody is answered alike are one row.
        match rows.iter_mut().find(|(_, known)| *known == cells) {
            Some((names, _)) => names.push(situation.name),
            None => rows.push((vec![situation.name], cells)),
        }
    }
    let alone = rows.len() == 1;
    let of = |names: Vec<&str>| if alone { "any".to_owned() } else { names.join("; ") };
    Ok(rows.into_iter().map(|(names, cells)| format!("| `{}` | {} | {cells} |", action.word(), of(names))).collect())
}

fn answer(policies: &Policies, role: Role, action: Action, situation: &Situation) -> Result<&'static str, IdError> {
    let person = person(role, &situation.clearances)?;
    let standing = Standing { strong: true, fresh: true };
    let decision = policies.may(&person, standing, action, &situation.resource);
    Ok(if decision.allowed { "yes" } else { "" })
}

/// Somebody with one role that reaches what is asked about.
fn person(role: Role, clearances: &BTreeSet<Clearance>) -> Result<Person, IdError> {
    let grant = Grant::of(role)
        .cases(Reach::one(CaseId::parse("case")?))
        .facilities(Reach::one(FacilityId::parse("prison")?))
        .teams(Reach::one(TeamId::parse("team")?));
    Ok(Person {
        id: PersonId::parse("self")?,
        name: "self".to_owned(),
        display: "self".to_owned(),
        service_number: None,
        grants: vec![grant],
        clearances: clearances.clone(),
        disabled: false,
        created: Timestamp::UNIX_EPOCH,
    })
}

fn situations(kind: Kind) -> Result<Vec<Situation>, IdError> {
    let (case, facility, team) = (CaseId::parse("case")?, FacilityId::parse("prison")?, TeamId::parse("team")?);
    let (own, other) = (PersonId::parse("self")?, PersonId::parse("other")?);
    let plain = |name, resource| Situation { name, resource, clearances: BTreeSet::new() };
    let plan = |name, facility: Option<&FacilityId>, author: &PersonId, approved, released| {
        let (case, facility, author) = (case.clone(), facility.cloned(), author.clone());
        plain(name, Resource::Plan { case, facility, author, approved, released })
    };
    let finding = |name, class, cleared: bool| {
        let clearances = if cleared { BTreeSet::from([class]) } else { BTreeSet::new() };
        Situation { name, resource: Resource::Finding { case: case.clone(), class }, clearances }
    };
    Ok(match kind {
        Kind::Office => vec![plain("the office", Resource::Office)],
        Kind::Account => vec![
            plain("one's own", Resource::Account { owner: own }),
            plain("somebody else's", Resource::Account { owner: other }),
        ],
        Kind::Case => vec![plain("the case", Resource::Case { case })],
        Kind::Finding => vec![
            finding("open, not cleared", Clearance::Open, false),
            finding("open, cleared for it", Clearance::Open, true),
            finding("judicial, not cleared", Clearance::Judicial, false),
            finding("judicial, cleared for it", Clearance::Judicial, true),
            finding("intelligence, not cleared", Clearance::Intelligence, false),
            finding("intelligence, cleared for it", Clearance::Intelligence, true),
        ],
        Kind::Facility => [("before release", false), ("once released", true)]
            .map(|(name, released)| {
                let (case, facility) = (case.clone(), facility.clone());
                plain(name, Resource::Facility { case, facility, released })
            })
            .into(),
        Kind::Plan => vec![
            plan("one's own, whole, proposed", None, &own, false, false),
            plan("another's, whole, proposed", None, &other, false, false),
            plan("one's own, whole, approved", None, &own, true, false),
            plan("another's, whole, approved", None, &other, true, false),
            plan("another's, whole, released", None, &other, true, true),
            plan("in the own prison, proposed", Some(&facility), &other, false, false),
            plan("in the own prison, approved", Some(&facility), &other, true, false),
            plan("in the own prison, released", Some(&facility), &other, true, true),
        ],
        Kind::Cell => [("before release", false), ("once released", true)]
            .map(|(name, released)| {
                let (case, facility, team) = (case.clone(), facility.clone(), team.clone());
                plain(name, Resource::Cell { case, facility, team, released })
            })
            .into(),
        Kind::Proposal => vec![
            plain("drawn up by oneself", Resource::Proposal { case: case.clone(), author: own }),
            plain("drawn up by another", Resource::Proposal { case, author: other }),
        ],
    })
}
