//! What there is: authorities, people, places, sectors, handsets, cards, calls, exhibits.

use serde_json::{Value, json};

use super::{Ids, Node, typed};
use crate::snapshot::{
    Authority, Call, CallEnd, CaseSnapshot, Decimal, Device, DeviceClass, Exhibit, ExhibitKind, Facility, Imei, Msisdn,
    Person, Sector, Sim,
};

pub(super) fn things(snapshot: &CaseSnapshot, ids: &Ids) -> Vec<Value> {
    let mut graph = Vec::new();
    graph.extend(snapshot.authorities.iter().map(|row| authorization(row, ids)));
    graph.extend(snapshot.persons.iter().map(|row| person(row, ids)));
    graph.extend(snapshot.facilities.iter().map(|row| facility(row, ids)));
    graph.extend(snapshot.sectors.iter().map(|row| sector(row, ids)));
    graph.extend(snapshot.devices.iter().map(|row| device(row, ids)));
    snapshot.sims.iter().for_each(|row| graph.extend(sim(row, ids)));
    graph.extend(others(snapshot).into_iter().map(|number| account(number, ids)));
    graph.extend(snapshot.calls.iter().map(|row| call(row, ids)));
    graph.extend(snapshot.exhibits.iter().map(|row| exhibit(row, ids)));
    graph
}

fn authorization(row: &Authority, ids: &Ids) -> Value {
    let offences = row.offences.iter().map(|offence| Value::String(offence.code.to_string())).collect();
    Node::new(ids, "authorization", row.authority.as_str(), "investigation:Authorization")
        .text("core:name", row.authority.as_str())
        .text("investigation:authorizationType", row.legal_basis.as_str())
        .many("investigation:authorizationIdentifier", vec![row.number.as_str().into()])
        .time("core:startTime", row.data_from)
        .time("core:endTime", row.valid_until)
        .text("cellsweep:country", row.country.as_str())
        .text("cellsweep:issuedBy", row.body.as_str())
        .maybe("cellsweep:reviewedBy", row.reviewed_by.as_ref())
        .maybe("cellsweep:crossBorderReference", row.cross_border_reference.as_ref())
        .many("cellsweep:offence", offences)
        .done()
}

fn person(row: &Person, ids: &Ids) -> Value {
    Node::new(ids, "person", row.person.as_str(), "identity:Person")
        .maybe("core:name", row.name.as_ref())
        .text("cellsweep:reference", row.person.as_str())
        .text("cellsweep:category", row.category.word())
        .maybe("cellsweep:role", row.role.as_ref())
        .done()
}

fn facility(row: &Facility, ids: &Ids) -> Value {
    let name = row.name.as_ref().map_or(row.facility.as_str(), |name| name.as_str());
    let node = Node::new(ids, "location", row.facility.as_str(), "location:Location").text("core:name", name);
    node.many("core:hasFacet", coordinates(ids, row.facility.as_str(), row.lat, row.lon)).done()
}

fn coordinates(ids: &Ids, name: &str, lat: Option<Decimal>, lon: Option<Decimal>) -> Vec<Value> {
    let (Some(lat), Some(lon)) = (lat, lon) else { return Vec::new() };
    let facet = Node::new(ids, "coordinates-facet", name, "location:LatLongCoordinatesFacet")
        .set("location:latitude", typed("decimal", &lat.to_string()))
        .set("location:longitude", typed("decimal", &lon.to_string()));
    vec![facet.done()]
}

fn sector(row: &Sector, ids: &Ids) -> Value {
    let name = row.sector.as_str();
    let (mut parts, names) = (name.split('-'), ["cellSiteCountryCode", "cellSiteNetworkCode"]);
    let mut facet = Node::new(ids, "cell-site-facet", name, "observable:CellSiteFacet");
    for (property, part) in names.into_iter().zip(&mut parts) {
        facet = facet.text(&format!("observable:{property}"), part);
    }
    // A location area stands before the identity in GSM and UMTS only.
    let (first, second) = (parts.next(), parts.next());
    let (area, identity) = if second.is_some() { (first, second) } else { (None, first) };
    let facet = facet
        .maybe("observable:cellSiteLocationAreaCode", area.as_ref())
        .maybe("observable:cellSiteIdentifier", identity.as_ref())
        .text("observable:cellSiteType", row.technology.as_str());
    let mut facets = vec![facet.done()];
    facets.extend(coordinates(ids, name, row.lat, row.lon));
    Node::new(ids, "cell-site", name, "observable:CellSite")
        .text("cellsweep:operator", row.operator.as_str())
        .many("core:hasFacet", facets)
        .done()
}

