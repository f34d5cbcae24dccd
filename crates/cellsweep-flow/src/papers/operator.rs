//! A request to an operator, as it was made in the case.

use cellsweep_model::case::CaseEvent;
use cellsweep_papers::{
    Asked, AskedKind as Kind, Authority, Datum, ListFile, OperatorRequest, Paper, Source, operator_request,
};

use super::Desk;
use crate::request::{asked_for, find};
use crate::{AskedKind, FlowError};

pub(super) fn request(desk: &Desk<'_>, number: &str) -> Result<Paper, FlowError> {
    let (run, request) = find(desk.case, number)?;
    let entry = desk.events().iter().find_map(|logged| match &logged.event {
        CaseEvent::Ran { run: logged_run } if logged_run.id == run.id => Some(logged.sequence),
        _ => None,
    });
    let entry = entry.unwrap_or_default();
    let list = format!("{}-list.csv", request.request);
    let digest = run.outputs.get(&list).map(|digest| digest.0.clone());
    let kind = match request.kind {
        AskedKind::Imei => Kind::Imei,
        AskedKind::Msisdn => Kind::Msisdn,
        AskedKind::Imsi => Kind::Imsi,
        AskedKind::Sector => Kind::Sector,
    };
    let values = asked_for(desk.case, &run, &request)?;
    let paper = OperatorRequest {
        head: desk.head(Datum::logged(request.request.clone(), entry)),
        authority: desk.authority(&request.authority).unwrap_or_else(|| Authority {
            id: Datum::logged(request.authority.clone(), entry),
            ..Authority::default()
        }),
        operator: Datum::logged(request.operator.clone(), entry),
        addressee: Datum::Missing,
        asked: vec![Asked { kind, values, source: Source::entry(entry) }],
        window: Datum::logged((request.from, request.to), entry),
        list: digest.map_or(Datum::Missing, |sha256| Datum::logged(ListFile { name: list, sha256 }, entry)),
        answer_to: Datum::Missing,
        answer_by: request.due.map_or(Datum::Missing, |due| Datum::logged(due, entry)),
        answer_by_way_of: Datum::Missing,
        secrecy_basis: Datum::Missing,
        signatory: Datum::Missing,
    };
    Ok(operator_request(&paper, desk.lang))
}
