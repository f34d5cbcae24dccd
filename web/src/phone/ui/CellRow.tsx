import { useOpen, useWords } from "../app/context";
import type { CellState } from "../core/cells";

/** A cell in a list. */
export function CellRow({ state }: { state: CellState }) {
  const { w } = useWords();
  const { go } = useOpen();
  return (
    <button type="button" className="row" onClick={() => go({ at: "cell", cell: state.cell })}>
      <strong>{state.cell.cell}</strong>
      <span className={`mark ${state.status}`}>
        {state.finds > 0 ? `${w.finds(state.finds)} · ` : ""}
        {w.statusOf[state.status]}
      </span>
    </button>
  );
}
