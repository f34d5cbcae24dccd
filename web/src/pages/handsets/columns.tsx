import { Link } from "@tanstack/react-router";
import type { Handset } from "../../api/types";
import type { Column } from "../../design/table/table";
import { Badge, Share } from "../../design/ui";
import type { Formats } from "../../i18n/format";
import type { Messages } from "../../messages/fr";

export function handsetColumns(m: Messages, f: Formats): Column<Handset>[] {
  const names = m.handsets.columns;
  return [
    { id: "handset", title: names.handset, key: (row) => row.handset, width: 12, show: (row) => <Name row={row} /> },
    { id: "probability", title: names.probability, key: (row) => row.probability, numeric: true, width: 10.5, show: (row) => <Share value={row.probability} label={f.percent(row.probability)} /> },
    { id: "facility", title: names.facility, key: (row) => row.facility_name, width: 13, show: (row) => <span title={row.facility_name}>{row.facility_name}</span> },
    {
      id: "cell", title: names.cell, key: (row) => row.cell_probability, numeric: true, width: 8.5, rank: "mid",
      show: (row) => row.cell && <span>{row.cell} <span className="soft small">{row.cell_probability !== null && f.percent(row.cell_probability)}</span></span>,
    },
    { id: "class", title: names.class, key: (row) => row.class, width: 10, rank: "mid", show: (row) => <Kind row={row} m={m} /> },
    { id: "days", title: names.days, key: (row) => row.days_present, numeric: true, width: 4.5, rank: "low", show: (row) => f.count(row.days_present) },
    { id: "events", title: names.events, key: (row) => row.events, numeric: true, width: 7.5, rank: "low", show: (row) => f.count(row.events) },
    { id: "imsis", title: names.imsis, key: (row) => row.imsis, numeric: true, width: 4.5, rank: "low", show: (row) => f.count(row.imsis) },
    { id: "last", title: names.last, key: (row) => row.last_seen, width: 10, rank: "mid", show: (row) => <span className="soft">{f.date(row.last_seen)}</span> },
    { id: "decision", title: names.decision, key: (row) => row.decision, width: 9, rank: "mid", show: (row) => <Decided row={row} m={m} /> },
  ];
}

function Name({ row }: { row: Handset }) {
  return (
    <Link to="/handsets/$handset" params={{ handset: row.handset }} search={{ facility: row.facility }} className="mono" tabIndex={-1}>
      {row.handset}
    </Link>
  );
}

function Kind({ row, m }: { row: Handset; m: Messages }) {
  return (
    <>
      {m.handsets.classes[row.class]} {row.in_ledger && <Badge tone="accent">{m.handsets.ledgerMark}</Badge>} {row.cloned && <Badge tone="warn">{m.handsets.cloned}</Badge>}
    </>
  );
}

function Decided({ row, m }: { row: Handset; m: Messages }) {
  if (!row.decision) return null;
  return <Badge tone={row.decision === "confirm" ? "good" : "plain"}>{m.handsets.decisions[row.decision]}</Badge>;
}
