/** Who did and looked at what, newest first, and why. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { auditPage } from "../../api/queries";
import type { AuditEntry } from "../../api/types";
import { Empty, Failed, Loading } from "../../design/states";
import { Button, PageHead, Segments } from "../../design/ui";
import { useWords } from "../../i18n/words";
import "../../design/table/table.css";
import "./audit.css";

export function AuditPage() {
  const { m } = useWords();
  const [log, setLog] = useState<AuditEntry["log"]>("custody");
  const query = useInfiniteQuery({ queryKey: ["audit", log], queryFn: ({ pageParam }) => auditPage(log, pageParam), initialPageParam: null as number | null, getNextPageParam: (last) => last.next });
  const entries = query.data?.pages.flatMap((page) => page.entries);
  return (
    <div className="page">
      <PageHead title={m.audit.title}>
        <Segments label={m.audit.filter} value={log} onChange={setLog} options={[["custody", m.audit.logs.custody], ["access", m.audit.logs.access]]} />
      </PageHead>
      {!entries && (query.isError ? <Failed error={query.error} retry={() => void query.refetch()} /> : <Loading />)}
      {entries && (
        <section className="panel">
          {entries.length ? <Entries entries={entries} /> : <Empty text={m.audit.none} />}
          {query.hasNextPage && (
            <p className="more">
              <Button onClick={() => void query.fetchNextPage()} disabled={query.isFetchingNextPage}>
                {m.audit.more}
              </Button>
            </p>
          )}
        </section>
      )}
    </div>
  );
}

function Entries({ entries }: { entries: AuditEntry[] }) {
  const { m, f } = useWords();
  return (
    <div className="table-frame" role="group" aria-label={m.audit.title} tabIndex={0}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{m.audit.at}</th>
            <th scope="col">{m.audit.who}</th>
            <th scope="col">{m.audit.what}</th>
            <th scope="col" className="mid">{m.audit.refs}</th>
            <th scope="col" className="mid">{m.audit.reason}</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.n}>
              <td className="nowrap">{f.dateTime(entry.at)}</td>
              <td>{entry.who}</td>
              <td title={entry.what}>{m.audit.whats[entry.what] ?? <span className="mono small">{entry.what}</span>}</td>
              <td className="mono small mid">{entry.refs.join(", ")}</td>
              <td className="mid">{entry.reason ?? <span className="soft">–</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
