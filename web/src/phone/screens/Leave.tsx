import { useState } from "react";
import { useOpen, useWords } from "../app/context";
import type { CellRef } from "../core/entry";
import { Button } from "../ui/Button";
import { Field } from "../ui/Field";
import { Screen } from "../ui/Screen";
import { useEnter } from "../ui/useEnter";

/** A cell is left before its search is done: somebody may go on. */
export function Leave({ cell }: { cell: CellRef }) {
  const { w } = useWords();
  const { home } = useOpen();
  const { enter, entering } = useEnter();
  const [other, setOther] = useState("");
  const because = async (interrupted: string) => {
    if ((await enter({ kind: "stopped", cell, why: { interrupted } })) !== undefined) home();
  };
  const foot = other.trim() !== "" && (
    <Button kind="main" disabled={entering} onPress={() => void because(other.trim())}>
      {w.couldNot.enter}
    </Button>
  );
  return (
    <Screen title={cell.cell} foot={foot}>
      <h2>{w.cell.interruptWhy}</h2>
      <ul className="tiles">
        {w.interruptions.map((why) => (
          <li key={why}>
            <Button disabled={entering} onPress={() => void because(why)}>{why}</Button>
          </li>
        ))}
      </ul>
      <Field label={w.couldNot.other} value={other} onChange={setOther} maxLength={500} />
    </Screen>
  );
}
