import { useState } from "react";
import { useOpen, useView, useWords } from "../app/context";
import { mayGo } from "../device/session";
import { Button } from "../ui/Button";
import { Screen } from "../ui/Screen";
import { useEnter } from "../ui/useEnter";

/** The end of the officer's day: the last entry, then, once all is safe elsewhere, nothing is left on the phone. */
export function End() {
  const { w } = useWords();
  const { go, destroy } = useOpen();
  const view = useView();
  const { enter, entering } = useEnter();
  const [sure, setSure] = useState(false);
  const holding = view.custody.held.length > 0;
  const running = view.cells.some((state) => state.status === "running");
  const ended = view.phase !== "entering";
  const safe = view.phase === "done" && view.photosUnsent === 0;

  const foot = ended ? (
    <>
      {!safe && <Button onPress={() => go({ at: "rescue" })}>{w.rescue.title}</Button>}
      <Button kind="stop" disabled={!mayGo(view)} onPress={() => (sure ? void destroy() : setSure(true))}>
        {sure ? w.end.sure : w.end.destroy}
      </Button>
    </>
  ) : (
    <Button kind="main" disabled={entering} onPress={() => void enter({ kind: "finished" })}>{w.end.enter}</Button>
  );
  return (
    <Screen title={w.end.title} foot={foot}>
      {!ended && <p>{w.end.lead}</p>}
      {!ended && holding && <p className="notice warn">{w.end.holding}</p>}
      {!ended && running && <p className="notice warn">{w.end.running}</p>}
      {ended && !safe && <p className="notice warn">{w.end.sending}</p>}
      {ended && !safe && view.unsent > 0 && <p>{w.status.unsentLong(view.unsent)}</p>}
      {ended && !safe && view.photosUnsent > 0 && <p>{w.status.photos(view.photosUnsent)}</p>}
      {ended && safe && <p className="notice good">{w.end.done}</p>}
      {ended && !safe && view.rescued && (view.photosUnsent > 0 ? <p className="notice bad">{w.end.photosStay}</p> : <p className="notice good">{w.end.rescued}</p>)}
    </Screen>
  );
}
