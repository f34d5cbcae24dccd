/** What hangs together: IMEIs and SIM cards on the left, the handset in the middle, where it is and who may hold it on the right. */
import type { HandsetPage } from "../api/types";
import { useWidth } from "../design/use-width";
import { useWords } from "../i18n/words";
import "./charts.css";
import "./links.css";

interface Node {
  id: string;
  text: string;
  note: string;
  /** Width of its line, 0..1. */
  weight: number;
  faint: boolean;
}

const ROW = 58;
const BOX = { width: 176, height: 42 };

export function Links({ page, holders }: { page: HandsetPage; holders: boolean }) {
  const { m } = useWords();
  const [ref, width] = useWidth<HTMLDivElement>();
  const { left, right } = useNodes(page, holders);
  const rows = Math.max(left.length, right.length, 1);
  const height = rows * ROW;
  const box = Math.min(BOX.width, (width - 40) / 3);
  const middle = { x: (width - box) / 2, y: height / 2 };
  const y = (index: number, of: number) => (height * (index + 0.5)) / of;
  const said = [...left, ...right].map((node) => `${node.text} (${node.note})`).join(", ");
  return (
    <div className="chart links" ref={ref}>
      <svg width={width} height={height} role="img" aria-label={`${page.row.handset}: ${said}`}>
        {left.map((node, index) => (
          <Edge key={node.id} node={node} from={[box, y(index, left.length)]} to={[middle.x, middle.y]} />
        ))}
        {right.map((node, index) => (
          <Edge key={node.id} node={node} from={[middle.x + box, middle.y]} to={[width - box, y(index, right.length)]} />
        ))}
        {left.map((node, index) => (
          <Box key={node.id} node={node} x={0} y={y(index, left.length)} width={box} />
        ))}
        {right.map((node, index) => (
          <Box key={node.id} node={node} x={width - box} y={y(index, right.length)} width={box} />
        ))}
        <Box node={{ id: "self", text: page.row.handset, note: m.handsets.classes[page.row.class], weight: 1, faint: false }} x={middle.x} y={middle.y} width={box} main />
      </svg>
    </div>
  );
}

function useNodes(page: HandsetPage, showHolders: boolean): { left: Node[]; right: Node[] } {
  const { m, f } = useWords();
  const { row } = page;
  const imeis = [row.imei, ...page.other_imeis].filter((imei) => imei !== null);
  const left: Node[] = [
    ...imeis.slice(0, 4).map((imei) => ({ id: imei, text: imei, note: m.handset.imei, weight: 0.6, faint: false })),
    { id: "sims", text: f.count(row.imsis), note: m.handset.imsis, weight: 0.3, faint: false },
  ];
  const right: Node[] = [
    { id: "facility", text: row.facility_name, note: f.percent(row.probability), weight: row.probability, faint: false },
    ...(showHolders ? page.holders : []).map((holder) => ({
      id: holder.inmate ?? "nobody", text: holder.name ?? holder.inmate ?? m.handset.nobody,
      note: [f.percent(holder.probability), holder.cell].filter(Boolean).join(" · "), weight: holder.probability, faint: holder.inmate === null,
    })),
  ];
  return { left, right };
}

function Edge({ node, from: [x1, y1], to: [x2, y2] }: { node: Node; from: [number, number]; to: [number, number] }) {
  const bend = (x1 + x2) / 2;
  return <path d={`M${x1} ${y1}C${bend} ${y1} ${bend} ${y2} ${x2} ${y2}`} className="edge" strokeWidth={1 + node.weight * 9} strokeDasharray={node.faint ? "4 4" : undefined} />;
}

function Box({ node, x, y, width, main = false }: { node: Node; x: number; y: number; width: number; main?: boolean }) {
  const most = Math.floor(width / 7.6);
  const cut = (text: string) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
  return (
    <g transform={`translate(${x} ${y - BOX.height / 2})`}>
      <rect width={width} height={BOX.height} rx={6} className={`node ${main ? "main" : ""} ${node.faint ? "faint" : ""}`} />
      <text x={10} y={18} className="strong">
        {cut(node.text)}
      </text>
      <text x={10} y={34}>
        {cut(node.note)}
      </text>
      <title>{`${node.text} — ${node.note}`}</title>
    </g>
  );
}
