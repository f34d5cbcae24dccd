//! The trouble ends: everybody finishes, the dead are rescued or given up, and all that survived comes in.

use cellsweep_sweep::day::DayWhat;
use cellsweep_sweep::sync::{FromPhone, FromServer, Phase};

use super::made;
use super::run::{Next, Sim};

impl Sim {
    pub fn heal(&mut self) -> Result<(), String> {
        // Whoever lives now lives on.
        for index in 0..self.devices.len() {
            self.perish(index);
            self.devices[index].dies = None;
        }
        self.hear_what_is_under_way()?;
        self.now += 60_000;
        self.sync_all()?;
        for index in 1..self.devices.len() {
            self.perish(index);
            if self.devices[index].alive {
                self.enter(index, DayWhat::Finished {});
            } else {
                self.save(index);
            }
            self.now += 10;
        }
        self.sync_all()?;
        self.now += 60_000;
        self.enter(0, DayWhat::Closed {});
        self.enter(0, DayWhat::Finished {});
        self.sync_all()?;
        let stuck = self.devices.iter().find(|device| device.alive && device.phone.phase() != Phase::Shredded);
        match stuck {
            Some(device) => Err(format!("{} still holds entries on a network that works", device.name)),
            None => Ok(()),
        }
    }

    /// What is under way arrives, late as it is.
    fn hear_what_is_under_way(&mut self) -> Result<(), String> {
        let queue = std::mem::take(&mut self.queue);
        for std::cmp::Reverse((_, _, next)) in queue.into_sorted_vec().into_iter().rev() {
            match next {
                Next::ToServer(text) => {
                    if let Ok(message) = cellsweep_sweep::sync::read_from_phone(&text) {
                        self.deliver(message);
                    }
                }
                Next::ToPhone(index, text) if self.devices[index].alive => {
                    if let Ok(message) = cellsweep_sweep::sync::read_from_server(&text) {
                        self.hear(index, message)?;
                    }
                }
                _ => {}
            }
        }
        self.queue.clear();
        Ok(())
    }

    /// A dead device's entries are taken off it, or it is given up.
    fn save(&mut self, index: usize) {
        let device = self.devices[index].phone.device().clone();
        if !self.devices[index].rescued {
            self.enter(0, DayWhat::Lost { device });
            return;
        }
        self.figures.rescued += 1;
        let last = self.devices[index].phone.last();
        for message in self.devices[index].phone.export() {
            let text = cellsweep_sweep::sync::write_from_phone(&message).unwrap();
            self.deliver(cellsweep_sweep::sync::read_from_phone(&text).unwrap());
        }
        self.enter(0, DayWhat::Rescued { device, last });
    }

    /// Rounds on a network that works, until nobody has anything to send.
    fn sync_all(&mut self) -> Result<(), String> {
        for _ in 0..4 {
            for index in 0..self.devices.len() {
                self.perish(index);
                if self.devices[index].alive && self.devices[index].phone.phase() != Phase::Shredded {
                    self.sync(index)?;
                }
                self.now += 10;
            }
        }
        Ok(())
    }

    fn sync(&mut self, index: usize) -> Result<(), String> {
        let tick = self.devices[index].tick(self.now);
        let hello = self.devices[index].phone.hello(tick);
        self.now += 40;
        self.exchange(index, hello)?;
        for _ in 0..40 {
            let Some(batch) = self.devices[index].phone.batch() else { break };
            self.exchange(index, batch)?;
        }
        Ok(())
    }

    fn exchange(&mut self, index: usize, message: FromPhone) -> Result<(), String> {
        let came = self.server.receive(message, made::at(self.now), &made::verify);
        self.unwritten.extend(came.write);
        let mut answers = came.answers;
        answers.extend(self.write_all());
        self.now += 40;
        for answer in answers {
            if let Some(to) = self.by_name.get(answer.device().as_str()).copied().filter(|to| *to == index) {
                self.hear(to, answer)?;
            }
        }
        Ok(())
    }

    fn write_all(&mut self) -> Vec<FromServer> {
        let mut answers = Vec::new();
        while !self.unwritten.is_empty() {
            let (count, enrolled) = self.write(self.unwritten.len());
            answers.extend(self.server.durable(count));
            if enrolled {
                let again = self.server.check_again(&made::verify);
                self.unwritten.extend(again);
            }
        }
        answers
    }
}
