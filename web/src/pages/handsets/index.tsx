/** All handsets: asked for, sorted, opened. */
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useDeferredValue, useMemo, useState } from "react";
import { handsets } from "../../api/queries";
import type { Handset } from "../../api/types";
import { useMay } from "../../app/me";
import { passing } from "../../design/table/arrange";
import { Table } from "../../design/table/table";
import { Empty, Ready } from "../../design/states";
import { Button, PageHead } from "../../design/ui";
import { useWords } from "../../i18n/words";
import { handsetColumns } from "./columns";
import { Criteria } from "./criteria";
import { open, passes } from "./filter";
import type { Filter } from "./filter";
import "./handsets.css";

export function HandsetsPage() {
  const query = useQuery(handsets);
  return (
    <div className="page">
      <Ready query={query}>{({ rows }) => (rows.length ? <Shown rows={rows} /> : <NoneAtAll />)}</Ready>
    </div>
  );
}

function NoneAtAll() {
  const { m } = useWords();
  const may = useMay();
  return <Empty text={m.handsets.noneAtAll}>{may("trace") && <Link to="/imports">{m.handsets.trace}</Link>}</Empty>;
}

function Shown({ rows }: { rows: Handset[] }) {
  const { m, f } = useWords();
  const { facility = "" } = useSearch({ from: "/handsets" });
  const navigate = useNavigate();
  const [filter, setFilter] = useState<Filter>({ ...open, facility });
  // Typing stays quick: the table follows when there is time.
  const asked = useDeferredValue(filter);
  const question = useMemo(() => passes(asked), [asked]);
  const columns = useMemo(() => handsetColumns(m, f), [m, f]);
  const count = useMemo(() => (question ? passing(rows, all(rows.length), question).length : rows.length), [rows, question]);
  return (
    <>
      <PageHead title={m.nav.handsets} lead={<span aria-live="polite">{m.handsets.shown(f.count(count), f.count(rows.length))}</span>} />
      <section className="panel">
        <Criteria rows={rows} filter={filter} onChange={setFilter} />
        <Table
          label={m.nav.handsets}
          columns={columns}
          rows={rows}
          rowKey={(row) => `${row.handset} ${row.facility}`}
          first={{ column: "probability", descending: true }}
          passes={question}
          tall
          onOpen={(row) => void navigate({ to: "/handsets/$handset", params: { handset: row.handset }, search: { facility: row.facility } })}
          empty={
            <Empty text={m.handsets.none}>
              <Button onClick={() => setFilter(open)}>{m.handsets.reset}</Button>
            </Empty>
          }
        />
      </section>
    </>
  );
}

const all = (length: number) => Uint32Array.from({ length }, (_, index) => index);
