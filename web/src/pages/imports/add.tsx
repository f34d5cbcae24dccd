import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Upload } from "lucide-react";
import { useRef, useState } from "react";
import type { DragEvent } from "react";
import { authorities, imports, jobs } from "../../api/queries";
import { upload } from "../../api/upload";
import { useMay } from "../../app/me";
import { saysOf } from "../../design/states";
import { Button, Field, Notice, Panel, Share } from "../../design/ui";
import { useWords } from "../../i18n/words";

interface Sending {
  name: string;
  share: number;
  state: "sending" | "queued" | "failed";
  error?: unknown;
}

/** The tables that a file may be; without a choice the server guesses by its columns. */
const TABLES = [
  "records", "sectors", "facilities", "survey", "cells", "roster", "contacts", "visits", "requests", "known_devices", "ledger", "stock", "models", "searches", "seizures", "offences",
  "outages", "cases", "jamming", "ingress", "sensors", "detections", "antennas", "establishments", "transfers", "numbering",
];

export function Add() {
  const { m, f } = useWords();
  const may = useMay();
  const client = useQueryClient();
  const picker = useRef<HTMLInputElement>(null);
  const known = useQuery({ ...authorities, enabled: may("authorities") });
  const [table, setTable] = useState("");
  const [authority, setAuthority] = useState("");
  const [over, setOver] = useState(false);
  const [sent, setSent] = useState<Sending[]>([]);

  const note = (name: string, more: Partial<Sending>) => setSent((all) => all.map((each) => (each.name === name ? { ...each, ...more } : each)));

  async function sendAll(files: File[]) {
    setSent(files.map((file) => ({ name: file.name, share: 0, state: "sending" })));
    for (const file of files) {
      try {
        await upload(file, { ...(table ? { table } : {}), ...(authority ? { authority } : {}), onShare: (share) => note(file.name, { share }) });
        note(file.name, { share: 1, state: "queued" });
      } catch (error) {
        note(file.name, { state: "failed", error });
      }
      void client.invalidateQueries({ queryKey: jobs.queryKey });
    }
    void client.invalidateQueries({ queryKey: imports.queryKey });
  }

  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void sendAll([...event.dataTransfer.files]);
  };

  return (
    <Panel title={m.imports.add}>
      <div className="stack">
        <div className="two">
          <Field label={m.imports.table}>
            {(tie) => (
              <select {...tie} value={table} onChange={(event) => setTable(event.target.value)}>
                <option value="">{m.imports.tableGuess}</option>
                {TABLES.map((each) => <option key={each} value={each}>{m.imports.tableNames[each]}</option>)}
              </select>
            )}
          </Field>
          <Field label={m.imports.authority}>
            {(tie) => (
              <select {...tie} value={authority} onChange={(event) => setAuthority(event.target.value)}>
                <option value="">{m.common.none}</option>
                {known.data?.authorities.map((each) => <option key={each.reference}>{each.reference}</option>)}
              </select>
            )}
          </Field>
        </div>
        <div
          className={`drop ${over ? "over" : ""}`}
          onDragOver={(event) => {
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => setOver(false)}
          onDrop={drop}
        >
          <Upload size={22} strokeWidth={1.5} aria-hidden />
          <span>
            {m.imports.drop} <Button kind="quiet" small onClick={() => picker.current?.click()}>{m.imports.choose}</Button>
          </span>
          <input
            ref={picker} type="file" multiple hidden aria-label={m.imports.add}
            onChange={(event) => {
              const files = [...(event.target.files ?? [])];
              // So that the same file can be chosen again.
              event.target.value = "";
              void sendAll(files);
            }}
          />
        </div>
        <ul className="plain stack-tight" aria-live="polite">
          {sent.map((each) => (
            <li key={each.name} className="stack-tight">
              <span className="small">{each.name}</span>
              {each.state === "sending" && <Share value={each.share} label={f.percent(each.share)} />}
              {each.state === "queued" && <Notice tone="good">{m.imports.queued}</Notice>}
              {each.state === "failed" && <Notice tone="bad">{saysOf(each.error, m.common)}</Notice>}
            </li>
          ))}
        </ul>
      </div>
    </Panel>
  );
}
