/**
 * Shapes that JSON may have. Taking a value through a shape checks it and gives it back with its members in the one
 * order that entries are spelt in, so that `JSON.stringify` of it is the text that every program agrees on.
 */

/** A value that has not the shape it should have: where, and what it should be. */
export class Misfit extends Error {
  constructor(
    readonly where: string,
    readonly expected: string,
  ) {
    super(`${where}: ${expected}`);
    this.name = "Misfit";
  }
}

/** What a value may be. */
export interface Shape<T> {
  /** The value with its members in order; throws {@link Misfit}. */
  take(value: unknown, where: string): T;
}

/** The values of a shape. */
export type Infer<S> = S extends Shape<infer T> ? T : never;

const encoder = new TextEncoder();

/** Bytes of a text in UTF-8. */
export function bytes(text: string): number {
  return encoder.encode(text).length;
}

/** A text for which `good` holds. A text with half a character has no spelling and is none. */
export function text(good: (text: string) => boolean, expected: string): Shape<string> {
  return {
    take(value, where) {
      if (typeof value === "string" && !HALF_CHARACTER.test(value) && good(value)) return value;
      throw new Misfit(where, expected);
    },
  };
}

const HALF_CHARACTER = /\p{Surrogate}/u;

/** A whole number from `least` to `most`, both included. */
export function whole(least: number, most: number): Shape<number> {
  return {
    take(value, where) {
      const good = typeof value === "number" && Number.isSafeInteger(value) && value >= least && value <= most;
      if (good) return value;
      throw new Misfit(where, `a whole number from ${least} to ${most}`);
    },
  };
}

/** One of these words. */
export function word<const W extends string>(...words: readonly W[]): Shape<W> {
  return {
    take(value, where) {
      const found = words.find((known) => known === value);
      if (found !== undefined) return found;
      throw new Misfit(where, `one of ${words.join(", ")}`);
    },
  };
}

/** A list of at most `most`. */
export function list<T>(of: Shape<T>, most = Number.MAX_SAFE_INTEGER): Shape<T[]> {
  return {
    take(value, where) {
      if (!Array.isArray(value) || value.length > most) throw new Misfit(where, `a list of at most ${most}`);
      return value.map((item: unknown, at) => of.take(item, `${where}[${at}]`));
    },
  };
}

type Members = Record<string, Shape<unknown>>;
// eslint-disable-next-line @typescript-eslint/no-generated-empty-object-type -- a structure without optional members
type None = Record<never, never>;
/** What a structure's values are. */
export type Values<M extends Members> = { [K in keyof M]: Infer<M[K]> };
type Optional<M extends Members> = { [K in keyof M]?: Infer<M[K]> | undefined };

/** A structure with these members, in this order, and no others; those of `optional` come last and may be left out. */
export function struct<M extends Members, O extends Members = None>(
  members: M,
  optional?: O,
): Shape<Values<M> & Optional<O>> {
  return ordered(Object.entries(members), Object.entries(optional ?? {})) as Shape<Values<M> & Optional<O>>;
}

/** As {@link struct}, where members that may be left out stand between others. */
export function structInOrder<M extends Members, O extends Members>(
  order: readonly (keyof M | keyof O)[],
  members: M,
  optional: O,
): Shape<Values<M> & Optional<O>> {
  const all = struct(members, optional);
  return {
    take(value, where) {
      const taken = all.take(value, where) as Record<PropertyKey, unknown>;
      const present = order.filter((name) => taken[name] !== undefined);
      return Object.fromEntries(present.map((name) => [name, taken[name]])) as Values<M> & Optional<O>;
    },
  };
}

/** As {@link struct} for what others may add to: members that nobody knows are passed over, and null is left out. */
export function loose<M extends Members, O extends Members = None>(
  members: M,
  optional?: O,
): Shape<Values<M> & Optional<O>> {
  const exact = struct(members, optional);
  const known = new Set([...Object.keys(members), ...Object.keys(optional ?? {})]);
  return {
    take(value, where) {
      const given = Object.entries(record(value, where));
      return exact.take(Object.fromEntries(given.filter(([name, one]) => known.has(name) && one !== null)), where);
    },
  };
}

function ordered(needed: [string, Shape<unknown>][], optional: [string, Shape<unknown>][]): Shape<unknown> {
  const known = new Set([...needed, ...optional].map(([name]) => name));
  return {
    take(value, where) {
      const given = record(value, where);
      const stray = Object.keys(given).find((name) => !known.has(name) && given[name] !== undefined);
      if (stray !== undefined) throw new Misfit(where, `no member "${stray}"`);
      const taken: Record<string, unknown> = {};
      for (const [name, shape] of needed) taken[name] = shape.take(given[name], `${where}.${name}`);
      for (const [name, shape] of optional) {
        if (given[name] !== undefined) taken[name] = shape.take(given[name], `${where}.${name}`);
      }
      return taken;
    },
  };
}

function record(value: unknown, where: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new Misfit(where, "a structure");
}

type Kinds = Record<string, Shape<object>>;
/** What a tagged structure's values are. */
export type Tagged<K extends Kinds> = { [N in keyof K]: { kind: N } & Infer<K[N]> }[keyof K];

/** A structure whose first member, `kind`, says which of these it is. */
export function tagged<K extends Kinds>(kinds: K): Shape<Tagged<K>> {
  return {
    take(value, where) {
      const { kind, ...rest } = record(value, where);
      const shape = typeof kind === "string" && Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
      if (shape === undefined) throw new Misfit(`${where}.kind`, `one of ${Object.keys(kinds).join(", ")}`);
      return { kind, ...shape.take(rest, where) } as Tagged<K>;
    },
  };
}

type Named<C extends Members> = { [N in keyof C]: Record<N, Infer<C[N]>> }[keyof C];

/** One of these words alone, or a structure with one member, its name and its value: `"not_yet"`, `{"seal":"A1"}`. */
export function either<const W extends string, C extends Members>(
  words: readonly W[],
  carrying: C,
): Shape<W | Named<C>> {
  const expected = [...words, ...Object.keys(carrying)].join(", ");
  return {
    take(value, where) {
      const found = words.find((known) => known === value);
      if (found !== undefined) return found;
      const members = Object.entries(typeof value === "string" ? {} : record(value, where));
      const [name, content] = members[0] ?? ["", undefined];
      const shape = members.length === 1 && Object.hasOwn(carrying, name) ? carrying[name] : undefined;
      if (shape === undefined) throw new Misfit(where, `one of ${expected}`);
      return { [name]: shape.take(content, `${where}.${name}`) } as Named<C>;
    },
  };
}
