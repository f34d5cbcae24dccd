import { useState } from "react";
import { useOpen, useView, useWords } from "../../app/context";
import type { Draft } from "../../core/draft";
import type { ImeiRead } from "../../core/entry";
import { canBeName } from "../../core/ids";
import { spaced } from "../../core/imei";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Screen } from "../../ui/Screen";
import type { Words } from "../../words/en";
import { looksLike, type StepProps } from "./Find";
import { Shield } from "./ImeiStep";

interface Props extends StepProps {
  enter: () => Promise<void>;
  drop: () => Promise<void>;
}

/** What was answered, who saw it, and the find is entered. */
export function Check({ draft, note, title, enter, drop }: Props) {
  const { w } = useWords();
  const { say } = useOpen();
  const [entering, setEntering] = useState(false);
  const [dropping, setDropping] = useState(false);
  const press = () => {
    setEntering(true);
    enter().catch(() => {
      setEntering(false);
      say(w.find.notEntered);
    });
  };
  const foot = (
    <>
      <Button kind="quiet" onPress={() => (dropping ? void drop() : setDropping(true))}>
        {dropping ? w.find.discardSure : w.find.discard}
      </Button>
      <Button kind="main" disabled={entering} onPress={press}>{w.find.enter}</Button>
    </>
  );
  return (
    <Screen title={title} foot={foot}>
      {draft.kind === "phone" && <Shield draft={draft} />}
      <dl className="facts-list">
        {facts(w, draft).map(([term, fact]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{fact}</dd>
          </div>
        ))}
      </dl>
      <Witnesses draft={draft} note={note} />
      <Field label={w.find.remark} value={draft.note} onChange={(text) => note({ note: text })} maxLength={500} />
    </Screen>
  );
}

function facts(w: Words, draft: Draft): [string, string][] {
  const phone = draft.kind === "phone";
  const lines: [string, string | undefined][] = [
    [w.find.cellTerm, draft.cell.cell],
    [w.find.item, looksLike(w, draft)],
    [w.find.stateWord, phone ? stateWord(w, draft) : undefined],
    [w.find.imei, phone ? imeiWord(w, draft.imei) : undefined],
    [w.find.imei2, draft.secondImei === "not_applicable" ? undefined : phone ? imeiWord(w, draft.secondImei) : undefined],
    [w.find.iccid, draft.sims[0]],
    [w.find.seal, typeof draft.seal === "object" ? draft.seal.seal : w.find.sealLater],
    [w.find.placeTerm, draft.hidingPlace === "" ? w.find.placeOpen : draft.hidingPlace],
    [w.find.photo, draft.photos.length > 0 ? w.find.taken(draft.photos.length) : w.find.noPhoto],
    [w.find.layWord, draft.lay === "person" ? w.find.onPerson : undefined],
  ];
  return lines.flatMap(([term, fact]) => (fact === undefined ? [] : [[term, fact] as [string, string]]));
}

function stateWord(w: Words, { state, screen }: Draft): string {
  if (state === "off") return w.find.off;
  if (state !== "on") return w.find.unknown;
  return screen === "lit" ? w.find.onLit : screen === "broken" ? w.find.onBroken : w.find.onDark;
}

function imeiWord(w: Words, read: ImeiRead | undefined): string {
  if (typeof read === "object") return spaced(Object.values(read)[0] ?? "");
  return read === "not_readable" ? w.find.notReadable : w.find.notLooked;
}

/** Witnesses by service number; those of the last find stand already. */
function Witnesses({ draft, note }: { draft: Draft; note: StepProps["note"] }) {
  const { w } = useWords();
  const { bundle } = useView();
  const [typed, setTyped] = useState("");
  const number = typed.trim();
  const add = (who: string) => {
    note({ witnesses: [...new Set([...draft.witnesses, who])].slice(0, 32) });
    setTyped("");
  };
  const own = bundle.you.officer.id;
  const mates = bundle.receivers.map(({ officer }) => officer.id);
  const others = [...new Set(mates)].filter((who) => who !== own && !draft.witnesses.includes(who));
  return (
    <section className="section">
      <h2>{w.find.witnesses}</h2>
      <ul className="tiles">
        {draft.witnesses.map((who) => (
          <li key={who}>
            <button type="button" className="button chosen" aria-label={w.find.remove(who)} onClick={() => note({ witnesses: draft.witnesses.filter((one) => one !== who) })}>
              ✓ {who}
            </button>
          </li>
        ))}
        {others.slice(0, 6).map((who) => (
          <li key={who}>
            <Button onPress={() => add(who)}>+ {who}</Button>
          </li>
        ))}
      </ul>
      <Field label={w.find.addWitness} value={typed} onChange={setTyped} maxLength={60} />
      {canBeName(number) && <Button onPress={() => add(number)}>{w.find.add}</Button>}
    </section>
  );
}
