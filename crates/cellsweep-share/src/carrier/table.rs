//! Requests as tables.

use super::{Action, Order, Request, Target};
use crate::csv::{Csv, prose};
use crate::snapshot::{Authority, CaseSnapshot, Facility, Words};

/// The columns of a mailing.
const COLUMNS: &[&str] = &[
    "request",
    "action",
    "restores",
    "made",
    "comply_by",
    "operator",
    "imei",
    "imsi",
    "msisdn",
    "first_record",
    "last_record",
    "facility",
    "facility_name",
    "facility_lat",
    "facility_lon",
    "reason",
    "carve_out",
    "certification",
    "official",
    "official_title",
    "agency",
    "contact",
    "country",
    "issuing_body",
    "order_number",
    "legal_basis",
    "valid_until",
];

/// One operator's requests as a table: a row a device or subscription, with all that the operator needs to act on it.
/// Names of facilities and the order's details are taken from the snapshot, where they are in it.
pub fn requests_csv(snapshot: &CaseSnapshot, order: &Order, operator: &Words, requests: &[Request]) -> Vec<u8> {
    let mut csv = Csv::new(COLUMNS);
    let authority = snapshot.authorities.iter().find(|row| row.authority == order.authority);
    for request in requests {
        let facility = snapshot.facilities.iter().find(|row| row.facility == request.facility);
        let mut row = asked(order, operator, request);
        row.extend(place(request, facility));
        row.extend(asking(order));
        row.extend(ordered(authority));
        csv.row(&row);
    }
    csv.into_bytes()
}

fn text<T: ToString>(value: Option<&T>) -> String {
    value.map_or(String::new(), ToString::to_string)
}

fn asked(order: &Order, operator: &Words, request: &Request) -> Vec<String> {
    let (imei, imsi, msisdn) = match &request.target {
        Target::Handset(imei) => (imei.with_check_digit(), String::new(), String::new()),
        Target::Subscription(imsi, msisdn) => (String::new(), imsi.to_string(), text(msisdn.as_ref())),
    };
    let restores = request.restores.as_deref().map(prose);
    vec![
        prose(&request.number),
        request.action.word().to_owned(),
        restores.unwrap_or_default(),
        order.made.to_string(),
        order.comply_by.to_string(),
        prose(operator.as_str()),
        imei,
        imsi,
        msisdn,
        text(request.first_record.as_ref()),
        text(request.last_record.as_ref()),
    ]
}

fn place(request: &Request, facility: Option<&Facility>) -> Vec<String> {
    let name = facility.and_then(|row| row.name.as_ref()).map(|name| prose(name.as_str()));
    let (lat, lon) = (facility.and_then(|row| row.lat), facility.and_then(|row| row.lon));
    vec![prose(request.facility.as_str()), name.unwrap_or_default(), text(lat.as_ref()), text(lon.as_ref())]
}

fn asking(order: &Order) -> Vec<String> {
    let official = &order.official;
    let said = [&order.reason, &order.carve_out, &order.certification];
    let who = [&official.name, &official.title, &official.agency, &official.contact];
    said.into_iter().chain(who).map(|words| prose(words.as_str())).collect()
}

fn ordered(authority: Option<&Authority>) -> Vec<String> {
    let Some(row) = authority else { return vec![String::new(); 5] };
    let words = [&row.body, &row.number, &row.legal_basis].map(|words| prose(words.as_str()));
    let mut fields = vec![row.country.to_string()];
    fields.extend(words);
    fields.push(row.valid_until.to_string());
    fields
}

/// The IMEIs that are to be refused, as equipment identity registers take them: `imei, reason, since`. Subscriptions
/// are not in it, for their handsets' IMEIs are others', too.
pub fn block_list_csv(order: &Order, requests: &[Request]) -> Vec<u8> {
    let mut csv = Csv::new(&["imei", "reason", "since"]);
    for request in requests {
        if let (Action::Disable, Target::Handset(imei)) = (request.action, &request.target) {
            csv.row(&[imei.with_check_digit(), prose(order.reason.as_str()), order.made.to_string()]);
        }
    }
    csv.into_bytes()
}
