import { Lock } from "lucide-react";
import type { Finding } from "../api/types";
import { useWords } from "../i18n/words";
import { ticks, waterfall } from "./waterfall";
import "./charts.css";

export interface WaterfallProps {
  prior: number;
  findings: Finding[];
  posterior: number;
  verbal: string;
}

/** Each finding in words, with its limits and source, and beside it how far it moves the odds. */
export function WaterfallChart({ prior, findings, posterior, verbal }: WaterfallProps) {
  const { m, f } = useWords();
  const { steps, low, high } = waterfall(prior, findings.map((finding) => finding.log10_lr));
  const place = (value: number) => ((value - low) / (high - low)) * 100;
  return (
    <div>
      <div className="falls-axis" aria-hidden>
        <span />
        <span className="falls-scale">
          {ticks(low, high).map((tick) => (
            <span key={tick} style={{ left: `${place(tick)}%` }}>
              {power(tick)}
            </span>
          ))}
        </span>
      </div>
      <ol className="falls plain">
        <li className="end">
          <span>{m.handset.prior}</span>
          <Track place={place} at={prior} label={f.signed(prior)} />
        </li>
        {findings.map((finding, index) => {
          const step = steps[index] ?? { from: 0, to: 0 };
          return (
            <li key={index}>
              <FindingWords finding={finding} />
              <Track place={place} from={step.from} to={step.to} label={f.signed(finding.log10_lr)} />
            </li>
          );
        })}
        <li className="end">
          <span>
            {m.handset.posterior} <span className="soft">— {verbal}</span>
          </span>
          <Track place={place} at={posterior} label={f.signed(posterior)} />
        </li>
      </ol>
    </div>
  );
}

/** What a finding says; of a restricted one only that there is one. */
export function FindingWords({ finding }: { finding: Finding }) {
  const { m, pick } = useWords();
  if (finding.restricted) {
    return (
      <span className="say">
        <span className="row">
          <Lock size={15} aria-hidden /> {m.handset.restricted}
        </span>
      </span>
    );
  }
  const [limits, source] = [pick(finding.limits), pick(finding.source)];
  return (
    <span className="say">
      <strong>{pick(finding.title)}</strong>
      <span>{pick(finding.sentence)}</span>
      {limits && (
        <span className="small">
          {m.handset.limits}{m.common.colon} {limits}
        </span>
      )}
      {source && (
        <span className="small">
          {m.handset.source}{m.common.colon} {source}
        </span>
      )}
    </span>
  );
}

interface TrackProps {
  place: (value: number) => number;
  label: string;
  at?: number;
  from?: number;
  to?: number;
}

function Track({ place, label, at, from = 0, to = 0 }: TrackProps) {
  const end = place(at ?? Math.max(from, to));
  const leftSide = end > 78;
  const start = place(at ?? Math.min(from, to));
  return (
    <span className="falls-track">
      <i className="even" style={{ left: `${place(0)}%` }} />
      {at === undefined ? (
        <i className={to >= from ? "plus" : "minus"} style={{ left: `${start}%`, width: `max(2px, ${end - start}%)` }} />
      ) : (
        <i className="whole" style={{ left: `${start}%` }} />
      )}
      <b className={leftSide ? "left" : ""} style={{ left: `${leftSide ? start : end}%` }}>
        {label}
      </b>
    </span>
  );
}

/** 1:100, 1:1, 100:1 — as people say odds. */
function power(exponent: number): string {
  const many = (n: number) => (n <= 3 ? String(10 ** n) : `10${superscript(n)}`);
  return exponent < 0 ? `1:${many(-exponent)}` : `${many(exponent)}:1`;
}

const digits = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const superscript = (n: number) => Array.from(String(n)).map((digit) => digits[Number(digit)] ?? "").join("");
