/** What was seized, who holds it, and whether its chain holds. */
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { custody, exhibit } from "../../api/queries";
import type { Exhibit } from "../../api/types";
import { useFacilityNames } from "../../app/facility-names";
import { Empty, Ready } from "../../design/states";
import { Badge, Dialog, Notice, PageHead } from "../../design/ui";
import { Table } from "../../design/table/table";
import type { Column } from "../../design/table/table";
import { useWords } from "../../i18n/words";
import "./custody.css";

export function CustodyPage() {
  const { m } = useWords();
  const query = useQuery(custody);
  return (
    <div className="page">
      <PageHead title={m.custody.title} />
      <Ready query={query}>{({ exhibits }) => (exhibits.length ? <Shown all={exhibits} /> : <Empty text={m.custody.none} />)}</Ready>
    </div>
  );
}

function Shown({ all }: { all: Exhibit[] }) {
  const { m, f, pick } = useWords();
  const nameOf = useFacilityNames();
  const [open, setOpen] = useState<string | null>(null);
  const [broken, setBroken] = useState(false);
  const columns = useMemo((): Column<Exhibit>[] => {
    const names = m.custody.columns;
    return [
      { id: "item", title: names.item, key: (row) => row.item, width: 9, show: (row) => <span className="mono">{row.item}</span> },
      { id: "kind", title: names.kind, key: (row) => row.kind.en, width: 8, show: (row) => pick(row.kind) },
      { id: "facility", title: names.facility, key: (row) => row.facility, width: 7.5, rank: "mid", show: (row) => row.facility && nameOf(row.facility) },
      { id: "cell", title: names.cell, key: (row) => row.cell, width: 6, rank: "mid", show: (row) => row.cell },
      { id: "found", title: names.found, key: (row) => row.found_at, width: 11, rank: "low", show: (row) => row.found_at && f.dateTime(row.found_at) },
      { id: "holder", title: names.holder, key: (row) => row.holder, width: 11, rank: "mid", show: (row) => row.holder },
      { id: "seal", title: names.seal, key: (row) => row.seal, width: 7, rank: "low", show: (row) => <span className="mono small">{row.seal}</span> },
      { id: "state", title: names.state, key: (row) => row.state, width: 7, rank: "mid", show: (row) => m.custody.states[row.state] ?? row.state },
      { id: "breaks", title: names.breaks, key: (row) => row.breaks, numeric: true, width: 8, show: (row) => (row.breaks ? <Badge tone="bad">{m.custody.broken(f.count(row.breaks))}</Badge> : <Badge tone="good">{m.custody.whole}</Badge>) },
    ];
  }, [m, f, pick, nameOf]);
  const passes = useMemo(() => (broken ? (row: Exhibit) => row.breaks > 0 : undefined), [broken]);
  return (
    <section className="panel">
      <div className="bar">
        <label className="check">
          <input type="checkbox" checked={broken} onChange={(event) => setBroken(event.target.checked)} /> {m.custody.onlyBroken}
        </label>
      </div>
      <Table label={m.custody.title} columns={columns} rows={all} rowKey={(row) => row.item} first={{ column: "breaks", descending: true }} passes={passes} tall onOpen={(row) => setOpen(row.item)} empty={<Empty text={m.common.empty} />} />
      {open && <Chain item={open} onClose={() => setOpen(null)} />}
    </section>
  );
}

function Chain({ item, onClose }: { item: string; onClose: () => void }) {
  const { m, f, pick } = useWords();
  const query = useQuery(exhibit(item));
  return (
    <Dialog title={`${m.custody.chain} — ${item}`} wide onClose={onClose}>
      <Ready query={query}>
        {({ events, breaks }) => (
          <div className="stack">
            {breaks.map((each, index) => (
              <Notice key={index} tone="bad">{pick(each)}</Notice>
            ))}
            <ol className="plain chain">
              {events.map((event, index) => (
                <li key={index}>
                  <strong>{pick(event.what)}</strong>
                  <span className="small soft">
                    {f.dateTime(event.at)} · {event.by}
                  </span>
                </li>
              ))}
            </ol>
          </div>
        )}
      </Ready>
    </Dialog>
  );
}
