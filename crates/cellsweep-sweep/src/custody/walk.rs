//! One event after the other.

use std::collections::{BTreeMap, BTreeSet};

use super::{Custody, Exhibit, HandOver, Holder, ItemState, Seal};
use crate::breaks::{Break, Broken};
use crate::event::{Attachment, Condition, Event, FoundItem, Party, What};
use crate::id::{EventId, FileName, HandOverId, ItemId, SealNumber};

pub(super) struct Walk<'a> {
    pub custody: Custody,
    /// Items that some find brings in, be it later.
    found: BTreeSet<&'a ItemId>,
}

impl<'a> Walk<'a> {
    pub fn new(found: BTreeSet<&'a ItemId>) -> Self {
        Self { custody: Custody::default(), found }
    }

    pub fn note(&mut self, event: &EventId, what: Break) {
        self.custody.breaks.push(Broken { event: event.clone(), what, explained_by: Vec::new() });
    }

    pub fn step(&mut self, event: &Event) {
        match &event.what {
            What::Found { items, photos, .. } => self.found(event, items, photos),
            What::Sealed { seal, items, photos } => self.sealed(event, seal, items, photos),
            What::HandedOn { hand_over, to, seals, items, rehashed } => {
                self.handed_on(event, hand_over, to, (seals, items), rehashed);
            }
            What::Acknowledged { hand_over, seals, items, condition, rehashed } => {
                if matches!(condition, Condition::Damaged(_)) {
                    self.note(&event.id, Break::Damaged);
                }
                self.acknowledged(event, hand_over, (seals, items), rehashed);
            }
            What::Opened { seal, .. } => self.opened(event, seal),
            What::Examined { items, report, .. } => {
                for item in self.held(event, items) {
                    self.not_under_seal(event, &item);
                    self.attach(event, &item, std::slice::from_ref(report));
                }
            }
            What::Returned { items, papers, .. } => self.ended(event, items, papers, &ItemState::Returned),
            What::Destroyed { items, papers, .. } => self.ended(event, items, papers, &ItemState::Destroyed),
            What::Explained { .. } => {}
        }
    }

    fn found(&mut self, event: &Event, items: &[FoundItem], photos: &[Attachment]) {
        for FoundItem { id, .. } in items {
            if let Some(known) = self.custody.items.get_mut(id) {
                let first = known.history[0].1.clone();
                known.history.push((event.occurred, event.id.clone()));
                self.note(&event.id, Break::FoundTwice { item: id.clone(), first });
                continue;
            }
            let exhibit = Exhibit {
                state: ItemState::Found,
                holder: Holder::Held(event.by.id.clone()),
                history: vec![(event.occurred, event.id.clone())],
                files: BTreeSet::new(),
                was_sealed: false,
            };
            self.custody.items.insert(id.clone(), exhibit);
            self.attach(event, id, photos);
        }
    }

    fn sealed(&mut self, event: &Event, seal: &SealNumber, items: &[ItemId], photos: &[Attachment]) {
        if let Some(known) = self.custody.seals.get(seal) {
            let first = known.put_on.clone();
            self.note(&event.id, Break::SealUsedTwice { seal: seal.clone(), first });
        } else {
            let new = Seal { items: items.to_vec(), put_on: event.id.clone(), opened: None };
            self.custody.seals.insert(seal.clone(), new);
        }
        for item in self.held(event, items) {
            self.not_under_seal(event, &item);
            self.attach(event, &item, photos);
            if let Some(exhibit) = self.custody.items.get_mut(&item) {
                exhibit.state = ItemState::Sealed(seal.clone());
                exhibit.was_sealed = true;
            }
        }
    }

    fn opened(&mut self, event: &Event, number: &SealNumber) {
        let Some(seal) = self.custody.seals.get_mut(number) else {
            return self.note(&event.id, Break::UnknownSeal { seal: number.clone() });
        };
        let items = seal.items.clone();
        if let Some(first) = seal.opened.clone() {
            self.note(&event.id, Break::OpenAlready { seal: number.clone(), first });
        } else {
            seal.opened = Some(event.id.clone());
        }
        for item in self.held(event, &items) {
            if let Some(exhibit) = self.custody.items.get_mut(&item)
                && exhibit.state == ItemState::Sealed(number.clone())
            {
                exhibit.state = ItemState::Open;
            }
        }
    }

