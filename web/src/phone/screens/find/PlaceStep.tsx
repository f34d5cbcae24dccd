import { useState } from "react";
import { isSame } from "../../app/say";
import { useView, useWords } from "../../app/context";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Screen } from "../../ui/Screen";
import type { StepProps } from "./Find";

/** The hiding place: seen before in this cell, usual ones, or in a few words. */
export function PlaceStep({ draft, answer, title }: StepProps) {
  const { w } = useWords();
  const { bundle } = useView();
  const [other, setOther] = useState("");
  const here = bundle.cells.find((one) => isSame(one.cell, draft.cell))?.hiding_places ?? [];
  const places = [...new Set([...here, ...w.places])];
  const place = other.trim();
  const foot = place !== "" && (
    <Button kind="main" onPress={() => answer({ hidingPlace: place })}>{w.find.goOn}</Button>
  );
  return (
    <Screen title={title} foot={foot}>
      <h2>{w.find.place}</h2>
      <ul className="tiles">
        {places.map((one) => (
          <li key={one}>
            <Button onPress={() => answer({ hidingPlace: one })}>{one}</Button>
          </li>
        ))}
        <li>
          <Button onPress={() => answer({ hidingPlace: "" })}>{w.find.placeOpen}</Button>
        </li>
      </ul>
      <Field label={w.find.placeWord} value={other} onChange={setOther} maxLength={300} />
    </Screen>
  );
}
