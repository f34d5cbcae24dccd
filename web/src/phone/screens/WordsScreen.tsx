import { useState } from "react";
import { clockTime } from "../app/say";
import { useOpen, useView, useWords } from "../app/context";
import { toCode } from "../core/custody";
import type { Word } from "../device/words";
import { Button } from "../ui/Button";
import { Code } from "../ui/Code";
import { Screen } from "../ui/Screen";
import type { Words } from "../words/en";

/** All of command's words, the newest first. */
export function WordsScreen() {
  const { w, look } = useWords();
  const view = useView();
  const [passed, setPassed] = useState<Word>();
  const code = passed === undefined ? undefined : toCode(passed.signed);
  return (
    <Screen title={w.words.title}>
      {view.words.length === 0 && <p className="soft">{w.words.none}</p>}
      {code !== undefined && (
        <>
          <Code text={code} label={w.words.passOn} />
          <p className="soft">{w.words.passOnHint}</p>
        </>
      )}
      {[...view.words].reverse().map((word) => (
        <section key={word.entry.id} className="card">
          <h2>{title(w, word)} · {clockTime(look.lang, word.entry.occurred)}</h2>
          <p>{text(word)}</p>
          {toCode(word.signed) !== undefined && <Button onPress={() => setPassed(word)}>{w.words.passOn}</Button>}
        </section>
      ))}
    </Screen>
  );
}

/** A word of command that nobody here has seen yet lies over everything. */
export function NewWord() {
  const { w } = useWords();
  const { session } = useOpen();
  const view = useView();
  const [dismissed, setDismissed] = useState<ReadonlySet<string>>(new Set());
  const word = view.unseen.find((one) => !dismissed.has(one.entry.id));
  if (word === undefined) return null;
  const abort = word.entry.what.kind === "aborted";
  const seen = () => {
    setDismissed(new Set([...dismissed, word.entry.id]));
    // A device that enters nothing more has seen it all the same.
    session.enter({ kind: "seen", about: word.entry.id }).catch(() => undefined);
  };
  return (
    <div className={abort ? "over abort" : "over"} role="alertdialog" aria-modal="true" aria-label={title(w, word)}>
      <div className="content">
        <p className={abort ? "big" : "name"}>{title(w, word)}</p>
        {abort && <p className="name">{w.words.abortText}</p>}
        <p className="said">{text(word)}</p>
      </div>
      <div className="foot">
        <Button kind="main" onPress={seen}>{w.words.seen}</Button>
      </div>
    </div>
  );
}

function title(w: Words, { entry }: Word): string {
  switch (entry.what.kind) {
    case "aborted":
      return w.words.abort;
    case "plan_changed":
    case "replanned":
      return w.words.replanned;
    case "closed":
      return w.words.closed;
    default:
      return w.words.announced;
  }
}

function text({ entry }: Word): string {
  switch (entry.what.kind) {
    case "announced":
      return entry.what.text;
    case "aborted":
    case "plan_changed":
    case "replanned":
      return entry.what.why;
    default:
      return "";
  }
}