fn phone_facets(
    ids: &Ids,
    kind: &str,
    name: &str,
    imeis: &[Imei],
    class: Option<&str>,
    model: Option<&str>,
) -> Vec<Value> {
    let mut facets = Vec::new();
    if !imeis.is_empty() {
        let imeis = imeis.iter().map(|imei| imei.with_check_digit().into()).collect();
        let facet = Node::new(ids, &format!("{kind}-mobile-device-facet"), name, "observable:MobileDeviceFacet");
        facets.push(facet.many("observable:IMEI", imeis).done());
    }
    if class.is_some() || model.is_some() {
        let facet = Node::new(ids, &format!("{kind}-device-facet"), name, "observable:DeviceFacet");
        let facet = facet.maybe("observable:deviceType", class.as_ref()).maybe("observable:model", model.as_ref());
        facets.push(facet.done());
    }
    facets
}

fn device(row: &Device, ids: &Ids) -> Value {
    let class = row.class.map(DeviceClass::word);
    let model = row.model.as_ref().map(|model| model.as_str());
    let mut node = Node::new(ids, "handset", row.handset.as_str(), "observable:MobilePhone")
        .many("core:hasFacet", phone_facets(ids, "handset", row.handset.as_str(), &row.imeis, class, model));
    if row.cloned {
        node = node.set("cellsweep:imeiIsShared", typed("boolean", "true"));
    }
    for (property, time) in [("cellsweep:firstSeen", row.first_seen), ("cellsweep:lastSeen", row.last_seen)] {
        node = if let Some(time) = time { node.time(property, time) } else { node };
    }
    obtained(node, row.authority.as_ref().map(|authority| authority.as_str()), ids).done()
}

/// Under which order a row was obtained.
fn obtained(node: Node, authority: Option<&str>, ids: &Ids) -> Node {
    match authority {
        Some(authority) => node.link("cellsweep:obtainedUnder", ids.to("authorization", authority)),
        None => node,
    }
}

fn sim(row: &Sim, ids: &Ids) -> [Value; 2] {
    let name = row.sim.as_str();
    let authority = row.authority.as_ref().map(|authority| authority.as_str());
    let handsets = row.handsets.iter().map(|handset| ids.to("handset", handset.as_str())).collect();
    let facet = Node::new(ids, "sim-facet", name, "observable:SIMCardFacet")
        .maybe("observable:IMSI", row.imsi.as_ref())
        .maybe("observable:ICCID", row.iccid.as_ref());
    let card = Node::new(ids, "sim", name, "observable:SIMCard")
        .maybe("cellsweep:operator", row.operator.as_ref())
        .many("cellsweep:heardIn", handsets)
        .many("core:hasFacet", vec![facet.done()]);
    let facet = Node::new(ids, "account-facet", name, "observable:MobileAccountFacet")
        .maybe("observable:MSISDN", row.msisdn.as_ref())
        .maybe("observable:IMSI", row.imsi.as_ref());
    let mut line = Node::new(ids, "account", name, "observable:MobileAccount")
        .many("core:hasFacet", vec![facet.done()])
        .link("cellsweep:onCard", ids.to("sim", name));
    if let Some(subscriber) = &row.subscriber {
        line = line.link("cellsweep:subscribedBy", ids.to("person", subscriber.as_str()));
    }
    [obtained(card, authority, ids).done(), obtained(line, authority, ids).done()]
}

/// Numbers at the other end of calls, each once.
pub(crate) fn others(snapshot: &CaseSnapshot) -> Vec<Msisdn> {
    let ends = snapshot.calls.iter().flat_map(|call| [&call.from, &call.to]);
    let mut numbers: Vec<Msisdn> = ends
        .filter_map(|end| match end {
            CallEnd::Number(number) => Some(number.clone()),
            CallEnd::Sim(_) | CallEnd::NotStated => None,
        })
        .collect();
    numbers.sort();
    numbers.dedup();
    numbers
}

