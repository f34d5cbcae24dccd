import { useWords } from "../../app/context";
import type { Draft } from "../../core/draft";
import { Button } from "../../ui/Button";
import { Screen } from "../../ui/Screen";
import type { StepProps } from "./Find";

/** Whether the phone was on, and what its screen showed. Off stays off, on is shielded. */
export function StateStep({ answer, title }: StepProps) {
  const { w } = useWords();
  const states: [string, string, Partial<Draft>][] = [
    [w.find.off, w.find.offHint, { state: "off", screen: "dark" }],
    [w.find.onLit, w.find.onHint, { state: "on", screen: "lit" }],
    [w.find.onDark, w.find.onHint, { state: "on", screen: "dark" }],
    [w.find.onBroken, w.find.onHint, { state: "on", screen: "broken" }],
    [w.find.unknown, w.find.unknownHint, { state: "unknown", screen: "dark" }],
  ];
  return (
    <Screen title={title}>
      <p className="notice warn">{w.find.never}</p>
      <h2>{w.find.state}</h2>
      <ul className="tiles">
        {states.map(([label, hint, answers], at) => (
          <li key={label} className={at === 0 ? "wide" : ""}>
            <Button onPress={() => answer(answers)}>
              <span>{label}</span>
              <small>{hint}</small>
            </Button>
          </li>
        ))}
      </ul>
    </Screen>
  );
}
