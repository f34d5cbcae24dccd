/** What was confiscated, month by month. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { register } from "../../api/queries";
import type { RegisterRow } from "../../api/types";
import { MonthsChart } from "../../charts/months";
import { useFacilityNames } from "../../app/facility-names";
import { Empty, Ready } from "../../design/states";
import { PageHead, Panel } from "../../design/ui";
import { Table } from "../../design/table/table";
import type { Column } from "../../design/table/table";
import { useWords } from "../../i18n/words";

export function RegisterPage() {
  const { m } = useWords();
  const query = useQuery(register);
  return (
    <div className="page">
      <PageHead title={m.register.title} />
      <Ready query={query}>{({ rows }) => (rows.length ? <Shown rows={rows} /> : <Empty text={m.register.none} />)}</Ready>
    </div>
  );
}

function Shown({ rows }: { rows: RegisterRow[] }) {
  const { m, f } = useWords();
  const nameOf = useFacilityNames();
  const columns = useMemo(
    (): Column<RegisterRow>[] => [
      { id: "month", title: m.register.month, key: (row) => row.month, width: 10, show: (row) => f.month(`${row.month}-15`) },
      { id: "facility", title: m.register.facility, key: (row) => nameOf(row.facility), width: 16, show: (row) => nameOf(row.facility) },
      { id: "finds", title: m.register.finds, key: (row) => row.finds, numeric: true, width: 8, show: (row) => f.count(row.finds) },
      { id: "items", title: m.register.items, key: (row) => row.items, numeric: true, width: 9, show: (row) => f.count(row.items) },
    ],
    [m, f, nameOf],
  );
  return (
    <>
      <Panel title={m.register.trend}>
        <MonthsChart rows={rows} />
      </Panel>
      <section className="panel">
        <Table label={m.register.title} columns={columns} rows={rows} rowKey={(row) => `${row.month} ${row.facility}`} first={{ column: "month", descending: true }} tall />
      </section>
    </>
  );
}
