/** The orders that the case rests on, and how long they still hold. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useMemo, useState } from "react";
import type { SyntheticEvent } from "react";
import { ApiError } from "../../api/client";
import { authorities, grantAuthority } from "../../api/queries";
import type { Authority } from "../../api/types";
import { useMay } from "../../app/me";
import { Empty, Ready, saysOf } from "../../design/states";
import { Badge, Button, Dialog, Field, Notice, PageHead } from "../../design/ui";
import { Table } from "../../design/table/table";
import type { Column } from "../../design/table/table";
import { useWords } from "../../i18n/words";

export function AuthoritiesPage() {
  const { m } = useWords();
  const may = useMay();
  const query = useQuery(authorities);
  const [adding, setAdding] = useState(false);
  return (
    <div className="page">
      <PageHead title={m.authorities.title}>
        {may("authorityGrant") && (
          <Button kind="main" onClick={() => setAdding(true)}>
            <Plus size={16} aria-hidden /> {m.authorities.add}
          </Button>
        )}
      </PageHead>
      <Ready query={query}>
        {({ authorities: all }) =>
          all.length ? (
            <section className="panel">
              <List all={all} />
            </section>
          ) : (
            <Empty text={m.authorities.none} />
          )
        }
      </Ready>
      {adding && <Add onClose={() => setAdding(false)} />}
    </div>
  );
}

function List({ all }: { all: Authority[] }) {
  const { m, f } = useWords();
  const columns = useMemo((): Column<Authority>[] => {
    const names = m.authorities.columns;
    return [
      { id: "reference", title: names.reference, key: (row) => row.reference, show: (row) => <strong className="nowrap">{row.reference}</strong> },
      { id: "kind", title: names.kind, key: (row) => row.kinds.join(), rank: "mid", show: (row) => row.kinds.map((kind) => m.authorities.kinds[kind] ?? kind).join(", ") },
      { id: "by", title: names.by, key: (row) => row.by.join(), rank: "mid", show: (row) => row.by.join(", ") },
      { id: "until", title: names.until, key: (row) => row.until, show: (row) => <span className="nowrap">{f.date(row.until)}</span> },
      { id: "imports", title: names.imports, key: (row) => row.imports, numeric: true, rank: "low", show: (row) => f.count(row.imports) },
      { id: "state", title: names.state, key: (row) => Number(row.lapsed), show: (row) => <Badge tone={row.lapsed ? "bad" : "good"}>{row.lapsed ? m.authorities.states.lapsed : m.authorities.states.active}</Badge> },
    ];
  }, [m, f]);
  return <Table label={m.authorities.title} columns={columns} rows={all} rowKey={(row) => row.reference} first={{ column: "until", descending: true }} />;
}

function Add({ onClose }: { onClose: () => void }) {
  const { m } = useWords();
  const client = useQueryClient();
  const [toml, setToml] = useState("");
  const [author, setAuthor] = useState("");
  const [decision, setDecision] = useState("");
  const send = useMutation({
    mutationFn: grantAuthority,
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: authorities.queryKey });
      onClose();
    },
  });
  const told = (name: string) => (send.error instanceof ApiError ? send.error.field(name) : undefined);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    send.mutate({ toml, drawn_up_by: author, ...(decision.trim() ? { decision } : {}) });
  };
  return (
    <Dialog title={m.authorities.add} wide onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        {send.isError && !told("toml") && !told("drawn_up_by") && <Notice tone="bad">{saysOf(send.error, m.common)}</Notice>}
        <Field label={m.authorities.toml} help={m.authorities.tomlHint} wrong={told("toml")}>
          {(tie) => <textarea {...tie} className="code" spellCheck={false} required value={toml} onChange={(event) => setToml(event.target.value)} />}
        </Field>
        <Field label={m.authorities.author} help={m.authorities.authorHint} wrong={told("drawn_up_by")}>
          {(tie) => <input {...tie} required autoComplete="off" value={author} onChange={(event) => setAuthor(event.target.value)} />}
        </Field>
        <Field label={m.authorities.decision} help={m.authorities.decisionHint}>
          {(tie) => <input {...tie} autoComplete="off" value={decision} onChange={(event) => setDecision(event.target.value)} />}
        </Field>
        <div className="foot">
          <Button onClick={onClose}>{m.common.cancel}</Button>
          <Button kind="main" type="submit" disabled={send.isPending}>
            {m.authorities.send}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
