import { useState } from "react";
import { useOpen, useView, useWords } from "../app/context";
import { canBeName } from "../core/ids";
import { siteOf } from "../device/bundle";
import { Button } from "../ui/Button";
import { Field } from "../ui/Field";
import { Screen } from "../ui/Screen";

/** A cell that isn't on the list: what is entered of it is kept and flagged. */
export function Other() {
  const { w } = useWords();
  const { replace } = useOpen();
  const { bundle } = useView();
  const [cell, setCell] = useState("");
  const name = cell.trim();
  const foot = (
    <Button kind="main" disabled={!canBeName(name)} onPress={() => replace({ at: "cell", cell: { facility: siteOf(bundle), cell: name } })}>
      {w.find.goOn}
    </Button>
  );
  return (
    <Screen title={w.day.other} foot={foot}>
      <p className="soft">{w.day.otherHint}</p>
      <Field label={w.day.otherName} value={cell} onChange={setCell} maxLength={60} autoCapitalize="characters" />
    </Screen>
  );
}
