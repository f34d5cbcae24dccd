/** Moments on an axis of time: a line through the rows, and its words below them. */
export function Marks({ at, x, height, words }: { at: number[]; x: (at: number) => number; height: number; words: Intl.DateTimeFormat }) {
  return at.map((moment) => (
    <g key={moment}>
      <line x1={x(moment)} x2={x(moment)} y1={0} y2={height} className="rule" />
      <text x={x(moment)} y={height + 17} textAnchor="middle">
        {words.format(moment)}
      </text>
    </g>
  ));
}
