import type { ReactNode } from "react";
import { useOpen, useView, useWords } from "../app/context";

interface Props {
  title: string;
  /** The day has no way back. */
  home?: boolean;
  /** What is done here, under the thumb. */
  foot?: ReactNode;
  children?: ReactNode;
}

/** A screen of an open session: where I am, what isn't sent, help; what there is to see; what there is to do. */
export function Screen({ title, home = false, foot, children }: Props) {
  return (
    <div className="app">
      <Bar title={title} home={home} />
      <Said />
      <Page foot={foot}>{children}</Page>
    </div>
  );
}

/** What was said last: above what there is to see, so that it never covers a code or something to touch. */
function Said() {
  const { said } = useOpen();
  return (
    <div className="toast" aria-hidden="true">
      {said}
    </div>
  );
}

/** What there is to see, which scrolls, and what there is to do, which stays under the thumb. */
export function Page({ foot, children }: { foot?: ReactNode; children?: ReactNode }) {
  return (
    <main className="page">
      <div className="content" tabIndex={0}>
        {children}
      </div>
      <div className="foot">{foot}</div>
    </main>
  );
}

function Bar({ title, home }: { title: string; home: boolean }) {
  const { w } = useWords();
  const { back, go } = useOpen();
  return (
    <header className="bar">
      {!home && (
        <button type="button" className="back" onClick={back} aria-label={w.back}>
          <Arrow />
        </button>
      )}
      <h1>{title}</h1>
      <Unsent />
      <button type="button" className="sos" onClick={() => go({ at: "distress" })}>
        {w.distress.button}
      </button>
    </header>
  );
}

/** What isn't sent is always on screen; a touch leads to the phone's own page. */
function Unsent() {
  const { w } = useWords();
  const { go } = useOpen();
  const view = useView();
  const left = view.unsent + view.photosUnsent;
  const alarm = view.connection === "denied" || view.standing === "revoked";
  const classes = ["unsent", left > 0 ? "some" : "", alarm ? "alarm" : ""].filter(Boolean).join(" ");
  const text = left > 0 ? w.status.unsent(left) : w.status.allSent;
  return (
    <button type="button" className={classes} onClick={() => go({ at: "status" })} data-unsent={view.unsent} aria-label={text}>
      {left > 0 ? <strong>{left}</strong> : <Tick />}
      <Signal on={view.connection === "online"} />
    </button>
  );
}

const STROKE = { fill: "none", stroke: "currentColor", strokeWidth: 2.5, strokeLinecap: "round", strokeLinejoin: "round" } as const;

function Arrow() {
  return (
    <svg width="24" height="24" viewBox="0 0 24 24" aria-hidden="true" {...STROKE}>
      <path d="M15 5l-7 7 7 7" />
    </svg>
  );
}

function Tick() {
  return (
    <svg width="24" height="24" viewBox="0 0 24 24" aria-hidden="true" {...STROKE}>
      <path d="M5 13l4 4 10-10" />
    </svg>
  );
}

function Signal({ on }: { on: boolean }) {
  return (
    <svg width="24" height="24" viewBox="0 0 24 24" aria-hidden="true" {...STROKE}>
      <path d="M5 19v-3M12 19v-8M19 19V6" opacity={on ? 1 : 0.4} />
      {!on && <path d="M4 4l16 16" />}
    </svg>
  );
}
