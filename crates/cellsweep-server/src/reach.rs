//! How far somebody sees: each role by itself, prison by prison, so that no two roles add up to what neither has.

use std::collections::BTreeSet;

use cellsweep_accounts::{Action, Clearance, Kind, Reach, Resource};
use cellsweep_flow::views::{Eyes, Prisons, Views};
use cellsweep_model::FacilityId;
use cellsweep_model::holder::SourceClass;

use crate::guard::Who;
use crate::office::Office;

/// What is asked about prisons, one after another.
struct Ground<'a> {
    who: &'a Who,
    office: &'a Office,
    case: Resource,
    prisons: Vec<&'a FacilityId>,
    /// Those that an approved plan is open to.
    open: BTreeSet<FacilityId>,
    approved: bool,
}

impl Who {
    /// What they may see on a page that `action` opens.
    pub fn eyes(&self, office: &Office, views: &Views, action: Action, now: jiff::Timestamp) -> Eyes {
        let plan = views.plan_state(now);
        let ground = Ground {
            who: self,
            office,
            case: office.case(),
            prisons: views.facility_ids().collect(),
            open: views.open_facilities(now),
            approved: plan.is_some_and(|plan| plan.approved),
        };
        Eyes {
            facilities: ground.of(action),
            handsets: ground.of(Action::HandsetsList),
            holders: ground.of(Action::HolderSee),
            plans: ground.of(Action::PlanSee),
            cleared: self.cleared(office),
        }
    }

    fn cleared(&self, office: &Office) -> Vec<SourceClass> {
        let classes = [
            (Clearance::Open, SourceClass::Open),
            (Clearance::Judicial, SourceClass::Judicial),
            (Clearance::Intelligence, SourceClass::Intelligence),
        ];
        let cleared = classes.into_iter().filter(|(class, _)| {
            let finding = Resource::Finding { case: office.case_id().clone(), class: *class };
            self.may(office, Action::FindingSeeRestricted, &finding)
        });
        cleared.map(|(_, class)| class).collect()
    }
}

impl Ground<'_> {
    /// The prisons where somebody may do something, by one of their roles each.
    fn of(&self, action: Action) -> Prisons {
        let mut own = BTreeSet::new();
        for (post, grant) in self.who.person.grants.iter().enumerate() {
            if action.kind() == Kind::Case && !self.may(post, action, &self.case) {
                continue;
            }
            match (&grant.facilities, is_of_exhibits(action)) {
                (Reach::All, true) => return Prisons::All,
                (Reach::Only(named), true) => own.extend(named.iter().filter_map(|id| id.as_str().parse().ok())),
                // Of prisons that a role reaches all, rules tell apart those that are open: one of each stands for the rest.
                (Reach::All, false) if self.of_each_kind().all(|id| self.may_at(post, action, id)) => {
                    return Prisons::All;
                }
                (_, false) => {
                    let may = self.prisons.iter().filter(|id| self.may_at(post, action, id));
                    own.extend(may.map(|id| (*id).clone()));
                }
            }
        }
        Prisons::Only(own)
    }

    fn of_each_kind(&self) -> impl Iterator<Item = &FacilityId> {
        let first = |open: bool| self.prisons.iter().copied().find(move |id| self.open.contains(*id) == open);
        first(true).into_iter().chain(first(false))
    }

    fn may(&self, post: usize, action: Action, resource: &Resource) -> bool {
        self.who.may_as(self.office, post, action, resource)
    }

    /// Whether a role lets somebody do it in a prison, which they have to see by the same role.
    fn may_at(&self, post: usize, action: Action, id: &FacilityId) -> bool {
        let released = self.open.contains(id);
        let asked = match action.kind() {
            Kind::Plan => self.office.plan_part(id, self.approved, released).map(|part| (action, part)),
            _ => self.office.facility_resource(id, released).map(|prison| (Action::FacilitySee, prison)),
        };
        asked.is_some_and(|(action, resource)| self.may(post, action, &resource))
    }
}

/// Whoever keeps exhibits sees them in the prisons that the role reaches, and nothing else of these prisons.
fn is_of_exhibits(action: Action) -> bool {
    matches!(action, Action::CustodySee | Action::CustodyEnter | Action::RegisterSee | Action::RegisterEnter)
}
