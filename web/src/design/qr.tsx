import { encode } from "uqr";

export interface QrProps {
  text: string;
  /** What it is, for whoever doesn't see it. */
  label: string;
  /** How much of it may be lost: little on a screen, more on paper. */
  ecc?: "L" | "M";
}

/** A QR code: black on white in every colour scheme, as cameras expect it. */
export function Qr({ text, label, ecc = "L" }: QrProps) {
  const { data, size } = encode(text, { ecc, border: 3 });
  const dark = data.flatMap((row, y) => row.flatMap((on, x) => (on ? `M${x} ${y}h1v1h-1z` : [])));
  return (
    <svg viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <rect width={size} height={size} fill="#ffffff" />
      <path d={dark.join("")} fill="#000000" />
    </svg>
  );
}
