import type { ModelClass } from "../core/entry";

/** A bank card, in millimetres (ISO/IEC 7810 ID-1). */
const CARD = { width: 85.6, height: 53.98 };
const GAP = 10;

interface Props {
  kind: ModelClass;
  /** Height, width, depth in millimetres. */
  size: readonly number[];
  label: string;
}

/** A handset from the front and from the side beside a bank card, all to one scale. */
export function Drawing({ kind, size, label }: Props) {
  const [height = 100, width = 50, depth = 10] = size;
  const tall = Math.max(height, CARD.height);
  const whole = width + GAP + depth + GAP + CARD.width;
  const side = width + GAP;
  const card = side + depth + GAP;
  return (
    <svg className="drawing" viewBox={`-2 -2 ${whole + 4} ${tall + 4}`} role="img" aria-label={label} fill="none" stroke="currentColor" strokeWidth="1">
      <g transform={`translate(0 ${tall - height})`}>
        <rect width={width} height={height} rx={width / 9} fill="var(--accent-wash)" />
        <Front kind={kind} width={width} height={height} />
        <rect x={side} width={depth} height={height} rx={depth / 3} fill="var(--accent-wash)" />
      </g>
      <g transform={`translate(${card} ${tall - CARD.height})`} opacity="0.75" strokeDasharray="3 2">
        <rect width={CARD.width} height={CARD.height} rx="3.2" />
        <rect x="9" y="18" width="12" height="10" rx="1.5" strokeDasharray="none" />
      </g>
    </svg>
  );
}

function Front({ kind, width, height }: { kind: ModelClass; width: number; height: number }) {
  const edge = width / 10;
  if (kind === "iot") return <circle cx={width / 2} cy={height / 2} r={width / 8} />;
  if (kind !== "mini" && kind !== "feature") {
    return <rect x={edge / 2} y={edge} width={width - edge} height={height - 2 * edge} rx={edge / 2} />;
  }
  const keys = Array.from({ length: 12 }, (_, at) => ({ column: at % 3, row: Math.floor(at / 3) }));
  const step = { x: (width - 2 * edge) / 3, y: (height * 0.48) / 4 };
  return (
    <>
      <rect x={edge} y={height * 0.1} width={width - 2 * edge} height={height * 0.3} />
      {keys.map(({ column, row }) => (
        <rect
          key={`${column} ${row}`}
          x={edge + column * step.x + step.x * 0.12}
          y={height * 0.47 + row * step.y}
          width={step.x * 0.76}
          height={step.y * 0.66}
          rx={step.y * 0.2}
        />
      ))}
    </>
  );
}
