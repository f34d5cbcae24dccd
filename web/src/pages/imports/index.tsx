/** What came in, what is coming in, and what it is worth. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Play } from "lucide-react";
import { useMemo, useState } from "react";
import { imports, jobs, startTrace } from "../../api/queries";
import type { Import, Job } from "../../api/types";
import { useMay } from "../../app/me";
import { Empty, Ready, saysOf } from "../../design/states";
import { Badge, Button, Notice, PageHead, Panel, Segments, Share } from "../../design/ui";
import { Table } from "../../design/table/table";
import type { Column } from "../../design/table/table";
import { useWords } from "../../i18n/words";
import { Add } from "./add";
import { QualityView } from "./quality";
import "./imports.css";

export function ImportsPage() {
  const { m } = useWords();
  const [view, setView] = useState<"files" | "quality">("files");
  return (
    <div className="page">
      <PageHead title={m.imports.title}>
        <Segments label={m.imports.title} value={view} onChange={setView} options={[["files", m.imports.files], ["quality", m.imports.quality]]} />
      </PageHead>
      {view === "files" ? <Files /> : <QualityView />}
    </div>
  );
}

function Files() {
  const { m } = useWords();
  const may = useMay();
  const query = useQuery(imports);
  return (
    <>
      <div className="columns">
        {may("import") && <div className="span-6"><Add /></div>}
        <div className={may("import") ? "span-6" : ""}><Jobs /></div>
      </div>
      <Panel title={m.imports.list} flush>
        <Ready query={query}>{({ imports: all }) => (all.length ? <List all={all} /> : <Empty text={m.imports.none} />)}</Ready>
      </Panel>
    </>
  );
}

function Jobs() {
  const { m } = useWords();
  const may = useMay();
  const client = useQueryClient();
  const query = useQuery({ ...jobs, refetchInterval: ({ state }) => (state.data?.some((job) => job.state === "running") ? 2000 : false) });
  const trace = useMutation({ mutationFn: startTrace, onSuccess: () => client.invalidateQueries({ queryKey: jobs.queryKey }) });
  return (
    <Panel title={m.imports.jobs} flush aside={may("trace") && <Button small onClick={() => trace.mutate()} disabled={trace.isPending} title={m.imports.traceHint}><Play size={14} aria-hidden /> {m.imports.trace}</Button>}>
      {trace.isError && <Notice tone="bad">{saysOf(trace.error, m.common)}</Notice>}
      <Ready query={query}>
        {(all) => (
          <ul className="plain jobs">
            {all.map((job) => <JobRow key={job.id} job={job} />)}
            {all.length === 0 && <li className="soft">{m.imports.jobsNone}</li>}
          </ul>
        )}
      </Ready>
    </Panel>
  );
}

const tones = { running: "accent", done: "good", failed: "bad" } as const;

function JobRow({ job }: { job: Job }) {
  const { m, f } = useWords();
  return (
    <li>
      <span className="row spread">
        <strong>{m.imports.kinds[job.kind] ?? job.kind}</strong>
        <Badge tone={tones[job.state]}>{m.imports.states[job.state]}</Badge>
      </span>
      {job.state === "running" && <Share value={job.share} label={f.percent(job.share)} />}
      <span className="small soft">{job.detail ?? job.doing}</span>
    </li>
  );
}

const rejected = (row: Import) => Object.values(row.rejected).reduce((sum, count) => sum + count, 0);

function List({ all }: { all: Import[] }) {
  const { m, f } = useWords();
  const columns = useMemo((): Column<Import>[] => {
    const names = m.imports.columns;
    return [
      { id: "file", title: names.file, key: (row) => row.file, show: (row) => <span className="breaks">{row.file} {row.restricted && <Badge tone="warn">{m.imports.restricted}</Badge>}</span> },
      { id: "table", title: names.table, key: (row) => m.imports.tableNames[row.table] ?? row.table, rank: "mid", show: (row) => <span title={row.table}>{m.imports.tableNames[row.table] ?? row.table}</span> },
      { id: "at", title: names.at, key: (row) => row.at, show: (row) => <span className="nowrap">{f.date(row.at)}</span> },
      { id: "by", title: names.by, key: (row) => row.by, rank: "low", show: (row) => row.by },
      { id: "rows", title: names.rows, key: (row) => row.rows, numeric: true, show: (row) => f.count(row.rows) },
      { id: "rejected", title: names.rejected, key: rejected, numeric: true, rank: "mid", show: (row) => <span title={Object.entries(row.rejected).map(([why, count]) => `${why}: ${f.count(count)}`).join("\n")}>{f.count(rejected(row))}</span> },
      { id: "authority", title: names.authority, key: (row) => row.authority, rank: "low", show: (row) => row.authority ?? "–" },
      { id: "digest", title: names.digest, rank: "low", show: (row) => <span className="mono small soft" title={row.digest}>{row.digest.slice(0, 10)}…</span> },
    ];
  }, [m, f]);
  return <Table label={m.imports.list} columns={columns} rows={all} rowKey={(row) => row.id} first={{ column: "at", descending: true }} />;
}
