import { Qr } from "../../design/qr";

/** A QR code of a text, across the screen. */
export function Code({ text, label }: { text: string; label: string }) {
  return (
    <div className="code">
      <Qr text={text} label={label} />
    </div>
  );
}
