import { useState } from "react";
import type { SyntheticEvent } from "react";
import { ApiError } from "../../api/client";
import type { Limits, LimitsAsked } from "../../api/types";
import { saysOf } from "../../design/states";
import { Button, Field, Notice } from "../../design/ui";
import { useWords } from "../../i18n/words";
import { fields, read, typed } from "./limits";
import type { FieldName } from "./limits";

export interface LimitsFormProps {
  limits: Limits;
  busy: boolean;
  error: unknown;
  onTry: (limits: LimitsAsked) => void;
}

export function LimitsForm({ limits, busy, error, onTry }: LimitsFormProps) {
  const { m } = useWords();
  const [text, setText] = useState(() => typed(limits));
  const [raw, setRaw] = useState(limits.raw);
  const [tried, setTried] = useState(false);
  const { limits: asked, wrong } = read(text, raw, limits);
  const names: Record<FieldName, string> = { cells: m.plan.cells, facilities: m.plan.facilities, cells_each: m.plan.cellsEach, teams: m.plan.teams, hours: m.plan.hours, waves: m.plan.waves };
  const told = (name: string) => (error instanceof ApiError ? error.field(name) : undefined);
  const elsewhere = error instanceof ApiError && error.problem.fields?.length ? null : error;
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setTried(true);
    if (asked) onTry(asked);
  };
  return (
    <form className="stack" onSubmit={submit} noValidate>
      <div className="limits">
        {fields.map((name) => (
          <Field key={name} label={names[name]} wrong={tried && wrong.includes(name) ? m.plan.wrongNumber : told(name)}>
            {(tie) => <input {...tie} inputMode="decimal" value={text[name]} onChange={(event) => setText({ ...text, [name]: event.target.value })} />}
          </Field>
        ))}
      </div>
      <details>
        <summary className="small">{m.plan.raw}</summary>
        <Field label={m.plan.raw} wrong={told("raw")}>
          {(tie) => <textarea {...tie} className="code" spellCheck={false} value={raw} onChange={(event) => setRaw(event.target.value)} />}
        </Field>
      </details>
      {elsewhere ? <Notice tone="bad">{saysOf(elsewhere, m.common)}</Notice> : null}
      <Button kind="main" type="submit" disabled={busy}>
        {m.plan.trial}
      </Button>
    </form>
  );
}
