/**
 * Entries on a string of QR codes, for a phone that has no network left: `CSR1/3/<id>/…` is the first of three parts.
 * The whole is what {@link Phone.export} gives, one message a line.
 */

/** Characters of a part: a code that one phone's camera reads off another's screen at once. */
const PART = 900;

/** A text as parts for one code each. */
export function toParts(text: string, id: string): string[] {
  const characters = Array.from(text);
  const count = Math.max(1, Math.ceil(characters.length / PART));
  const part = (at: number) => characters.slice(at * PART, (at + 1) * PART).join("");
  return Array.from({ length: count }, (_, at) => `CSR${at + 1}/${count}/${id}/${part(at)}`);
}

/** Parts as they are read, in any order and more than once. */
export class Parts {
  private readonly known = new Map<number, string>();
  private id: string | undefined;
  private count = 0;

  /** Begins anew. */
  clear(): void {
    this.known.clear();
    this.id = undefined;
    this.count = 0;
  }

  /** Takes a code; false where it is no part, or of another text. */
  take(code: string): boolean {
    const found = /^CSR(\d+)\/(\d+)\/([^/]+)\/([\s\S]*)$/.exec(code);
    if (found === null) return false;
    const [, at, count, id, part] = found;
    if (this.id !== undefined && (id !== this.id || Number(count) !== this.count)) return false;
    this.id = id;
    this.count = Number(count);
    this.known.set(Number(at), part ?? "");
    return true;
  }

  /** How many of how many. */
  get progress(): [number, number] {
    return [this.known.size, this.count];
  }

  /** The text, once all parts are there. */
  get text(): string | undefined {
    if (this.count === 0 || this.known.size < this.count) return undefined;
    return Array.from({ length: this.count }, (_, at) => this.known.get(at + 1) ?? "").join("");
  }
}
