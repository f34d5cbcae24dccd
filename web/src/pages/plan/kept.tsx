/** Two plans that the case keeps, chosen and held against each other. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { comparedPlans, keptPlans } from "../../api/queries";
import type { KeptPlan } from "../../api/types";
import { Ready } from "../../design/states";
import { Field, Notice, Panel } from "../../design/ui";
import { useWords } from "../../i18n/words";
import { Difference } from "./difference";

export function KeptPlans() {
  const { m } = useWords();
  const query = useQuery(keptPlans);
  return (
    <Panel title={m.plan.kept} hint={m.plan.keptLead}>
      <Ready query={query}>{(plans) => (plans.length < 2 ? <p className="soft">{m.plan.keptOne}</p> : <Choice plans={plans} />)}</Ready>
    </Panel>
  );
}

function Choice({ plans }: { plans: KeptPlan[] }) {
  const { m } = useWords();
  const [one, setOne] = useState(plans[0]?.id ?? "");
  const [other, setOther] = useState("");
  return (
    <div className="difference">
      <div className="kept-choice">
        <Which label={m.plan.one} plans={plans} value={one} onChoose={setOne} />
        <Which label={m.plan.other} plans={plans} value={other} onChoose={setOther} />
      </div>
      {one !== "" && other !== "" && (one === other ? <Notice tone="plain">{m.plan.keptSame}</Notice> : <Compared one={one} other={other} />)}
    </div>
  );
}

function Which({ label, plans, value, onChoose }: { label: string; plans: KeptPlan[]; value: string; onChoose: (id: string) => void }) {
  const { m, f } = useWords();
  const line = (plan: KeptPlan) => m.plan.keptLine(plan.made_at ? f.dateTime(plan.made_at) : plan.id, f.count(plan.cells), f.count(plan.expected));
  return (
    <Field label={label}>
      {(tie) => (
        <select {...tie} value={value} onChange={(event) => onChoose(event.target.value)}>
          <option value="">{m.plan.choose}</option>
          {plans.map((plan) => (
            <option key={plan.id} value={plan.id}>
              {line(plan)}{plan.approved_by ? ` (${m.plan.keptApproved})` : ""}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

function Compared({ one, other }: { one: string; other: string }) {
  const query = useQuery(comparedPlans(one, other));
  return <Ready query={query}>{(compared) => <Difference compared={compared} />}</Ready>;
}
