//! The tables of the case besides the records.

use std::path::Path;

use rand::RngExt;
use serde_json::json;

use crate::WorldError;
use crate::answer::Answer;
use crate::catalogue::Listed;
use crate::clock::{DAY, HOUR, rfc3339};
use crate::contacts::Society;
use crate::day::Heard;
use crate::identity::check_digit;
use crate::ledger::Ledger;
use crate::network::TECHS;
use crate::out::Table;
use crate::plan::Plan;
use crate::rng::{Gen, Purpose, below, between, chance, normal};
use crate::roster::OPEN;

/// Everything that the tables are written from.
pub(crate) struct Sources<'a> {
    pub plan: &'a Plan,
    pub society: &'a Society,
    pub ledger: &'a Ledger,
    pub answer: &'a Answer,
    pub heard: &'a [Heard],
}

impl Sources<'_> {
    /// Writes all small tables into the case folder.
    pub(crate) fn write(&self, case: &Path) -> Result<(), WorldError> {
        let mut rng = self.plan.rng(Purpose::Tables, 0);
        self.sectors(&mut rng).write(&case.join("sectors.csv"))?;
        self.facilities(case)?;
        crate::survey::table(self.plan).write(&case.join("survey.csv"))?;
        self.cells(&mut rng).write(&case.join("cells.csv"))?;
        self.roster(&mut rng).write(&case.join("roster.csv"))?;
        self.contacts(&mut rng).write(&case.join("contacts.csv"))?;
        self.visits().write(&case.join("visits.csv"))?;
        self.known_devices(&mut rng).write(&case.join("known_devices.csv"))?;
        self.ledger().write(&case.join("ledger.csv"))?;
        self.stock().write(&case.join("stock.csv"))?;
        self.models(&mut rng).write(&case.join("models.csv"))?;
        self.offences(&mut rng).write(&case.join("offences.csv"))?;
        self.outages(&mut rng).write(&case.join("outages.csv"))?;
        self.cases(&mut rng).write(&case.join("cases.csv"))?;
        self.jamming().write(&case.join("jamming.csv"))?;
        self.sensors(&mut rng).write(&case.join("sensors.csv"))?;
        self.detections(&mut rng).write(&case.join("detections.csv"))?;
        self.requests(case)?;
        self.operation(case)?;
        crate::past::write(self.plan, self.ledger, case)
    }

    /// The operators' tables have errors: masts put elsewhere, sectors left out.
    fn sectors(&self, rng: &mut Gen) -> Table {
        let (plan, net) = (self.plan, &self.plan.net);
        let mut table = Table::new("sector,technology,operator,lat,lon,azimuth_deg,beamwidth_deg,range_m,from,to");
        for site in &net.sites {
            let wrong = chance(rng, plan.params.sector_wrong);
            let shift = if wrong {
                (8_000.0 * normal(rng), 8_000.0 * normal(rng))
            } else {
                (5.0 * normal(rng), 5.0 * normal(rng))
            };
            for index in site.sectors.clone() {
                let s = &net.sectors[index as usize];
                let (lon, lat) = plan.areas[s.area as usize].lon_lat(site.x + shift.0, site.y + shift.1);
                if chance(rng, plan.params.sector_missing) {
                    continue;
                }
                let turned =
                    if chance(rng, plan.params.sector_wrong) { between(rng, 0.0, 360.0) } else { f64::from(s.azimuth) };
                let omni = s.azimuth.is_nan();
                let off = (s.tech == TECHS[0]).then(|| plan.outages.gsm_off[s.area as usize][s.op as usize]).flatten();
                table.push([
                    net.names[index as usize].clone(),
                    s.tech.name().to_owned(),
                    net.operators[s.op as usize].code.clone(),
                    format!("{lat:.6}"),
                    format!("{lon:.6}"),
                    if omni { String::new() } else { format!("{turned:.0}") },
                    if omni { String::new() } else { format!("{:.0}", s.beam) },
                    s.range_m.to_string(),
                    String::new(),
                    off.map_or_else(String::new, rfc3339),
                ]);
            }
        }
        table.shuffled(rng)
    }

    fn facilities(&self, case: &Path) -> Result<(), WorldError> {
        let features: Vec<_> = self.plan.facilities.iter().map(|f| {
            let area = &self.plan.areas[f.area as usize];
            let ring: Vec<[f64; 2]> = f.outline.iter().map(|(x, y)| {
                let (lon, lat) = area.lon_lat(f.x + x, f.y + y);
                [round6(lon), round6(lat)]
            }).collect();
            json!({
                "type": "Feature",
                "properties": {"facility": f.id, "name": f.name, "kind": f.kind, "capacity": f.capacity, "timezone": "Europe/Paris"},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            })
        }).collect();
        write_json(&case.join("facilities.geojson"), &json!({"type": "FeatureCollection", "features": features}))
    }

    fn cells(&self, rng: &mut Gen) -> Table {
        let mut table = Table::new("facility,wing,floor,cell,beds,x_m,y_m");
        for f in &self.plan.facilities {
            let unmeasured = chance(rng, 0.15);
            for c in &f.cells {
                let blank = unmeasured || chance(rng, 0.03);
                let metres = |v: f64| if blank { String::new() } else { format!("{v:.1}") };
                let wing = &f.wings[c.wing as usize];
                table.push([
                    f.id.clone(),
                    wing.name.clone(),
                    c.floor.to_string(),
                    c.name.clone(),
                    c.beds.to_string(),
                    metres(c.x),
                    metres(c.y),
                ]);
            }
        }
        table.shuffled(rng)
    }

    fn roster(&self, rng: &mut Gen) -> Table {
        let mut table = Table::new("inmate,facility,cell,from,to");
        for inmate in &self.plan.inmates {
            for stay in &inmate.stays {
                let f = &self.plan.facilities[stay.facility as usize];
                let to = if stay.to == OPEN { String::new() } else { rfc3339(stay.to) };
                table.push([
                    inmate.id(),
                    f.id.clone(),
                    f.cells[stay.cell as usize].name.clone(),
                    rfc3339(stay.from),
                    to,
                ]);
            }
        }
        table.shuffled(rng)
    }

    fn contacts(&self, rng: &mut Gen) -> Table {
        let mut table = Table::new("inmate,msisdn,source,name,address,postcode,city,protected");
        for inmate in &self.plan.inmates {
            for c in &inmate.contacts {
                let bare = chance(rng, 0.15);
                let or_blank = |v: &String| if bare { String::new() } else { v.clone() };
                table.push([
                    inmate.id(),
                    c.msisdn.to_string(),
                    c.source.to_owned(),
                    c.name.clone(),
                    or_blank(&c.address),
                    or_blank(&c.postcode),
                    or_blank(&c.city),
                    c.protected.to_owned(),
                ]);
            }
        }
        table.shuffled(rng)
    }

    fn visits(&self) -> Table {
        let mut rows: Vec<_> = self.society.visits.iter().collect();
        rows.sort_by_key(|v| (v.from, v.msisdn, v.inmate));
        let mut table = Table::new("inmate,msisdn,from,to");
        for v in rows {
            table.push([
                self.plan.inmates[v.inmate as usize].id(),
                v.msisdn.to_string(),
                rfc3339(v.from),
                rfc3339(v.to),
            ]);
        }
        table
    }

    /// Staff and official handsets that were declared; some declared long ago and gone.
    fn known_devices(&self, rng: &mut Gen) -> Table {
        let mut table = Table::new("imei,role");
        for unit in self.plan.units.iter().filter(|u| u.marks.known) {
            let role = if unit.class == crate::unit::Class::Official { "official" } else { "staff" };
            table.push([checked(unit.imei[0]), role.to_owned()]);
        }
        for _ in 0..table.rows.len() / 12 {
            let stale = rng.random_range(35_000_000_000_000..87_000_000_000_000u64);
            table.push([checked(stale), "staff".to_owned()]);
        }
        table.shuffled(rng)
    }

    fn ledger(&self) -> Table {
        let mut table = Table::new(
            "order,time,model,quantity,imei,unit_price,currency,buyer,email,phone,address,postcode,city,country",
        );
        let mut sales: Vec<_> = self.ledger.sales.iter().collect();
        sales.sort_by_key(|s| (s.time, s.order));
        for s in sales {
            table.push([
                format!("C{:06}", s.order),
                rfc3339(s.time),
                self.plan.catalogue.models[s.model as usize].name.clone(),
                s.quantity.to_string(),
                s.imei.as_ref().map_or_else(String::new, |i| i.1.clone()),
                format!("{:.2}", s.price),
                "EUR".to_owned(),
                s.buyer.name.clone(),
                s.buyer.email.clone(),
                s.buyer.phone.clone(),
                s.buyer.address.clone(),
                s.buyer.postcode.clone(),
                s.buyer.city.clone(),
                "FR".to_owned(),
            ]);
        }
        table
    }

    fn stock(&self) -> Table {
        let mut table = Table::new("time,model,quantity,imei");
        for item in &self.ledger.stock {
            table.push([
                rfc3339(item.time),
                self.plan.catalogue.models[item.model as usize].name.clone(),
                item.quantity.to_string(),
                item.imei.as_ref().map_or_else(String::new, |imei| imei.1.clone()),
            ]);
        }
        table
    }

    fn models(&self, rng: &mut Gen) -> Table {
        let mut table = Table::new("tac,brand,model,class,mass_g,length_mm,metal_share,technologies");
        let models = &self.plan.catalogue.models;
        for (index, own) in models.iter().enumerate() {
            for tac in &own.tacs {
                let m = match tac.listed {
                    Listed::Here => &models[index],
                    Listed::As(other) => &models[other],
                    Listed::Nowhere => continue,
                };
                let techs: Vec<&str> = TECHS.iter().filter(|t| m.techs[**t as usize]).map(|t| t.name()).collect();
                table.push([
                    format!("{:08}", tac.code),
                    m.brand.clone(),
                    m.name.clone(),
                    m.kind.name().to_owned(),
                    m.mass_g.to_string(),
                    m.length_mm.to_string(),
                    format!("{:.2}", m.metal_share),
                    techs.join(" "),
                ]);
            }
        }
        table.shuffled(rng)
    }

    fn offences(&self, rng: &mut Gen) -> Table {
        let mut table = Table::new("case,offence,msisdn,from,to");
        for o in &self.society.offences {
            let to = o.to.map_or_else(String::new, rfc3339);
            table.push([format!("C{:05}", o.case), o.offence.to_owned(), o.msisdn.to_string(), rfc3339(o.from), to]);
        }
        table.shuffled(rng)
    }

    fn cases(&self, rng: &mut Gen) -> Table {
        let mut table = Table::new("inmate,case");
        for inmate in &self.plan.inmates {
            if let Some(case) = inmate.case {
                table.push([inmate.id(), format!("C{case:05}")]);
            }
        }
        table.shuffled(rng)
    }

    /// The outages that operators told; some forget a few.
    fn outages(&self, rng: &mut Gen) -> Table {
        let plan = self.plan;
        let mut table = Table::new("sector,operator,technology,facility,from,to,reason");
        let mut sectors: Vec<_> = plan.outages.sectors.iter().collect();
        sectors.sort_unstable();
        for (sector, (from, to)) in sectors {
            let s = &plan.net.sectors[*sector as usize];
            if chance(rng, 0.9) {
                let reason = crate::rng::word(rng, &["power", "transmission", "maintenance", "fire", ""]);
                let row = [
                    plan.net.names[*sector as usize].clone(),
                    plan.net.operators[s.op as usize].code.clone(),
                    s.tech.name().to_owned(),
                    String::new(),
                    rfc3339(*from),
                    rfc3339(*to),
                    reason.to_owned(),
                ];
                table.push(row);
            }
        }
        for f in &plan.facilities {
            for (op, off) in plan.outages.gsm_off[f.area as usize].iter().enumerate() {
                if let Some(t) = off {
                    let code = plan.net.operators[op].code.clone();
                    table.push([
                        String::new(),
                        code,
                        "GSM".to_owned(),
                        f.id.clone(),
                        rfc3339(*t),
                        rfc3339(plan.clock.end() + 3_650 * DAY),
                        "2G switch-off".to_owned(),
                    ]);
                }
            }
        }
        for (site, from, to) in plan.trial.iter().flat_map(|trial| trial.outages()) {
            let blank = String::new();
            let facility = plan.facilities[site].id.clone();
            table.push([blank.clone(), blank.clone(), blank, facility, rfc3339(from), rfc3339(to), "power".to_owned()]);
        }
        table.shuffled(rng)
    }

    fn jamming(&self) -> Table {
        let mut table = Table::new("facility,wing,from,to,technologies");
        for (facility, wing, from) in self.trial() {
            let technologies = self.plan.trial.iter().flat_map(|trial| trial.technologies()).collect::<Vec<_>>();
            let row = [facility, wing, rfc3339(from), String::new(), technologies.join(" ")];
            table.push(row);
        }
        for f in &self.plan.facilities {
            for jam in &f.jams {
                let wing = jam.wing.map_or_else(String::new, |w| f.wings[w as usize].name.clone());
                let techs: Vec<&str> = TECHS.iter().filter(|t| jam.techs[**t as usize]).map(|t| t.name()).collect();
                if !techs.is_empty() {
                    table.push([f.id.clone(), wing, rfc3339(jam.from), rfc3339(jam.to), techs.join(" ")]);
                }
            }
        }
        table
    }

    /// Facility, wing (blank for all) and start of a trial's jamming.
    fn trial(&self) -> Vec<(String, String, i64)> {
        let mut rows = Vec::new();
        if let Some(trial) = &self.plan.trial {
            for site in &trial.sites {
                let facility = &self.plan.facilities[usize::from(site.facility)];
                let wings = (0..facility.wings.len()).filter(|wing| trial.takes(*wing as u8));
                let names: Vec<String> = match trial.is_whole() {
                    true => vec![String::new()],
                    false => wings.map(|wing| facility.wings[wing].name.clone()).collect(),
                };
                rows.extend(names.into_iter().map(|wing| (facility.id.clone(), wing, site.from)));
            }
        }
        rows
    }

    fn sensors(&self, rng: &mut Gen) -> Table {
        let mut table = Table::new("sensor,facility,wing,floor,x_m,y_m");
        for f in &self.plan.facilities {
            for s in &f.sensors {
                let wing = f.wings[s.wing as usize].name.clone();
                table.push([
                    s.id.clone(),
                    f.id.clone(),
                    wing,
                    s.floor.to_string(),
                    format!("{:.1}", s.x),
                    format!("{:.1}", s.y),
                ]);
            }
        }
        table.shuffled(rng)
    }

    /// What sensors heard, and noise they took for phones.
    fn detections(&self, rng: &mut Gen) -> Table {
        let plan = self.plan;
        let mut table = Table::new("time,sensor,technology,rssi_dbm,identity,channel");
        for h in self.heard {
            let sensor = plan.facilities[h.facility as usize].sensors[h.sensor as usize].id.clone();
            let identity = if h.identity == 0 { String::new() } else { format!("{:015}", h.identity) };
            let channel = if chance(rng, 0.3) { rng.random_range(1..125u32).to_string() } else { String::new() };
            table.push([
                rfc3339(h.t),
                sensor,
                TECHS[h.tech as usize].name().to_owned(),
                h.rssi.to_string(),
                identity,
                channel,
            ]);
        }
        for f in &plan.facilities {
            for s in &f.sensors {
                for _ in 0..crate::rng::poisson(rng, 0.7 * f64::from(plan.clock.days())) {
                    let t = plan.some_time(rng);
                    let tech = TECHS[below(rng, 3)].name().to_owned();
                    table.push([
                        rfc3339(t),
                        s.id.clone(),
                        tech,
                        format!("{:.0}", between(rng, -88.0, -66.0)),
                        String::new(),
                        String::new(),
                    ]);
                }
            }
        }
        table.by_time()
    }

    /// With everything handed over there is nothing to say of what was asked.
    fn requests(&self, case: &Path) -> Result<(), WorldError> {
        if self.answer.requests.is_empty() {
            return Ok(());
        }
        let mut table = Table::new("request,authority,operator,kind,values_file,from,to,sent,answered,complete");
        for r in &self.answer.requests {
            let file = format!("requests-{}.txt", r.id);
            let mut text = r.values.join("\n");
            text.push('\n');
            let path = case.join(&file);
            std::fs::write(&path, text).map_err(|source| WorldError::Write { path, source })?;
            let times = [r.from, r.to, r.sent, r.answered].map(rfc3339);
            let [from, to, sent, answered] = times;
            let authority = "A-1".to_owned();
            table.push([
                r.id.clone(),
                authority,
                r.operator.clone(),
                r.kind.to_owned(),
                file,
                from,
                to,
                sent,
                answered,
                r.complete.to_string(),
            ]);
        }
        table.write(&case.join("requests.csv"))
    }

    fn operation(&self, case: &Path) -> Result<(), WorldError> {
        let plan = self.plan;
        let count = plan.facilities.len();
        let limits = json!({
            "time": rfc3339(plan.clock.operation()),
            "facilities": (count / 2).max(1),
            "cells": (count * 10).max(20),
            "start": rfc3339(plan.clock.start()),
            "end": rfc3339(plan.clock.end()),
            "latest": rfc3339(plan.clock.operation() + HOUR),
        });
        write_json(&case.join("operation.json"), &limits)
    }
}

fn checked(imei: u64) -> String {
    format!("{imei:014}{}", check_digit(imei))
}

fn round6(v: f64) -> f64 {
    (v * 1e6).round() / 1e6
}

/// Writes JSON.
pub(crate) fn write_json(path: &Path, value: &impl serde::Serialize) -> Result<(), WorldError> {
    let text = serde_json::to_string(value).map_err(WorldError::json)?;
    std::fs::write(path, text).map_err(|source| WorldError::Write { path: path.to_owned(), source })
}
