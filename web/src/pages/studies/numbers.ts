/** The numbers that a drawing shows, as rows. */
import type { Forest, Mark, Plot, Value } from "../../api/study";
import type { Text } from "../../i18n/lang";
import type { Messages } from "../../messages/fr";
import type { Writer } from "./values";

export interface Numbers {
  head: string[];
  rows: string[][];
  /** Values that a line is drawn at. */
  references: string[];
}

type Says = Messages["studies"];
type Pick = (text: Text) => string;

/** What a mark is of. A name that ends in its figures, as the report's page has it, goes without: they are written apart. */
export const bareName = (name: string) => name.replace(/: .*$/, "");

/** Points and discs by name; where there are none, what lines and bands pass through. */
export function plotNumbers(plot: Plot, writer: Writer, says: Says, pick: Pick): Numbers {
  const x = (value: Value) => writer.value(value, plot.x.ticks);
  const y = (value: Value) => writer.value(value, plot.y.ticks);
  const interval = (low: Value, high: Value) => writer.between(y(low), y(high));
  const [nameX, nameY] = [pick(plot.x.label), pick(plot.y.label)];
  const references = plot.marks.flatMap((mark) => ("Across" in mark ? [y(mark.Across)] : "Upright" in mark ? [x(mark.Upright)] : []));

  const points = plot.marks.flatMap((mark) => ("Point" in mark ? [mark.Point] : []));
  if (points.length) {
    const rows = points.map(({ name, x: at, y: [value, low, high] }) => [bareName(name), x(at), y(value), interval(low, high)]);
    return { head: [says.columns.name, nameX, nameY, says.columns.interval], rows, references };
  }
  const discs = plot.marks.flatMap((mark) => ("Disc" in mark ? [mark.Disc] : []));
  if (discs.length) {
    return { head: [says.columns.name, says.columns.value], rows: discs.map(({ name, value }) => [bareName(name), writer.value(value, "Numbers")]), references };
  }
  const rows = alongX(plot.marks).map(([at, { value, low, high }]) => [x(at), y(value), interval(low, high)]);
  return { head: [nameX, nameY, says.columns.interval], rows, references };
}

interface Passed {
  value: Value;
  low: Value;
  high: Value;
}

/** Where solid lines and bands pass, from left to right. */
function alongX(marks: readonly Mark[]): [number, Passed][] {
  const passed = new Map<number, Passed>();
  const put = (x: Value, some: Partial<Passed>) => {
    if (x !== null) passed.set(x, { ...(passed.get(x) ?? { value: null, low: null, high: null }), ...some });
  };
  for (const mark of marks) {
    if ("Line" in mark && !mark.Line.dashed) for (const [x, value] of mark.Line.points) put(x, { value });
    if ("Band" in mark) for (const [x, low, high] of mark.Band.points) put(x, { low, high });
  }
  return [...passed].sort(([a], [b]) => a - b);
}

export function forestNumbers(forest: Forest, writer: Writer, says: Says, pick: Pick): Numbers {
  const write = (value: Value) => writer.value(value, forest.ticks);
  return {
    head: [says.columns.name, pick(forest.measure), says.columns.interval],
    rows: forest.bars.map(({ name, value, low, high }) => [pick(name), write(value), writer.between(write(low), write(high))]),
    references: forest.reference === null ? [] : [write(forest.reference)],
  };
}
