import { useWords } from "../i18n/words";

/** Four cells, one of them lit. */
export function Brand() {
  const { m } = useWords();
  return (
    <span className="brand">
      <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden>
        <rect width="32" height="32" rx="7" className="brand-ground" />
        <path d="M7 9h7v6H7zM18 9h7v6h-7zM7 18h7v6H7z" className="brand-cell" />
        <path d="M18 18h7v6h-7z" className="brand-lit" />
      </svg>
      {m.app.name}
    </span>
  );
}
