/** A table that sorts, goes by arrow keys, and draws only the rows in sight when there are many. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import type { KeyboardEvent, ReactNode } from "react";
import { useWords } from "../../i18n/words";
import { Button } from "../ui";
import { nextSort, ordered, passing } from "./arrange";
import type { Key, Sort } from "./arrange";
import "./table.css";

export interface Column<R> {
  id: string;
  title: string;
  /** What it is sorted by; without it the column doesn't sort. */
  key?: (row: R) => Key;
  show: (row: R) => ReactNode;
  numeric?: boolean;
  /** In a tall table: its part of the width, against the other columns' (8 where it isn't said). */
  width?: number;
  /** Left out on narrow screens: `low` first, then `mid`. */
  rank?: "low" | "mid";
}

export interface TableProps<R> {
  /** What the table is, for whoever doesn't see it. */
  label: string;
  columns: Column<R>[];
  rows: readonly R[];
  rowKey: (row: R) => string;
  first: Sort;
  passes?: ((row: R) => boolean) | undefined;
  onOpen?: (row: R) => void;
  /** A frame of its own that scrolls; rows out of sight aren't drawn. */
  tall?: boolean;
  /** So many rows until somebody asks for all. */
  most?: number;
  /** Stands there where no row passes. */
  empty?: ReactNode;
}

const ROW = 40;

export function Table<R>({ label, columns, rows, rowKey, first, passes, onOpen, tall = false, most = Infinity, empty }: TableProps<R>) {
  const [sort, setSort] = useState(first);
  const [at, setAt] = useState(0);
  const [all, setAll] = useState(false);
  const frame = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const { m, f } = useWords();

  const order = useMemo(() => {
    const key = columns.find((column) => column.id === sort.column)?.key;
    return key ? ordered(rows, key, sort.descending) : Uint32Array.from(rows, (_, index) => index);
  }, [rows, columns, sort]);
  const passed = useMemo(() => passing(rows, order, passes), [rows, order, passes]);
  const shown = useMemo(() => (all ? passed : passed.slice(0, most)), [passed, all, most]);

  // eslint-disable-next-line react-hooks/incompatible-library -- its functions are used in this component alone
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW,
    overscan: 12,
    enabled: tall,
  });
  const items = tall ? virtual.getVirtualItems() : shown.map((_, index) => ({ index, start: 0, end: 0 }));
  const before = tall ? (items[0]?.start ?? 0) : 0;
  const after = tall ? virtual.getTotalSize() - (items[items.length - 1]?.end ?? 0) : 0;
  const current = Math.min(at, Math.max(0, shown.length - 1));
  const whole = columns.reduce((sum, column) => sum + (column.width ?? 8), 0);
  const inSight = items.some((item) => item.index === current);

  function go(to: number) {
    const next = Math.max(0, Math.min(shown.length - 1, to));
    setAt(next);
    if (tall) virtual.scrollToIndex(next);
    requestAnimationFrame(() => body.current?.querySelector<HTMLElement>(`[data-index="${next}"]`)?.focus());
  }

  /** Shows the rest. The keyboard goes on there: at the first row, or in the table where rows aren't opened. */
  function showAll() {
    const next = shown.length;
    setAll(true);
    setAt(next);
    requestAnimationFrame(() => (onOpen ? body.current?.querySelector<HTMLElement>(`[data-index="${next}"]`) : frame.current)?.focus());
  }

  function onKey(event: KeyboardEvent<HTMLTableRowElement>, index: number) {
    const steps: Record<string, number> = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: shown.length - 1, PageDown: index + 12, PageUp: index - 12 };
    const to = steps[event.key];
    const row = shown[index];
    if (to !== undefined) {
      event.preventDefault();
      go(to);
    } else if (event.key === "Enter" && event.target === event.currentTarget && row !== undefined) onOpen?.(row);
  }

  if (!shown.length && empty) return <>{empty}</>;
  return (
    <div className={`table-frame ${tall ? "tall" : ""}`} ref={frame} {...(tall ? {} : { role: "group", "aria-label": label, tabIndex: 0 })}>
      <table className="table" aria-label={label} aria-rowcount={passed.length + 1}>
        {tall && (
          <colgroup>
            {columns.map((column) => (
              <col key={column.id} className={column.rank ?? ""} style={{ width: `${((column.width ?? 8) / whole) * 100}%` }} />
            ))}
          </colgroup>
        )}
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column) => (
              <Head key={column.id} column={column} sort={sort} label={m.common.sortBy(column.title)} onSort={() => setSort(nextSort(sort, column.id, column.numeric ?? false))} />
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {before > 0 && <Gap height={before} />}
          {items.map(({ index }) => {
            const row = shown[index];
            if (row === undefined) return null;
            return (
              <tr
                key={rowKey(row)}
                data-index={index}
                aria-rowindex={index + 2}
                className={onOpen ? "opens" : ""}
                tabIndex={onOpen ? (index === current || (!inSight && index === items[0]?.index) ? 0 : -1) : undefined}
                onFocus={() => setAt(index)}
                onKeyDown={onOpen ? (event) => onKey(event, index) : undefined}
                onClick={onOpen ? (event) => (event.target as Element).closest("a, button") ?? onOpen(row) : undefined}
              >
                {columns.map((column) => (
                  <td key={column.id} className={`${column.numeric ? "num" : ""} ${column.rank ?? ""}`}>
                    {column.show(row)}
                  </td>
                ))}
              </tr>
            );
          })}
          {after > 0 && <Gap height={after} />}
        </tbody>
      </table>
      {shown.length < passed.length && (
        <div className="table-rest">
          <Button onClick={showAll}>{m.common.showAll} ({f.count(passed.length)})</Button>
        </div>
      )}
    </div>
  );
}

/** Rows out of sight. One cell is enough: to span columns that narrow screens leave out would bring their width back. */
function Gap({ height }: { height: number }) {
  return (
    <tr className="gap" aria-hidden>
      <td style={{ height }} />
    </tr>
  );
}

interface HeadProps<R> {
  column: Column<R>;
  sort: Sort;
  label: string;
  onSort: () => void;
}

function Head<R>({ column, sort, label, onSort }: HeadProps<R>) {
  const mine = sort.column === column.id;
  const Arrow = mine && sort.descending ? ArrowDown : ArrowUp;
  const className = `${column.numeric ? "num" : ""} ${column.rank ?? ""}`;
  if (!column.key) return <th scope="col" className={className}>{column.title}</th>;
  return (
    <th scope="col" className={className} aria-sort={mine ? (sort.descending ? "descending" : "ascending") : "none"}>
      <button type="button" title={label} onClick={onSort}>
        {column.title}
        <Arrow size={14} aria-hidden />
      </button>
    </th>
  );
}
