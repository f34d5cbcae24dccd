/** From sold to found: a bar a step, its uncertainty as a pale one. */
import type { FunnelStep } from "../api/types";
import { useWords } from "../i18n/words";
import "./funnel.css";

/** Searches are counted, not phones: they have no place on the phones' scale. */
const SEARCHES = "searched";

export function Funnel({ steps }: { steps: FunnelStep[] }) {
  const { m, f } = useWords();
  const largest = Math.max(1, ...steps.map((step) => (step.step === SEARCHES ? 0 : (step.high ?? step.count ?? 0))));
  const part = (value: number) => `${(value / largest) * 100}%`;
  return (
    <ol className="funnel plain">
      {steps.map(({ step, count, low, high }) => (
        <li key={step} className={count === null ? "not-yet" : ""}>
          <span className="funnel-name">
            {m.case.steps[step]}
            <span className="small soft">{m.case.stepNotes[step]}</span>
          </span>
          <span className="funnel-bar" aria-hidden>
            {count !== null && step !== SEARCHES && (
              <>
                <i className="bar" style={{ width: part(low ?? count) }} />
                {low != null && high != null && <i className="doubt" style={{ left: part(low), width: part(high - low) }} />}
                <i className="mark" style={{ left: part(count) }} />
              </>
            )}
          </span>
          <span className="funnel-figure">
            {count === null ? <span className="soft">{m.common.notDone}</span> : <strong>{f.count(count)}</strong>}
            {low != null && high != null && <span className="small soft">{m.common.between(f.count(low), f.count(high))}</span>}
          </span>
        </li>
      ))}
    </ol>
  );
}