fn account(number: Msisdn, ids: &Ids) -> Value {
    let number = number.as_str();
    let facet = Node::new(ids, "number-facet", number, "observable:MobileAccountFacet");
    let facet = facet.text("observable:MSISDN", number);
    let node = Node::new(ids, "number", number, "observable:MobileAccount");
    node.many("core:hasFacet", vec![facet.done()]).done()
}

fn end(end: &CallEnd, ids: &Ids) -> Option<Value> {
    match end {
        CallEnd::Sim(sim) => Some(ids.to("account", sim.as_str())),
        CallEnd::Number(number) => Some(ids.to("number", number.as_str())),
        CallEnd::NotStated => None,
    }
}

fn call(row: &Call, ids: &Ids) -> Value {
    let name = row.call.as_str();
    let mut facet = Node::new(ids, "call-facet", name, "observable:CallFacet")
        .text("observable:callType", row.kind.word())
        .time("observable:startTime", row.time);
    if let Some(from) = end(&row.from, ids) {
        facet = facet.link("observable:from", from);
    }
    facet = facet.many("observable:to", end(&row.to, ids).into_iter().collect());
    if let Some(seconds) = row.duration_s {
        facet = facet.set("observable:duration", typed("integer", &seconds.to_string()));
    }
    let mut node = Node::new(ids, "call", name, "observable:Call").many("core:hasFacet", vec![facet.done()]);
    if let Some(handset) = &row.handset {
        node = node.link("cellsweep:handset", ids.to("handset", handset.as_str()));
    }
    if let Some(sector) = &row.sector {
        node = node.link("cellsweep:servedBy", ids.to("cell-site", sector.as_str()));
    }
    obtained(node, row.authority.as_ref().map(|authority| authority.as_str()), ids).done()
}

fn exhibit(row: &Exhibit, ids: &Ids) -> Value {
    let name = row.exhibit.as_str();
    let (class, mut facets) = match row.kind {
        ExhibitKind::Phone => ("observable:MobilePhone", phone_facets(ids, "exhibit", name, &row.imeis, None, None)),
        ExhibitKind::Sim => ("observable:SIMCard", Vec::new()),
        ExhibitKind::Charger | ExhibitKind::Other => ("observable:ObservableObject", Vec::new()),
    };
    facets.extend(row.iccids.iter().map(|iccid| {
        let facet = Node::new(ids, "exhibit-sim-facet", &format!("{name}\n{iccid}"), "observable:SIMCardFacet");
        facet.text("observable:ICCID", iccid.as_str()).done()
    }));
    let node = Node::new(ids, "exhibit", name, class)
        .text("core:name", name)
        .maybe("core:description", row.description.as_ref())
        .many("core:hasFacet", facets);
    obtained(node, row.authority.as_ref().map(|authority| authority.as_str()), ids).done()
}

/// A place in a facility, as a location of its own.
pub(super) fn place(ids: &Ids, facility: &str, cell: Option<&str>) -> Value {
    match cell {
        Some(cell) => ids.to("place", &format!("{facility}\n{cell}")),
        None => ids.to("location", facility),
    }
}

/// The locations that searches and exhibits name and no facility describes.
pub(super) fn places(snapshot: &CaseSnapshot, ids: &Ids) -> Vec<Value> {
    let searched = snapshot.searches.iter().map(|row| (&row.facility, row.cell.as_ref()));
    let found = snapshot.exhibits.iter().map(|row| (&row.facility, row.cell.as_ref()));
    let mut named: Vec<_> = searched.chain(found).collect();
    named.sort();
    named.dedup();
    let described = |facility| snapshot.facilities.iter().any(|row| row.facility == facility);
    let open = named.into_iter().filter(|(facility, cell)| cell.is_some() || !described((*facility).clone()));
    open.map(|(facility, cell)| {
        let name = cell.map_or_else(|| facility.to_string(), |cell| format!("{facility} {cell}"));
        let id = place(ids, facility.as_str(), cell.map(|cell| cell.as_str()));
        json!({ "@id": id["@id"], "@type": "location:Location", "core:name": name })
    })
    .collect()
}
