//! Who may what.

use std::collections::BTreeSet;
use std::path::Path;

use cellsweep_accounts::{
    Action, CaseId, Clearance, Decision, FacilityId, Grant, Kind, Language, Need, Person, PersonId, Policies,
    PolicyError, Reach, Resource, Role, Standing, TeamId, table,
};
use jiff::Timestamp;
use proptest::prelude::*;

const STRONG: Standing = Standing { strong: true, fresh: true };

fn id(text: &str) -> PersonId {
    PersonId::parse(text).unwrap()
}

fn case(text: &str) -> CaseId {
    CaseId::parse(text).unwrap()
}

fn person(grants: Vec<Grant>) -> Person {
    Person {
        id: id("self"),
        name: "self".to_owned(),
        display: "Self".to_owned(),
        service_number: None,
        grants,
        clearances: BTreeSet::new(),
        disabled: false,
        created: Timestamp::UNIX_EPOCH,
    }
}

fn everywhere(role: Role) -> Grant {
    Grant::of(role).cases(Reach::All).facilities(Reach::All).teams(Reach::All)
}

fn within(role: Role, name: &str) -> Grant {
    Grant::of(role)
        .cases(Reach::one(case(name)))
        .facilities(Reach::one(FacilityId::parse(name).unwrap()))
        .teams(Reach::one(TeamId::parse(name).unwrap()))
}

/// What somebody might ask about, of every kind, in the state that allows most.
fn best(kind: Kind, name: &str) -> Resource {
    let (case, facility, team) = (case(name), FacilityId::parse(name).unwrap(), TeamId::parse(name).unwrap());
    let author = id("other");
    match kind {
        Kind::Office => Resource::Office,
        Kind::Account => Resource::Account { owner: id("self") },
        Kind::Case => Resource::Case { case },
        Kind::Finding => Resource::Finding { case, class: Clearance::Open },
        Kind::Facility => Resource::Facility { case, facility, released: true },
        Kind::Plan => Resource::Plan { case, facility: Some(facility), author, approved: true, released: true },
        Kind::Cell => Resource::Cell { case, facility, team, released: true },
        Kind::Proposal => Resource::Proposal { case, author },
    }
}

fn of_case(kind: Kind) -> bool {
    !matches!(kind, Kind::Office | Kind::Account)
}