    fn handed_on(
        &mut self,
        event: &Event,
        id: &HandOverId,
        to: &Party,
        (seals, items): (&[SealNumber], &[ItemId]),
        rehashed: &[Attachment],
    ) {
        if let Some(known) = self.custody.hand_overs.get(id) {
            let first = known.handed.clone();
            return self.note(&event.id, Break::HandedTwice { hand_over: id.clone(), first });
        }
        let concerned = self.concerned(event, seals, items);
        let concerned = self.held(event, &concerned);
        for item in &concerned {
            self.fit_to_hand_on(event, item, seals);
            let under_way = Holder::UnderWay { from: event.by.id.clone(), to: to.id.clone(), hand_over: id.clone() };
            self.custody.items.entry(item.clone()).and_modify(|exhibit| exhibit.holder = under_way);
        }
        self.rehashed(event, &concerned, rehashed);
        let hand_over = HandOver {
            from: event.by.id.clone(),
            to: to.id.clone(),
            seals: seals.iter().cloned().collect(),
            items: items.iter().cloned().collect(),
            handed: event.id.clone(),
            acknowledged: None,
        };
        self.custody.hand_overs.insert(id.clone(), hand_over);
    }

    /// Before its first seal an item goes from the finder to whoever seals it; afterwards never without a seal. What
    /// is handed on by itself is under no seal, and what goes in a seal is still under it.
    fn fit_to_hand_on(&mut self, event: &Event, item: &ItemId, seals: &[SealNumber]) {
        let Some(exhibit) = self.custody.items.get(item) else { return };
        let problem = match &exhibit.state {
            ItemState::Sealed(seal) if !seals.contains(seal) => {
                Some(Break::UnderSeal { item: item.clone(), seal: seal.clone() })
            }
            ItemState::Open => Some(Break::NotSealedAgain { item: item.clone() }),
            _ => None,
        };
        problem.into_iter().for_each(|problem| self.note(&event.id, problem));
    }

    fn acknowledged(
        &mut self,
        event: &Event,
        id: &HandOverId,
        (seals, items): (&[SealNumber], &[ItemId]),
        rehashed: &[Attachment],
    ) {
        let Some(hand_over) = self.custody.hand_overs.get_mut(id) else {
            return self.note(&event.id, Break::UnknownHandOver { hand_over: id.clone() });
        };
        if let Some(first) = hand_over.acknowledged.clone() {
            return self.note(&event.id, Break::AcknowledgedTwice { hand_over: id.clone(), first });
        }
        hand_over.acknowledged = Some(event.id.clone());
        let hand_over = hand_over.clone();
        if hand_over.to != event.by.id {
            let (by, to) = (event.by.id.clone(), hand_over.to.clone());
            self.note(&event.id, Break::OtherReceiver { by, to });
        }
        self.compare(event, &hand_over, seals, items);
        // What both name changes hands; what one side names stays under way, and shows.
        let both = |item: &ItemId, theirs: &[ItemId]| theirs.contains(item);
        let given: Vec<SealNumber> = hand_over.seals.iter().filter(|seal| seals.contains(seal)).cloned().collect();
        let loose: Vec<ItemId> = hand_over.items.iter().filter(|item| both(item, items)).cloned().collect();
        let concerned = self.concerned(event, &given, &loose);
        for item in &concerned {
            self.receive(event, item, id);
        }
        self.rehashed(event, &concerned, rehashed);
        self.one_sided(event, &hand_over, &concerned);
    }

    /// An acknowledgement stands in the history of all that was given, so that what it doesn't name shows there.
    fn one_sided(&mut self, event: &Event, hand_over: &HandOver, received: &[ItemId]) {
        let sealed =
            hand_over.seals.iter().filter_map(|seal| self.custody.seals.get(seal)).flat_map(|seal| &seal.items);
        let given: BTreeSet<ItemId> = sealed.chain(&hand_over.items).cloned().collect();
        for item in given.iter().filter(|item| !received.contains(item)) {
            if let Some(known) = self.custody.items.get_mut(item) {
                known.history.push((event.occurred, event.id.clone()));
            }
        }
    }

    fn compare(&mut self, event: &Event, hand_over: &HandOver, seals: &[SealNumber], items: &[ItemId]) {
        let read: BTreeSet<SealNumber> = seals.iter().cloned().collect();
        for seal in hand_over.seals.symmetric_difference(&read) {
            self.note(&event.id, Break::SealMisread { seal: seal.clone() });
        }
        let there: BTreeSet<ItemId> = items.iter().cloned().collect();
        for item in hand_over.items.symmetric_difference(&there) {
            self.note(&event.id, Break::ItemMissing { item: item.clone() });
        }
    }

