import { useState } from "react";
import { useOpen, useWords } from "../app/context";
import type { CellRef, Obstacle } from "../core/entry";
import { Button } from "../ui/Button";
import { Field } from "../ui/Field";
import { Screen } from "../ui/Screen";
import { useEnter } from "../ui/useEnter";

const WHYS = ["locked", "unsafe", "medical", "no_such_cell", "no_time"] as const;

/** A cell can't be searched, and why. */
export function CouldNot({ cell }: { cell: CellRef }) {
  const { w } = useWords();
  const { home } = useOpen();
  const { enter, entering } = useEnter();
  const [other, setOther] = useState("");
  const because = async (why: Obstacle) => {
    if ((await enter({ kind: "could_not", cell, why })) !== undefined) home();
  };
  const foot = other.trim() !== "" && (
    <Button kind="main" disabled={entering} onPress={() => void because({ other: other.trim() })}>
      {w.couldNot.enter}
    </Button>
  );
  return (
    <Screen title={cell.cell} foot={foot}>
      <h2>{w.couldNot.title}</h2>
      <ul className="tiles">
        {WHYS.map((why) => (
          <li key={why}>
            <Button disabled={entering} onPress={() => void because(why)}>{w.couldNot[why]}</Button>
          </li>
        ))}
      </ul>
      <Field label={w.couldNot.other} value={other} onChange={setOther} maxLength={500} />
    </Screen>
  );
}
