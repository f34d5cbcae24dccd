import { useWords } from "../../app/context";
import type { ItemKind, ModelClass } from "../../core/entry";
import { Button } from "../../ui/Button";
import { Screen } from "../../ui/Screen";
import type { StepProps } from "./Find";

const CLASSES: ModelClass[] = ["mini", "feature", "smart", "iot", "unknown"];

/** What was found. */
export function WhatStep({ answer, title }: StepProps) {
  const { w } = useWords();
  const others: [ItemKind, string][] = [["sim", w.find.sim], ["charger", w.find.charger], ["other", w.find.otherKind]];
  return (
    <Screen title={title}>
      <p className="notice warn">{w.find.never}</p>
      <h2>{w.find.what}</h2>
      <ul className="tiles">
        {CLASSES.map((one) => (
          <li key={one}>
            <Button onPress={() => answer({ kind: "phone", class: one })}>{w.classes[one]}</Button>
          </li>
        ))}
        {others.map(([kind, label]) => (
          <li key={kind}>
            <Button onPress={() => answer({ kind, class: undefined })}>{label}</Button>
          </li>
        ))}
      </ul>
    </Screen>
  );
}
