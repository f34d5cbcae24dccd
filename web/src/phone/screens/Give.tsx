import { useState } from "react";
import { useOpen, useView, useWords } from "../app/context";
import { fromCard } from "../core/card";
import { fromCode, type Held, toCode } from "../core/custody";
import type { Party } from "../core/entry";
import { canBeName } from "../core/ids";
import { Button } from "../ui/Button";
import { Code } from "../ui/Code";
import { Field } from "../ui/Field";
import { Scan } from "../ui/Scan";
import { Screen } from "../ui/Screen";
import { useEnter } from "../ui/useEnter";
import { shortItem } from "./Exhibits";

const keyOf = (held: Held) => held.seal ?? held.items[0] ?? "";

/** What is handed on, and to whom. */
export function Give() {
  const { w } = useWords();
  const { session, replace } = useOpen();
  const { custody, bundle } = useView();
  const { enter, entering } = useEnter();
  const offered = new Set(custody.offers.flatMap((offer) => [...offer.seals, ...offer.items]));
  const free = custody.held.filter((held) => !offered.has(keyOf(held)));
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [typed, setTyped] = useState("");
  const [scanning, setScanning] = useState(false);
  const chosen = free.filter((held) => !left.has(keyOf(held)));
  const toggle = (key: string) => setLeft(left.has(key) ? new Set([...left].filter((one) => one !== key)) : new Set([...left, key]));

  const offer = async (to: Party) => {
    const handOver = session.nextHandOver();
    const what = {
      kind: "handed_on" as const,
      hand_over: handOver,
      to,
      seals: chosen.flatMap((held) => held.seal ?? []),
      items: chosen.flatMap((held) => (held.seal === undefined ? held.items : [])),
      rehashed: await session.rehash(chosen.flatMap((held) => held.photos)),
    };
    if ((await enter({ kind: "exhibit", what })) !== undefined) replace({ at: "offer", handOver });
  };
  const read = (texts: string[]) => {
    const to = texts.map(fromCard).find((one) => one !== undefined);
    if (to === undefined || to.id === bundle.you.officer.id) return false;
    void offer(to);
    return true;
  };
  const ready = chosen.length > 0 && !entering;
  const foot = scanning ? (
    <Button onPress={() => setScanning(false)}>{w.cancel}</Button>
  ) : (
    <Button kind="main" disabled={!ready} onPress={() => setScanning(true)}>{w.exhibits.toScan}</Button>
  );
  return (
    <Screen title={w.exhibits.give} foot={foot}>
      <section className="section">
        <h2>{w.exhibits.choose}</h2>
        {free.map((held) => (
          <Button key={keyOf(held)} kind={left.has(keyOf(held)) ? "plain" : "chosen"} onPress={() => toggle(keyOf(held))}>
            {left.has(keyOf(held)) ? "" : "✓ "}
            {held.seal ?? `${w.exhibits.unsealed}: ${shortItem(keyOf(held))}`}
          </Button>
        ))}
      </section>
      {scanning && <Scan looking="screen" onRead={read} />}
      <section className="section">
        <h2>{w.exhibits.to}</h2>
        {bundle.receivers.filter(({ officer }) => officer.id !== bundle.you.officer.id).map(({ officer, device }) => (
          <Button key={device} disabled={!ready} onPress={() => void offer(officer)}>{officer.id}</Button>
        ))}
        <Field label={w.exhibits.toNumber} value={typed} onChange={setTyped} maxLength={60} />
        {canBeName(typed.trim()) && (
          <Button disabled={!ready} onPress={() => void offer({ id: typed.trim(), name: typed.trim() })}>{w.find.goOn}</Button>
        )}
      </section>
    </Screen>
  );
}

/** An offer's code for the receiver, and the receiver's code back: complete only with it. */
export function Offered({ handOver }: { handOver: string }) {
  const { w } = useWords();
  const { session, home, say } = useOpen();
  const view = useView();
  const [scanning, setScanning] = useState(false);
  const [wrong, setWrong] = useState(false);
  const offer = view.custody.offers.find((one) => one.handOver === handOver);
  const signed = offer === undefined ? undefined : session.signedOf(offer.sequence);
  const code = signed === undefined ? undefined : toCode(signed);

  if (offer === undefined) {
    return (
      <Screen title={w.exhibits.give} foot={<Button kind="main" onPress={home}>{w.close}</Button>}>
        <p className="notice good">{w.exhibits.complete}</p>
      </Screen>
    );
  }
  const read = (texts: string[]) => {
    const shown = texts.map(fromCode).find((one) => one !== undefined);
    if (shown === undefined || shown.entry.device === view.bundle.you.device) return false;
    const { what } = shown.entry;
    const answers = what.kind === "exhibit" && what.what.kind === "acknowledged" && what.what.hand_over === handOver;
    setWrong(!answers);
    if (!answers) return false;
    setScanning(false);
    session.keepShown(shown).catch(() => say(w.find.notEntered));
    return true;
  };
  const foot = (
    <Button kind="main" onPress={() => setScanning(!scanning)}>{scanning ? w.cancel : w.exhibits.readBack}</Button>
  );
  return (
    <Screen title={w.exhibits.give} foot={foot}>
      <p className="notice warn">{w.exhibits.waitingHint}</p>
      {wrong && <p className="notice bad" role="alert">{w.exhibits.notMine}</p>}
      {scanning && <Scan looking="screen" onRead={read} />}
      {!scanning && code === undefined && <p className="notice bad">{w.exhibits.tooMuch}</p>}
      {!scanning && code !== undefined && (
        <>
          <h2>{w.exhibits.show}</h2>
          <p className="name">{offer.to}</p>
          <Code text={code} label={w.exhibits.show} />
          <p className="soft">{w.exhibits.showHint}</p>
        </>
      )}
      <p>{[...offer.seals, ...offer.items.map(shortItem)].join(", ")}</p>
    </Screen>
  );
}
