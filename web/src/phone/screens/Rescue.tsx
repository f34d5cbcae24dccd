import { useState } from "react";
import { useOpen, useView, useWords } from "../app/context";
import { writeFromPhone } from "../core/message";
import { toParts } from "../core/rescue";
import { Button } from "../ui/Button";
import { Code } from "../ui/Code";
import { Screen } from "../ui/Screen";

/** Takes all entries off this phone without a network: as a file, or as codes on the screen. */
export function Rescue() {
  const { w } = useWords();
  const { session } = useOpen();
  const view = useView();
  const [at, setAt] = useState<number>();
  const [saved, setSaved] = useState(false);
  const text = session.export().map((message) => `${writeFromPhone(message)}\n`).join("");
  const parts = toParts(text, view.bundle.you.device.slice(1, 9));

  const save = async () => {
    download(new Blob([text], { type: "application/x-ndjson" }), `${view.bundle.you.device}.cellsweep-rescue`);
    await session.rescued();
    setSaved(true);
  };
  const foot =
    at === undefined ? (
      <>
        <Button onPress={() => setAt(0)}>{w.rescue.codes}</Button>
        <Button kind="main" onPress={() => void save()}>{w.rescue.file}</Button>
      </>
    ) : (
      <Button kind="main" onPress={() => setAt((at + 1) % parts.length)}>{w.rescue.next}</Button>
    );
  return (
    <Screen title={w.rescue.title} foot={foot}>
      <p>{w.rescue.lead}</p>
      <p className="soft">{view.unsent > 0 ? w.status.unsentLong(view.unsent) : w.status.allSent}</p>
      {view.photosUnsent > 0 && <p className="notice warn">{w.rescue.photosNote}</p>}
      {saved && <p className="notice good">{w.rescue.done}</p>}
      {at !== undefined && (
        <>
          <h2>{w.rescue.code(at + 1, parts.length)}</h2>
          <Code text={parts[at] ?? ""} label={w.rescue.code(at + 1, parts.length)} />
        </>
      )}
    </Screen>
  );
}

function download(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
