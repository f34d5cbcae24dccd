/** Which SIM cards were in the handset's slots on which days: a row a card, along one axis of time. */
import { useMemo } from "react";
import type { Card } from "../api/types";
import { useWidth } from "../design/use-width";
import { useWords } from "../i18n/words";
import { Marks } from "./marks";
import { monthStarts } from "./timeline";
import "./charts.css";
import "./cards.css";

const LEFT = 150;
const RIGHT = 12;
const ROW = 36;
const DAY = 86_400_000;
/** No bar is thinner. */
const THIN = 3;

export function Cards({ cards }: { cards: Card[] }) {
  const { m, f, lang } = useWords();
  const [ref, width] = useWidth<HTMLDivElement>();
  const span = useMemo(() => spanOf(cards), [cards]);
  if (!cards.length) return <p className="soft">{m.handset.cardsNone}</p>;
  const x = (at: number) => LEFT + ((at - span.from) / (span.to - span.from)) * (width - LEFT - RIGHT);
  const month = new Intl.DateTimeFormat(lang === "fr" ? "fr-FR" : "en-GB", { month: "short", year: "2-digit", timeZone: "UTC" });
  const day = new Intl.DateTimeFormat(lang === "fr" ? "fr-FR" : "en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
  const months = monthStarts(span.from, span.to, Math.max(1, Math.floor((width - LEFT) / 70)));
  const [marks, words] = months.length > 1 ? [months, month] : [[span.from + DAY, span.to - 2 * DAY], day];
  const slots = [...new Set(cards.map((card) => card.imei))];
  const says = (card: Card) => {
    const [first, last] = [card.days[0]?.from, card.days.at(-1)?.to];
    return `${card.imsi ?? m.handset.cardUnknown}, ${m.handset.imei} ${card.imei}${m.common.colon} ${first ? day.format(Date.parse(first)) : ""} – ${last ? day.format(Date.parse(last)) : ""}, ${m.handset.cardEvents(f.count(card.events))}`;
  };
  return (
    <div className="chart cards" ref={ref}>
      <svg width={width} height={cards.length * ROW + 24} role="img" aria-label={m.handset.cards}>
        <Marks at={marks} x={x} height={cards.length * ROW} words={words} />
        {cards.map((card, row) => (
          <g key={`${card.imei} ${card.imsi ?? ""}`} transform={`translate(0 ${row * ROW})`} className={`slot-${slots.indexOf(card.imei) % 4}`}>
            <line x1={0} x2={width} y1={ROW} y2={ROW} className="rule" />
            <text y={15} className="strong">
              {card.imsi ?? m.handset.cardUnknown}
            </text>
            <text y={29}>{card.imei}</text>
            {card.days.map((stretch) => (
              <rect key={stretch.from} x={x(Date.parse(stretch.from))} y={11} width={Math.max(THIN, x(Date.parse(stretch.to) + DAY) - x(Date.parse(stretch.from)))} height={ROW - 22} rx={1.5} className="span" />
            ))}
            <title>{says(card)}</title>
          </g>
        ))}
      </svg>
      <ul className="hidden-text">
        {cards.map((card) => (
          <li key={`${card.imei} ${card.imsi ?? ""}`}>{says(card)}</li>
        ))}
      </ul>
    </div>
  );
}

/** From the first day to the end of the last; never shorter than two weeks. */
function spanOf(cards: Card[]): { from: number; to: number } {
  const from = Math.min(...cards.flatMap((card) => card.days.map((stretch) => Date.parse(stretch.from))));
  const to = Math.max(...cards.flatMap((card) => card.days.map((stretch) => Date.parse(stretch.to) + DAY)));
  return { from, to: Math.max(to, from + 14 * DAY) };
}
