//! Laying searches into the teams' waves: the plans that can be carried out.

use crate::problem::{Site, Target};
use crate::upper::Priced;

/// A search in its place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Laid {
    /// Position among the site's targets.
    pub target: usize,
    /// Which way, among the target's tools.
    pub tool: usize,
    pub team: usize,
    pub wave: usize,
    /// Minutes after the wave began.
    pub after: u32,
    /// What it brings.
    pub value: f64,
}

/// What searches bring.
pub(crate) fn total(laid: &[Laid]) -> f64 {
    laid.iter().map(|search| search.value).sum()
}

/// The waves of one facility.
pub(crate) struct Day<'a> {
    pub site: &'a Site,
    pub left: &'a [f64],
    pub wave_minutes: Option<u32>,
}

/// What guides a filling.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Guide {
    /// What a cell costs.
    pub price: f64,
    /// The most cells.
    pub most: usize,
    /// 1 = by what a minute brings, 0 = by what a search brings.
    pub by_minute: bool,
}

impl Day<'_> {
    /// Fills wave after wave with the best that still fits; what must be searched comes first.
    ///
    /// Returns `None` when something that must be searched finds no room.
    pub fn fill(&self, guide: Guide) -> Option<Vec<Laid>> {
        let laid = self.fill_in(self.order(guide), guide)?;
        // The musts were laid first so that they fit; they need not be searched first.
        Some(if self.site.forced() { self.relay(laid) } else { laid })
    }

    /// The same searches, the best of them first, where they fit that way too.
    pub fn relay(&self, laid: Vec<Laid>) -> Vec<Laid> {
        let mut order: Vec<usize> = laid.iter().map(|search| search.target).collect();
        let targets = &self.site.targets;
        order.sort_by(|&a, &b| {
            targets[b].best().total_cmp(&targets[a].best()).then_with(|| targets[a].kind.cmp(&targets[b].kind))
        });
        let guide = Guide { price: f64::NEG_INFINITY, most: usize::MAX, by_minute: false };
        match self.fill_in(order, guide) {
            Some(again) if again.len() == laid.len() && total(&again) >= total(&laid) => again,
            _ => laid,
        }
    }

    /// Lays these targets, and says so where they find no room.
    pub fn lay_all(&self, targets: &[usize]) -> Option<Vec<Laid>> {
        let guide = Guide { price: f64::NEG_INFINITY, most: usize::MAX, by_minute: false };
        let shortest = |index: usize| self.site.targets[index].tools.iter().map(|tool| tool.minutes).min().unwrap_or(0);
        let mut longest_first = targets.to_vec();
        longest_first.sort_by_key(|&index| (std::cmp::Reverse(shortest(index)), index));
        let laid = self.fill_in(longest_first, guide).filter(|laid| laid.len() == targets.len())?;
        Some(self.relay(laid))
    }

    /// Lays each target where it brings most after paying for the time, then fills what is left.
    pub fn fill_priced(&self, priced: &Priced, most: usize) -> Option<Vec<Laid>> {
        let mut ways: Vec<(f64, usize, usize, usize)> = Vec::new();
        for (index, target) in self.site.targets.iter().enumerate() {
            let cost = if target.counts() { priced.price } else { 0.0 };
            for (tool, way) in target.tools.iter().enumerate() {
                for (place, (wave, kit, _)) in priced.time.iter().enumerate() {
                    let net = priced.net(way, cost, self.left[*wave], place);
                    if kit & (1 << way.detector) != 0
                        && let Some(net) = net.filter(|net| *net > 0.0 || target.must)
                    {
                        ways.push((net, index, tool, place));
                    }
                }
            }
        }
        let must = |index: usize| self.site.targets[index].must;
        ways.sort_by(|a, b| {
            must(b.1).cmp(&must(a.1)).then(b.0.total_cmp(&a.0)).then((a.1, a.3, a.2).cmp(&(b.1, b.3, b.2)))
        });
        let mut rooms: Vec<Vec<u32>> = (0..self.left.len()).map(|wave| self.room(wave)).collect();
        let mut done = vec![false; self.site.targets.len()];
        let (mut laid, mut cells) = (Vec::new(), self.site.musts());
        for (_, index, tool, place) in ways {
            let target = &self.site.targets[index];
            let (wave, kit, _) = priced.time[place];
            let free = usize::from(target.counts() && !target.must);
            if done[index] || cells + free > most {
                continue;
            }
            let way = &target.tools[tool];
            let fits = |team: &usize| self.site.teams[*team].kit == kit && rooms[wave][*team] >= way.minutes;
            // The fullest that still has room, so that long searches find theirs.
            let Some(team) = (0..self.site.teams.len()).filter(fits).min_by_key(|team| (rooms[wave][*team], *team))
            else {
                continue;
            };
            let value = way.value * self.left[wave];
            laid.push(Laid { target: index, tool, team, wave, after: self.taken(&rooms[wave], team), value });
            if self.wave_minutes.is_some() {
                rooms[wave][team] -= way.minutes;
            }
            done[index] = true;
            cells += free;
        }
        let unmet = (0..done.len()).any(|index| must(index) && !done[index]);
        (!unmet).then(|| self.fill_rest(laid, rooms, &done, Guide { price: priced.price, most, by_minute: false }))
    }

    /// What still fits, the best first.
    fn fill_rest(&self, mut laid: Vec<Laid>, mut rooms: Vec<Vec<u32>>, done: &[bool], guide: Guide) -> Vec<Laid> {
        let counts = |search: &&Laid| self.site.targets[search.target].counts();
        let mut cells = laid.iter().filter(counts).count();
        for index in self.order(guide).into_iter().filter(|index| !done[*index]) {
            let target = &self.site.targets[index];
            let cost = if target.counts() { guide.price } else { 0.0 };
            if target.best() <= cost {
                continue;
            }
            for (wave, room) in rooms.iter_mut().enumerate() {
                let Some((team, tool)) = self.place(target, room) else { continue };
                let value = target.tools[tool].value * self.left[wave];
                if value <= cost || (target.counts() && cells >= guide.most) {
                    break;
                }
                laid.push(Laid { target: index, tool, team, wave, after: self.taken(room, team), value });
                if self.wave_minutes.is_some() {
                    room[team] -= target.tools[tool].minutes;
                }
                cells += usize::from(target.counts());
                break;
            }
        }
        laid
    }

    fn fill_in(&self, mut open: Vec<usize>, guide: Guide) -> Option<Vec<Laid>> {
        let mut laid = Vec::new();
        let mut cells = 0;
        let mut left_musts = open.iter().filter(|&&index| self.must_cell(index)).count();
        for wave in 0..self.left.len() {
            let mut room = self.room(wave);
            open.retain(|&index| {
                let target = &self.site.targets[index];
                let counts = target.counts();
                if counts && !target.must && cells + left_musts >= guide.most {
                    return false;
                }
                let cost = if counts { guide.price } else { 0.0 };
                let Some((team, tool)) = self.place(target, &room) else { return true };
                let value = target.tools[tool].value * self.left[wave];
                if !target.must && value <= cost {
                    return true;
                }
                laid.push(Laid { target: index, tool, team, wave, after: self.taken(&room, team), value });
                if let (Some(room), Some(_)) = (room.get_mut(team), self.wave_minutes) {
                    *room -= target.tools[tool].minutes;
                }
                cells += usize::from(counts);
                left_musts -= usize::from(counts && target.must);
                false
            });
        }
        let unmet = open.iter().any(|&index| self.site.targets[index].must);
        (!unmet).then_some(laid)
    }

    fn must_cell(&self, index: usize) -> bool {
        self.site.targets[index].must && self.site.targets[index].counts()
    }

    /// Minutes that each team has in a wave.
    fn room(&self, wave: usize) -> Vec<u32> {
        let wave = wave as u16;
        let works = |from: u16, to: u16| from <= wave && wave < to;
        let minutes = self.wave_minutes.unwrap_or(u32::MAX);
        self.site.teams.iter().map(|team| if works(team.from_wave, team.to_wave) { minutes } else { 0 }).collect()
    }

    fn taken(&self, room: &[u32], team: usize) -> u32 {
        self.wave_minutes.map_or(0, |minutes| minutes - room.get(team).copied().unwrap_or_default())
    }

    /// The team and tool that bring most, the fuller team first so that long searches still fit.
    fn place(&self, target: &Target, room: &[u32]) -> Option<(usize, usize)> {
        let mut best: Option<(f64, u32, usize, usize)> = None;
        for (tool, way) in target.tools.iter().enumerate() {
            for (team, minutes) in room.iter().enumerate() {
                if *minutes < way.minutes || self.site.teams[team].kit & (1 << way.detector) == 0 {
                    continue;
                }
                let better = best.is_none_or(|(value, left, ..)| {
                    way.value > value || (way.value == value && *minutes < left && self.wave_minutes.is_some())
                });
                if better {
                    best = Some((way.value, *minutes, team, tool));
                }
            }
        }
        best.map(|(_, _, team, tool)| (team, tool))
    }

    /// Targets by worth; the musts first, the longest of them ahead so that they fit.
    fn order(&self, guide: Guide) -> Vec<usize> {
        let key = |target: &Target| {
            let cost = if target.counts() { guide.price } else { 0.0 };
            let worth = |tool: &crate::Tool| {
                if guide.by_minute { (tool.value - cost) / f64::from(tool.minutes.max(1)) } else { tool.value - cost }
            };
            target.tools.iter().map(worth).fold(f64::NEG_INFINITY, f64::max)
        };
        let targets = &self.site.targets;
        let keys: Vec<f64> = targets.iter().map(key).collect();
        let shortest = |index: usize| targets[index].tools.iter().map(|tool| tool.minutes).min().unwrap_or(0);
        let mut order: Vec<usize> = (0..targets.len()).collect();
        order.sort_by(|&a, &b| {
            let musts = targets[b].must.cmp(&targets[a].must);
            let longest = if targets[a].must && targets[b].must && !self.equal_lengths() {
                shortest(b).cmp(&shortest(a))
            } else {
                std::cmp::Ordering::Equal
            };
            musts.then(longest).then(keys[b].total_cmp(&keys[a])).then_with(|| targets[a].kind.cmp(&targets[b].kind))
        });
        order
    }

    /// Whether every search takes the same share of a wave.
    pub fn equal_lengths(&self) -> bool {
        self.per_wave().is_some()
    }

    /// How many searches a team does in a wave, where that is the same for all; no limit as `usize::MAX`.
    pub fn per_wave(&self) -> Option<usize> {
        let Some(wave) = self.wave_minutes else { return Some(usize::MAX) };
        let mut counts =
            self.site.targets.iter().flat_map(|target| &target.tools).map(|tool| (wave / tool.minutes.max(1)) as usize);
        let first = counts.next()?;
        counts.all(|count| count == first).then_some(first)
    }

    /// Whether the first team carries all that the targets may be searched with.
    pub fn all_carried(&self) -> bool {
        let kit = self.site.teams.first().map_or(u16::MAX, |team| team.kit);
        self.site.targets.iter().flat_map(|target| &target.tools).all(|tool| kit & (1 << tool.detector) != 0)
    }

    /// Whether all teams carry the same.
    pub fn one_kit(&self) -> bool {
        self.site.teams.windows(2).all(|pair| pair[0].kit == pair[1].kit)
    }
}
