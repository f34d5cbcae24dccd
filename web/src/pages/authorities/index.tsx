/** The orders that the case rests on, and how long they still hold. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useMemo, useState } from "react";
import type { FormEvent } from "react";
import { ApiError } from "../../api/client";
import { addAuthority, authorities } from "../../api/queries";
import type { Authority } from "../../api/types";
import { useMay } from "../../app/me";
import { Empty, Ready, saysOf } from "../../design/states";
import { Badge, Button, Dialog, Field, Notice, PageHead } from "../../design/ui";
import type { Tone } from "../../design/ui";
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
        {may("authorityPropose") && (
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

const tones: Record<string, Tone> = { active: "good", expired: "bad", revoked: "bad", pending: "accent", proposed: "accent" };

function List({ all }: { all: Authority[] }) {
  const { m, f } = useWords();
  const columns = useMemo((): Column<Authority>[] => {
    const names = m.authorities.columns;
    return [
      { id: "reference", title: names.reference, key: (row) => row.reference, show: (row) => <strong className="nowrap">{row.reference}</strong> },
      { id: "kind", title: names.kind, key: (row) => row.kind, rank: "mid", show: (row) => m.authorities.kinds[row.kind] ?? row.kind },
      { id: "by", title: names.by, key: (row) => row.by, rank: "mid", show: (row) => row.by },
      { id: "from", title: names.from, key: (row) => row.from, rank: "low", show: (row) => <span className="nowrap">{f.date(row.from)}</span> },
      { id: "until", title: names.until, key: (row) => row.until, show: (row) => <span className="nowrap">{f.date(row.until)}</span> },
      { id: "facilities", title: names.facilities, key: (row) => row.facilities, numeric: true, rank: "low", show: (row) => (row.facilities === null ? m.authorities.everywhere : f.count(row.facilities)) },
      { id: "state", title: names.state, key: (row) => row.state, show: (row) => <Badge tone={tones[row.state] ?? "plain"}>{m.authorities.states[row.state] ?? row.state}</Badge> },
    ];
  }, [m, f]);
  return <Table label={m.authorities.title} columns={columns} rows={all} rowKey={(row) => row.reference} first={{ column: "until", descending: true }} />;
}

const EXAMPLE = 'reference = ""\nkind = "order"\nby = ""\nfrom = 2026-01-01\nuntil = 2026-12-31\n';

function Add({ onClose }: { onClose: () => void }) {
  const { m } = useWords();
  const client = useQueryClient();
  const [toml, setToml] = useState(EXAMPLE);
  const send = useMutation({
    mutationFn: addAuthority,
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: authorities.queryKey });
      onClose();
    },
  });
  const wrong = send.error instanceof ApiError ? send.error.problem.fields?.map((field) => field.message).join(" ") : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate(toml);
  };
  return (
    <Dialog title={m.authorities.add} wide onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        {send.isError && !wrong && <Notice tone="bad">{saysOf(send.error, m.common)}</Notice>}
        <Field label={m.authorities.toml} help={m.authorities.tomlHint} wrong={wrong}>
          {(tie) => <textarea {...tie} className="code" spellCheck={false} value={toml} onChange={(event) => setToml(event.target.value)} />}
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