/// The table is what the rules come to; made anew with `CELLSWEEP_BLESS=1`.
#[test]
fn the_table_is_what_the_rules_come_to() {
    let made = table::markdown(&Policies::own().unwrap()).unwrap();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/TABLE.md");
    if std::env::var_os("CELLSWEEP_BLESS").is_some() {
        std::fs::write(&file, &made).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(kept, made, "policies/TABLE.md is not what the rules come to: CELLSWEEP_BLESS=1 makes it anew");
}

#[test]
fn nobody_reaches_beyond_their_cases_prisons_and_teams() {
    let policies = Policies::own().unwrap();
    for role in Role::ALL {
        for action in Action::ALL.iter().filter(|action| of_case(action.kind())) {
            let inside = best(action.kind(), "here");
            let mut grants = vec![
                within(*role, "here").cases(Reach::nothing()),
                within(*role, "here").cases(Reach::one(case("there"))),
            ];
            if matches!(inside, Resource::Facility { .. } | Resource::Plan { .. } | Resource::Cell { .. }) {
                grants.push(within(*role, "here").facilities(Reach::nothing()));
                grants.push(within(*role, "here").facilities(Reach::one(FacilityId::parse("there").unwrap())));
            }
            if matches!(inside, Resource::Cell { .. }) {
                grants.push(within(*role, "here").teams(Reach::one(TeamId::parse("there").unwrap())));
            }
            for grant in grants {
                let decision = policies.may(&person(vec![grant.clone()]), STRONG, *action, &inside);
                assert!(!decision.allowed, "{grant:?} {action:?}");
            }
            let (all, one) = (person(vec![everywhere(*role)]), person(vec![within(*role, "here")]));
            let ask = |person| policies.may(person, STRONG, *action, &inside).allowed;
            assert_eq!(ask(&all), ask(&one), "{role:?} {action:?}: everywhere is here, too");
        }
    }
}

#[test]
fn the_reach_of_one_role_never_widens_another() {
    let policies = Policies::own().unwrap();
    let grants = vec![within(Role::Investigator, "here"), within(Role::Auditor, "there")];
    let both = person(grants);
    let ask = |action, name| policies.may(&both, STRONG, action, &best(Kind::Case, name)).allowed;
    assert!(ask(Action::HandsetsList, "here") && ask(Action::AuditRead, "there"));
    assert!(!ask(Action::HandsetsList, "there") && !ask(Action::AuditRead, "here"));
}

/// What takes two questions is asked of each role by itself: the one that lists handsets, the other that sees the prison.
#[test]
fn a_role_answers_alone() {
    let policies = Policies::own().unwrap();
    let somebody = person(vec![within(Role::Investigator, "here"), everywhere(Role::Commander)]);
    let may = |post, action: Action, name| {
        policies.may_as(&somebody, post, STRONG, action, &best(action.kind(), name)).allowed
    };
    let both = |post, name| may(post, Action::HandsetsList, "here") && may(post, Action::FacilitySee, name);
    assert!(both(0, "here") && !both(0, "there") && !both(1, "here") && !both(1, "there"));
    assert!(may(1, Action::FacilitySee, "there"));
    assert!(!may(2, Action::FacilitySee, "here"), "there is no such role");
}

#[test]
fn an_administrator_sees_nothing_of_a_case() {
    let policies = Policies::own().unwrap();
    let admin = person(vec![everywhere(Role::Administrator)]);
    for action in Action::ALL.iter().filter(|action| of_case(action.kind())) {
        assert!(!policies.may(&admin, STRONG, *action, &best(action.kind(), "here")).allowed, "{action:?}");
    }
}

#[test]
fn whoever_oversees_sees_no_handset() {
    let policies = Policies::own().unwrap();
    let handsets =
        [Action::HandsetsList, Action::HandsetSee, Action::HolderSee, Action::FindingSeeRestricted, Action::PlanSee];
    for role in [Role::Auditor, Role::DataProtectionOfficer, Role::Custodian, Role::Administrator] {
        for action in handsets {
            let mut person = person(vec![everywhere(role)]);
            person.clearances = Clearance::ALL.iter().copied().collect();
            assert!(
                !policies.may(&person, STRONG, action, &best(action.kind(), "here")).allowed,
                "{role:?} {action:?}"
            );
        }
    }
}

#[test]
fn who_is_closed_may_nothing_and_a_password_alone_opens_ones_own_account() {
    let policies = Policies::own().unwrap();
    let grants: Vec<Grant> = Role::ALL.iter().map(|role| everywhere(*role)).collect();
    let (open, closed) = (person(grants.clone()), Person { disabled: true, ..person(grants) });
    let password = Standing { strong: false, fresh: true };
    for action in Action::ALL {
        let resource = best(action.kind(), "here");
        assert!(!policies.may(&closed, STRONG, *action, &resource).allowed);
        let own = matches!(action, Action::SelfSee | Action::SelfSecure);
        assert_eq!(policies.may(&open, password, *action, &resource).allowed, own, "{action:?}");
        assert!(policies.may(&open, STRONG, *action, &resource).allowed, "{action:?}: somebody has to be able to");
    }
    // A role doesn't open somebody else's account.
    let other = Resource::Account { owner: id("other") };
    assert!(!policies.may(&open, STRONG, Action::SelfSee, &other).allowed);
}

#[test]
fn the_reason_is_in_words() {
    let policies = Policies::own().unwrap();
    let magistrate = person(vec![within(Role::Magistrate, "here")]);
    let plan = |author: &str, name: &str| Resource::Plan {
        case: case(name),
        facility: None,
        author: id(author),
        approved: false,
        released: false,
    };
    let check = |who: &Person, standing, resource: &Resource, rules: &[&str], need, en: &str, fr: &str| {
        let decision: Decision = policies.may(who, standing, Action::PlanApprove, resource);
        assert_eq!(decision.rules, rules, "{decision:?}");
        assert_eq!(decision.need, need, "{decision:?}");
        assert!(decision.says(Language::English).starts_with(en), "{decision:?}");
        assert!(decision.says(Language::French).starts_with(fr), "{decision:?}");
    };
    check(
        &magistrate,
        STRONG,
        &plan("other", "here"),
        &["magistrate-decides"],
        None,
        "A magistrate grants",
        "Le magistrat",
    );
    check(&magistrate, STRONG, &plan("self", "here"), &["four-eyes"], None, "Nobody approves", "Nul n'approuve");
    check(&magistrate, STRONG, &plan("other", "there"), &["reach-case"], None, "A role reaches", "Un rôle porte");
    let stale = Standing { strong: true, fresh: false };
    let again = Some(Need::SignInAgain);
    check(&magistrate, stale, &plan("other", "here"), &["fresh"], again, "What weighs", "Les actes graves");
    // What else stands in the way can't be mended by signing in again.
    check(
        &magistrate,
        stale,
        &plan("self", "here"),
        &["four-eyes", "fresh"],
        None,
        "Nobody approves",
        "Nul n'approuve",
    );
    let searcher = person(vec![within(Role::Searcher, "here")]);
    let en = "None of your roles lets you approve or refuse a plan.";
    check(&searcher, STRONG, &plan("other", "here"), &[], None, en, "Aucun de vos rôles");
}

#[test]
fn what_can_not_be_asked_is_denied() {
    let policies = Policies::own().unwrap();
    let grants: Vec<Grant> = Role::ALL.iter().map(|role| everywhere(*role)).collect();
    let kinds = [
        Kind::Office,
        Kind::Account,
        Kind::Case,
        Kind::Finding,
        Kind::Facility,
        Kind::Plan,
        Kind::Cell,
        Kind::Proposal,
    ];
    for action in Action::ALL {
        for kind in kinds.into_iter().filter(|kind| *kind != action.kind()) {
            let decision = policies.may(&person(grants.clone()), STRONG, *action, &best(kind, "here"));
            assert!(!decision.allowed, "{action:?} on {kind:?}");
        }
    }
}

#[test]
fn a_folder_of_other_rules_is_checked() {
    let check = |text: &str, expected: &str| {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("own.cedar"), text).unwrap();
        let error = Policies::folder(folder.path()).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    };
    let rule = |body: &str| format!("@id(\"x\") @en(\"A.\") @fr(\"B.\") {body}");
    check("permit (principal, action, resource)", "own.cedar");
    check("permit (principal, action, resource);", "@id");
    check("@id(\"x\") @en(\"A.\") permit (principal, action, resource);", "@fr");
    check(&rule("@need(\"luck\") permit (principal, action, resource);"), "@need");
    check(&rule("permit (principal, action == Action::\"plan.aprove\", resource);"), "plan.aprove");
    check(&rule("permit (principal, action, resource) when { resource.colour == 1 };"), "colour");
    check(
        &(rule("permit (principal, action, resource);") + &rule("permit (principal, action, resource);")),
        "two rules",
    );
    let empty = tempfile::tempdir().unwrap();
    assert!(matches!(Policies::folder(empty.path()), Err(PolicyError::NoRules { .. })));
    assert!(matches!(Policies::folder(&empty.path().join("none")), Err(PolicyError::Io { .. })));
    // Rules that hold take the place of the program's own; what they don't permit is denied.
    std::fs::write(
        empty.path().join("own.cedar"),
        rule("permit (principal in Role::\"auditor\", action == Action::\"audit.read\", resource);"),
    )
    .unwrap();
    let policies = Policies::folder(empty.path()).unwrap();
    let auditor = person(vec![everywhere(Role::Auditor)]);
    for action in Action::ALL {
        let allowed = policies.may(&auditor, STRONG, *action, &best(action.kind(), "here")).allowed;
        assert_eq!(allowed, *action == Action::AuditRead, "{action:?}");
    }
}

