import type { Holder } from "../../api/types";
import { FindingWords } from "../../charts/waterfall-chart";
import { Share } from "../../design/ui";
import { useWords } from "../../i18n/words";

/** Who may hold it, nobody on the roster among them, each with what says so. */
export function Holders({ holders }: { holders: Holder[] }) {
  const { m, f, pick } = useWords();
  if (!holders.length) return <p className="soft">{m.handset.holdersNone}</p>;
  return (
    <ol className="holders plain">
      {holders.map((holder) => (
        <li key={holder.inmate ?? "nobody"} className={holder.inmate ? "" : "nobody"}>
          <div className="holder-head">
            <span>
              <strong>{holder.name ?? holder.inmate ?? m.handset.nobody}</strong>
              <span className="small soft">{[holder.name ? holder.inmate : null, holder.cell && `${m.facility.cell} ${holder.cell}`, pick(holder.verbal)].filter(Boolean).join(" · ")}</span>
            </span>
            <Share value={holder.probability} label={f.percent(holder.probability)} />
          </div>
          {holder.findings.length > 0 && (
            <details>
              <summary className="small">
                {m.handset.findings} ({f.signed(holder.log10_lr)})
              </summary>
              <ul className="plain stack-tight">
                {holder.findings.map((finding, index) => (
                  <li key={index} className="holder-finding">
                    <FindingWords finding={finding} />
                    <b className="figure">{f.signed(finding.log10_lr)}</b>
                  </li>
                ))}
              </ul>
            </details>
          )}
        </li>
      ))}
    </ol>
  );
}
