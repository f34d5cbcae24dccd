import { Check } from "lucide-react";
import { useRef } from "react";
import type { KeyboardEvent } from "react";
import type { PrisonCell, Wing } from "../../api/types";
import { CELL_STEPS, cellHeat } from "../../charts/heat";
import { useWords } from "../../i18n/words";

interface WingsProps {
  wings: Wing[];
  chosen: string | null;
  onChoose: (cell: PrisonCell) => void;
}

/** Wings side by side, floors from the top one down, a square a cell. One tab stop; arrows go from cell to cell. */
export function Wings({ wings, chosen, onChoose }: WingsProps) {
  const { m } = useWords();
  const ref = useRef<HTMLDivElement>(null);
  const first = wings[0]?.floors[0]?.cells[0]?.cell;
  const stop = chosen ?? first;

  function onKey(event: KeyboardEvent<HTMLDivElement>) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const cells = [...(ref.current?.querySelectorAll<HTMLElement>("button.cell") ?? [])];
    const next = cells[cells.indexOf(document.activeElement as HTMLElement) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }

  if (!wings.some((wing) => wing.floors.some((floor) => floor.cells.length))) return <p className="soft">{m.facility.noCells}</p>;
  return (
    <div className="wings" ref={ref} onKeyDown={onKey}>
      {wings.map((wing) => (
        <section key={wing.wing ?? ""} className="wing">
          <h3>{wing.wing ? m.facility.wing(wing.wing) : m.facility.noWing}</h3>
          {[...wing.floors].reverse().map((floor) => (
            <div key={floor.floor ?? ""} className="floor">
              <span className="floor-name small soft">{floor.floor ? m.facility.floor(floor.floor) : m.facility.noFloor}</span>
              <div className="cells">
                {floor.cells.map((cell) => (
                  <Cell key={cell.cell} cell={cell} pressed={cell.cell === chosen} stop={cell.cell === stop} onChoose={onChoose} />
                ))}
              </div>
            </div>
          ))}
        </section>
      ))}
    </div>
  );
}

interface CellProps {
  cell: PrisonCell;
  pressed: boolean;
  stop: boolean;
  onChoose: (cell: PrisonCell) => void;
}

function Cell({ cell, pressed, stop, onChoose }: CellProps) {
  const { m, f } = useWords();
  const says = [m.facility.cellSays(cell.cell, f.decimal(cell.expected)), cell.planned && m.facility.planned, cell.searched && m.facility.searched, cell.found > 0 && `${m.facility.found} ${f.count(cell.found)}`];
  const said = says.filter(Boolean).join(", ");
  return (
    <button
      type="button"
      className={`cell heat-${cellHeat(cell.expected)} ${cell.planned ? "planned" : ""}`}
      aria-label={said}
      aria-pressed={pressed}
      title={said}
      tabIndex={stop ? 0 : -1}
      onClick={() => onChoose(cell)}
      onFocus={() => onChoose(cell)}
    >
      {cell.searched && <Check size={13} strokeWidth={3} aria-hidden />}
    </button>
  );
}

export function CellsLegend() {
  const { m, f } = useWords();
  const ends = [0, ...CELL_STEPS];
  return (
    <span className="legend">
      <span>{m.facility.scale}</span>
      {ends.map((from, step) => (
        <span key={from} className="key">
          <i className={`heat-${step}`} /> {step === 0 ? `< ${f.decimal(CELL_STEPS[0] ?? 0, 2)}` : `≥ ${f.decimal(from, from < 1 ? 2 : 0)}`}
        </span>
      ))}
    </span>
  );
}
