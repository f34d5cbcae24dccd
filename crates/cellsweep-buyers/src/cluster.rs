//! From pairs to buyers: the surest pairs first, and two groups become one only where their members, taken
//! together, don't speak against it. So one wrong link doesn't chain two buyers.

use crate::fit::Model;
use crate::party::Cleaned;

/// A pair that speaks for one buyer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Link {
    pub a: u32,
    pub b: u32,
    /// Prior included.
    pub log10_odds: f64,
}

/// Groups of parties, each with the links that made it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Groups {
    /// Members, in ascending order; groups by their first.
    pub members: Vec<Vec<u32>>,
    /// The links that merged two groups, by the group that came of it.
    pub links: Vec<Vec<Link>>,
}

struct Forest {
    of: Vec<u32>,
    members: Vec<Vec<u32>>,
    links: Vec<Vec<Link>>,
}

/// Merges along the links, which are sorted here.
pub(crate) fn groups(parties: &[Cleaned], mut links: Vec<Link>, model: &Model) -> Groups {
    links.sort_by(|x, y| y.log10_odds.total_cmp(&x.log10_odds).then((x.a, x.b).cmp(&(y.a, y.b))));
    let count = parties.len() as u32;
    let mut forest = Forest {
        of: (0..count).collect(),
        members: (0..count).map(|index| vec![index]).collect(),
        links: vec![Vec::new(); parties.len()],
    };
    for link in links {
        let (a, b) = (forest.of[link.a as usize], forest.of[link.b as usize]);
        if a != b && together(parties, &forest.members[a as usize], &forest.members[b as usize], model) {
            forest.merge(a.min(b), a.max(b), link);
        }
    }
    forest.into_groups()
}

/// Log10 odds, on average over the pairs across two groups, under which they stay apart whatever links them.
const MOST_AGAINST: f64 = -1.0;

/// Whether the pairs across two groups, on average and the prior included, don't speak against one buyer. A member
/// that shares nothing with most of the other group, but for a link, is so outvoted.
fn together(parties: &[Cleaned], a: &[u32], b: &[u32], model: &Model) -> bool {
    if a.len() * b.len() == 1 {
        return true;
    }
    let mut sum = 0.0;
    for &one in a {
        for &other in b {
            sum += model.weigh(&parties[one as usize], &parties[other as usize]).log10_lr;
        }
    }
    sum / (a.len() * b.len()) as f64 + model.prior_log10_odds() > MOST_AGAINST
}

impl Forest {
    fn merge(&mut self, into: u32, from: u32, link: Link) {
        let members = std::mem::take(&mut self.members[from as usize]);
        for &member in &members {
            self.of[member as usize] = into;
        }
        self.members[into as usize].extend(members);
        let links = std::mem::take(&mut self.links[from as usize]);
        self.links[into as usize].extend(links);
        self.links[into as usize].push(link);
    }

    fn into_groups(self) -> Groups {
        let mut groups = Groups::default();
        for (mut members, links) in self.members.into_iter().zip(self.links) {
            if !members.is_empty() {
                members.sort_unstable();
                groups.members.push(members);
                groups.links.push(links);
            }
        }
        groups
    }
}
