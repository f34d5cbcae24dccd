import { useState } from "react";
import { useOpen, useView, useWords } from "../app/context";
import type { CellRef, Referral } from "../core/entry";
import { Button } from "../ui/Button";
import { Screen } from "../ui/Screen";
import { useEnter } from "../ui/useEnter";

/** Found on a person, or suspected in a body: the search stops, in the country's words, and is referred. */
export function Refer({ cell }: { cell: CellRef }) {
  const { w, look } = useWords();
  const { bundle } = useView();
  const { replace, home } = useOpen();
  const { enter, entering } = useEnter();
  const [why, setWhy] = useState<Referral>();
  const [entered, setEntered] = useState(false);

  if (why === undefined) {
    return (
      <Screen title={w.refer.title}>
        <p className="name">{w.refer.stop}</p>
        <ul className="tiles">
          {(["on_person", "suspected_in_body"] as const).map((one) => (
            <li key={one} className="wide">
              <Button onPress={() => setWhy(one)}>{w.refer[one]}</Button>
            </li>
          ))}
        </ul>
      </Screen>
    );
  }
  const words = (why === "on_person" ? bundle.words.on_person : bundle.words.in_body)[look.lang];
  const refer = async () => setEntered((await enter({ kind: "referred", cell, why })) !== undefined);
  const foot = entered ? (
    <>
      {why === "on_person" && (
        <Button onPress={() => replace({ at: "find", cell, lay: "person" })}>{w.refer.item}</Button>
      )}
      <Button kind="main" onPress={home}>{w.close}</Button>
    </>
  ) : (
    <Button kind="stop" disabled={entering} onPress={() => void refer()}>{w.refer.enter}</Button>
  );
  return (
    <Screen title={w.refer[why]} foot={foot}>
      <p className="name">{w.refer.stop}</p>
      <p className="notice bad">{words.trim() === "" ? w.refer.defaultWords : words}</p>
      {entered && <p className="notice good">{w.refer.entered}</p>}
    </Screen>
  );
}
