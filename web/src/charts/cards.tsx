/** Which SIM cards were in the handset's slots on which days: a row a card, along one axis of time. */
import { useMemo } from "react";
import type { Card } from "../api/types";
import { useWidth } from "../design/use-width";
import { useWords } from "../i18n/words";
import { spanOf, useDayAxis } from "./day-axis";
import { Marks } from "./marks";
import "./charts.css";
import "./cards.css";

const LEFT = 150;
const ROW = 36;

export function Cards({ cards }: { cards: Card[] }) {
  const { m } = useWords();
  return cards.length ? <Rows cards={cards} /> : <p className="soft">{m.handset.cardsNone}</p>;
}

function Rows({ cards }: { cards: Card[] }) {
  const { m, f } = useWords();
  const [ref, width] = useWidth<HTMLDivElement>();
  const span = useMemo(() => spanOf(cards.flatMap((card) => card.days)), [cards]);
  const axis = useDayAxis(span, LEFT, width);
  const slots = [...new Set(cards.map((card) => card.imei))];
  const says = (card: Card) => {
    const [first, last] = [card.days[0]?.from, card.days.at(-1)?.to];
    return `${card.imsi ?? m.handset.cardUnknown}, ${m.handset.imei} ${card.imei}${m.common.colon} ${first ? axis.day.format(Date.parse(first)) : ""} – ${last ? axis.day.format(Date.parse(last)) : ""}, ${m.handset.cardEvents(f.count(card.events))}`;
  };
  return (
    <div className="chart cards" ref={ref}>
      <svg width={width} height={cards.length * ROW + 24} role="img" aria-label={m.handset.cards}>
        <Marks at={axis.marks} x={axis.x} height={cards.length * ROW} words={axis.words} />
        {cards.map((card, row) => (
          <g key={`${card.imei} ${card.imsi ?? ""}`} transform={`translate(0 ${row * ROW})`} className={`slot-${slots.indexOf(card.imei) % 4}`}>
            <line x1={0} x2={width} y1={ROW} y2={ROW} className="rule" />
            <text y={15} className="strong">
              {card.imsi ?? m.handset.cardUnknown}
            </text>
            <text y={29}>{card.imei}</text>
            {card.days.map((stretch) => (
              <rect key={stretch.from} {...axis.bar(stretch)} y={11} height={ROW - 22} rx={1.5} className="span" />
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
