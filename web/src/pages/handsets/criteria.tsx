import { Search } from "lucide-react";
import { useMemo } from "react";
import type { Handset, HandsetClass } from "../../api/types";
import { Button, Field } from "../../design/ui";
import { useWords } from "../../i18n/words";
import { open } from "./filter";
import type { Filter } from "./filter";

const classes: HandsetClass[] = ["mini", "feature", "smart", "iot", "unknown"];
const decisions: Filter["decision"][] = ["any", "none", "confirm", "reject"];

export function Criteria({ rows, filter, onChange }: { rows: Handset[]; filter: Filter; onChange: (filter: Filter) => void }) {
  const { m, f, lang } = useWords();
  const set = <K extends keyof Filter>(key: K, value: Filter[K]) => onChange({ ...filter, [key]: value });
  const facilities = useMemo(() => {
    const names = new Map(rows.map((row) => [row.facility, row.facility_name]));
    return [...names].sort((a, b) => a[1].localeCompare(b[1], lang));
  }, [rows, lang]);
  const asked = JSON.stringify(filter) !== JSON.stringify(open);
  return (
    <form className="criteria" role="search" onSubmit={(event) => event.preventDefault()}>
      <Field label={m.handsets.search} className="criteria-text">
        {(tie) => (
          <span className="with-icon">
            <Search size={16} aria-hidden />
            <input {...tie} type="search" value={filter.text} onChange={(event) => set("text", event.target.value)} />
          </span>
        )}
      </Field>
      <Field label={m.handsets.facility}>
        {(tie) => (
          <select {...tie} value={filter.facility} onChange={(event) => set("facility", event.target.value)}>
            <option value="">{m.handsets.allFacilities}</option>
            {facilities.map(([id, name]) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={m.handsets.class}>
        {(tie) => (
          <select {...tie} value={filter.class} onChange={(event) => set("class", classes.find((each) => each === event.target.value) ?? "")}>
            <option value="">{m.handsets.allClasses}</option>
            {classes.map((each) => (
              <option key={each} value={each}>
                {m.handsets.classes[each]}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={m.handsets.decision}>
        {(tie) => (
          <select {...tie} value={filter.decision} onChange={(event) => set("decision", decisions.find((each) => each === event.target.value) ?? "any")}>
            {decisions.map((each) => (
              <option key={each} value={each}>
                {m.handsets.decisions[each]}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={`${m.handsets.least} ${f.percent(filter.least)}`}>
        {(tie) => <input {...tie} type="range" min={0} max={0.95} step={0.05} value={filter.least} onChange={(event) => set("least", Number(event.target.value))} />}
      </Field>
      <label className="check">
        <input type="checkbox" checked={filter.ledger} onChange={(event) => set("ledger", event.target.checked)} />
        {m.handsets.ledger}
      </label>
      {asked && (
        <Button kind="quiet" small onClick={() => onChange(open)}>
          {m.handsets.reset}
        </Button>
      )}
    </form>
  );
}