    fn receive(&mut self, event: &Event, item: &ItemId, id: &HandOverId) {
        let Some(exhibit) = self.custody.items.get_mut(item) else { return };
        exhibit.history.push((event.occurred, event.id.clone()));
        // It may have come to its end in between, or gone on elsewhere: that is shown where it happened.
        if matches!(&exhibit.holder, Holder::UnderWay { hand_over, .. } if hand_over == id) {
            exhibit.holder = Holder::Held(event.by.id.clone());
        }
    }

    /// The items of seals and those beside them. Seals that nobody put on are noted.
    fn concerned(&mut self, event: &Event, seals: &[SealNumber], items: &[ItemId]) -> Vec<ItemId> {
        let mut concerned: BTreeSet<ItemId> = items.iter().cloned().collect();
        for number in seals {
            match self.custody.seals.get(number) {
                Some(Seal { opened: Some(first), .. }) => {
                    let first = first.clone();
                    self.note(&event.id, Break::OpenAlready { seal: number.clone(), first });
                }
                Some(seal) => concerned.extend(seal.items.iter().cloned()),
                None => self.note(&event.id, Break::UnknownSeal { seal: number.clone() }),
            }
        }
        concerned.into_iter().collect()
    }

    /// The known ones of these items, each with the event in its history; whoever acts must hold them.
    fn held(&mut self, event: &Event, items: &[ItemId]) -> Vec<ItemId> {
        let mut known = Vec::new();
        for item in items {
            let Some(exhibit) = self.custody.items.get_mut(item) else {
                let later = self.found.contains(item);
                let item = item.clone();
                let what = if later { Break::BeforeFind { item } } else { Break::UnknownItem { item } };
                self.note(&event.id, what);
                continue;
            };
            exhibit.history.push((event.occurred, event.id.clone()));
            known.push(item.clone());
            let (by, item) = (event.by.id.clone(), item.clone());
            let what = match &exhibit.holder {
                Holder::Held(holder) if *holder == by => continue,
                Holder::Nobody => Break::AfterItsEnd { item },
                holder => Break::NotHolder { item, by, holder: holder.clone() },
            };
            self.note(&event.id, what);
        }
        known
    }

    fn not_under_seal(&mut self, event: &Event, item: &ItemId) {
        let state = self.custody.items.get(item).map(|exhibit| &exhibit.state);
        if let Some(ItemState::Sealed(seal)) = state {
            let (item, seal) = (item.clone(), seal.clone());
            self.note(&event.id, Break::UnderSeal { item, seal });
        }
    }

    fn ended(&mut self, event: &Event, items: &[ItemId], papers: &[Attachment], state: &ItemState) {
        for item in self.held(event, items) {
            self.attach(event, &item, papers);
            if let Some(exhibit) = self.custody.items.get_mut(&item) {
                exhibit.state = state.clone();
                exhibit.holder = Holder::Nobody;
            }
        }
    }

    /// A file belongs to an item from now on. One name has one digest.
    fn attach(&mut self, event: &Event, item: &ItemId, files: &[Attachment]) {
        for Attachment { file, digest } in files {
            let known = self.custody.files.entry(file.clone()).or_insert_with(|| digest.clone());
            if known != digest {
                self.changed(event, file);
            }
            if let Some(exhibit) = self.custody.items.get_mut(item) {
                exhibit.files.insert(file.clone());
            }
        }
    }

    /// At a hand-over all files of the items are hashed anew.
    fn rehashed(&mut self, event: &Event, items: &[ItemId], rehashed: &[Attachment]) {
        let found: BTreeMap<&FileName, _> = rehashed.iter().map(|file| (&file.file, &file.digest)).collect();
        let files: BTreeSet<FileName> = items
            .iter()
            .filter_map(|item| self.custody.items.get(item))
            .flat_map(|exhibit| exhibit.files.iter().cloned())
            .collect();
        for file in files {
            match found.get(&file) {
                None => self.note(&event.id, Break::NotRehashed { file }),
                Some(digest) if self.custody.files.get(&file) != Some(digest) => self.changed(event, &file),
                Some(_) => {}
            }
        }
    }

    fn changed(&mut self, event: &Event, file: &FileName) {
        let what = Break::FileChanged { file: file.clone() };
        // Several items may share a photo; once is enough.
        if !self.custody.breaks.iter().any(|broken| broken.event == event.id && broken.what == what) {
            self.note(&event.id, what);
        }
    }
}