#[test]
fn words_and_actions_go_together() {
    for action in Action::ALL {
        assert_eq!(Action::parse(action.word()), Some(*action));
    }
    for role in Role::ALL {
        assert_eq!(Role::parse(role.word()), Some(*role));
    }
    assert_eq!(Action::parse("plan.destroy"), None);
}

proptest! {
    /// More roles never take anything away, and the order of roles doesn't matter.
    #[test]
    fn roles_add_up(first in 0..Role::ALL.len(), second in 0..Role::ALL.len(), action in 0..Action::ALL.len()) {
        let policies = Policies::own().unwrap();
        let (first, second) = (everywhere(Role::ALL[first]), everywhere(Role::ALL[second]));
        let action = Action::ALL[action];
        let resource = best(action.kind(), "here");
        let ask = |grants: &[&Grant]| {
            policies.may(&person(grants.iter().map(|grant| (*grant).clone()).collect()), STRONG, action, &resource).allowed
        };
        let both = ask(&[&first, &second]);
        prop_assert_eq!(both, ask(&[&second, &first]));
        prop_assert_eq!(both, ask(&[&first]) || ask(&[&second]));
    }
}

#[test]
fn an_answer_holds_no_longer_than_the_person_stays_the_same() {
    let policies = Policies::own().unwrap();
    let asked = best(Kind::Facility, "here");
    let may = |person: &Person, standing: Standing| policies.may(person, standing, Action::FacilitySee, &asked).allowed;
    let mut somebody = person(vec![everywhere(Role::Investigator)]);
    assert!(may(&somebody, STRONG) && may(&somebody, STRONG));
    assert!(!may(&somebody, Standing { strong: false, fresh: false }), "another question");
    somebody.grants = vec![within(Role::Investigator, "there")];
    assert!(!may(&somebody, STRONG), "the reach is another one");
    somebody.grants = vec![everywhere(Role::Investigator)];
    assert!(may(&somebody, STRONG));
    somebody.disabled = true;
    assert!(!may(&somebody, STRONG), "the account is closed");
}
