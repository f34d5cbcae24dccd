/** What a device is told of its day: its team's own cells, who is held there, what to look for, and no more. */

import { cellRef, detector, modelClass, party, post, target } from "../core/entry";
import { instant, name } from "../core/ids";
import { type Infer, list, loose, text, whole, word } from "../core/shape";

const line = text(() => true, "a text");
const count = whole(0, Number.MAX_SAFE_INTEGER);
const millimetres = { take: millimetresOf };

function millimetresOf(value: unknown, where: string): number {
  if (typeof value === "number" && value > 0 && value < 10_000) return value;
  throw new RangeError(`${where} is no size in millimetres`);
}

const twoLanguages = loose({ fr: line, en: line });

const lookFor = loose(
  { class: modelClass, detected_by: list(detector) },
  { model: line, size_mm: list(millimetres, 3), picture: loose({ media: line, base64: line }) },
);

const bundleCell = loose(
  {
    cell: cellRef,
    order: count,
    wave: whole(0, 65_535),
    target,
    start: instant,
    minutes: whole(0, 65_535),
    detector,
    held: list(loose({ name: line }, { number: line })),
    look_for: list(lookFor),
    hiding_places: list(line),
  },
  { persons: list(line) },
);

/** A bundle. */
export const bundle = loose(
  {
    v: whole(1, 1),
    day: loose({ operation: line }, { opened: instant, closed: instant }),
    you: loose({ device: name, post, officer: party, standing: word("enrolled", "revoked") }),
    command: list(loose({ device: name, key: line })),
    sites: list(loose({ facility: name, name: line }, { timezone: line })),
    receivers: list(loose({ officer: party, post, device: name })),
    cells: list(bundleCell),
    plan_number: count,
    words: loose({ on_person: twoLanguages, in_body: twoLanguages }),
  },
  { authority: loose({ reference: line }, { until: instant }) },
);

export type Bundle = Infer<typeof bundle>;
export type BundleCell = Infer<typeof bundleCell>;
export type LookFor = Infer<typeof lookFor>;

/** A bundle without anything of cells, and of people beside who holds the device. */
export function bare(bundle: Bundle): Bundle {
  return { ...bundle, cells: [], receivers: [] };
}

/** Whether two bundles are of the same day of the same command post. */
export function isSameDay(one: Bundle, other: Bundle): boolean {
  const post = ({ command, day }: Bundle) => [day.operation, ...command.map(({ device }) => device)].join(" ");
  return post(one) === post(other);
}

/** The answer to an enrolment, as it is kept. */
const enrolment = loose({ token: name, bundle });
export type Enrolment = Infer<typeof enrolment>;

/** The enrolment that was kept, or came from the server; throws where it can't be read. */
export function readEnrolment(value: unknown): Enrolment {
  return enrolment.take(value, "enrolment");
}

/** The team of a device; a desk and the command post have none. */
export function teamOf({ you }: Bundle): string | undefined {
  return typeof you.post === "object" && "team" in you.post ? you.post.team : undefined;
}

/** The site of a device: its desk's, its team's, or none. */
export function siteOf({ you, sites, cells }: Bundle): string {
  if (typeof you.post === "object" && "desk" in you.post) return you.post.desk;
  return sites[0]?.facility ?? cells[0]?.cell.facility ?? "";
}
