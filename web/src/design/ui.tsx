/** The small parts that every page is built of. */
import { CircleAlert, CircleCheck, Info, TriangleAlert, X } from "lucide-react";
import { useEffect, useId, useRef } from "react";
import type { ButtonHTMLAttributes, ReactNode } from "react";
import { useWords } from "../i18n/words";

type Kind = "main" | "danger" | "quiet" | "plain";

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: Kind;
  small?: boolean;
}

export function Button({ kind = "plain", small = false, className = "", type = "button", ...rest }: ButtonProps) {
  return <button type={type} className={`button ${kind} ${small ? "small" : ""} ${className}`} {...rest} />;
}

/** A button that is only an icon; its name is read and shown as a tip. */
export function IconButton({ label, children, ...rest }: ButtonProps & { label: string }) {
  return (
    <Button {...rest} className={`icon ${rest.className ?? ""}`} aria-label={label} title={label}>
      {children}
    </Button>
  );
}

export interface PanelProps {
  title: string;
  hint?: string | undefined;
  aside?: ReactNode;
  /** Tables and maps go to the panel's edge. */
  flush?: boolean;
  className?: string;
  children: ReactNode;
}

export function Panel({ title, hint, aside, flush = false, className = "", children }: PanelProps) {
  const id = useId();
  return (
    <section className={`panel ${className}`} aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {aside}
        {hint && <p className="hint">{hint}</p>}
      </header>
      <div className={flush ? "flush" : "body"}>{children}</div>
    </section>
  );
}

export type Tone = "good" | "warn" | "bad" | "accent" | "plain";

export function Badge({ tone = "plain", children }: { tone?: Tone; children: ReactNode }) {
  return <span className={`badge ${tone}`}>{children}</span>;
}

const noticeIcons = { good: CircleCheck, warn: TriangleAlert, bad: CircleAlert, plain: Info };

export function Notice({ tone = "plain", children }: { tone?: keyof typeof noticeIcons; children: ReactNode }) {
  const Icon = noticeIcons[tone];
  return (
    <div className={`notice ${tone}`} role={tone === "bad" ? "alert" : "status"}>
      <Icon size={18} aria-hidden />
      <div>{children}</div>
    </div>
  );
}

export interface FieldProps {
  label: string;
  help?: string | undefined;
  wrong?: string | undefined;
  className?: string;
  /** Gets what ties the control to its label and message. */
  children: (tie: { id: string; "aria-describedby"?: string; "aria-invalid"?: true }) => ReactNode;
}

export function Field({ label, help, wrong, className = "", children }: FieldProps) {
  const id = useId();
  const note = wrong ?? help;
  return (
    <div className={`field ${wrong ? "is-wrong" : ""} ${className}`}>
      <label htmlFor={id}>{label}</label>
      {children({ id, ...(note ? { "aria-describedby": `${id}-note` } : {}), ...(wrong ? { "aria-invalid": true } : {}) })}
      {note && (
        <p id={`${id}-note`} className={wrong ? "wrong" : "help"}>
          {note}
        </p>
      )}
    </div>
  );
}

export interface DialogProps {
  title: string;
  lead?: string | undefined;
  wide?: boolean;
  /** Called on Escape, on the cross and on the button that cancels. */
  onClose: () => void;
  children: ReactNode;
}

/** A modal dialog: the browser's own, so that focus stays in and comes back. Mounted while open. */
export function Dialog({ title, lead, wide = false, onClose, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  const { m } = useWords();
  useEffect(() => {
    const dialog = ref.current;
    if (!dialog || dialog.open) return;
    dialog.showModal();
    return () => dialog.close();
  }, []);
  return (
    <dialog
      ref={ref}
      className={`dialog ${wide ? "wide" : ""}`}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div className="inside">
        <div className="row spread">
          <h2 id={id}>{title}</h2>
          <IconButton kind="quiet" small label={m.app.close} onClick={onClose}>
            <X size={18} aria-hidden />
          </IconButton>
        </div>
        {lead && <p className="soft">{lead}</p>}
        {children}
      </div>
    </dialog>
  );
}

export interface SegmentsProps<V extends string> {
  label: string;
  value: V;
  options: readonly (readonly [V, string])[];
  onChange: (value: V) => void;
}

/** One of a few, all in sight. */
export function Segments<V extends string>({ label, value, options, onChange }: SegmentsProps<V>) {
  const name = useId();
  return (
    <fieldset className="segments">
      <legend className="hidden-text">{label}</legend>
      {options.map(([option, text]) => (
        <label key={option}>
          <input type="radio" name={name} checked={option === value} onChange={() => onChange(option)} />
          <span>{text}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** A share 0..1 as a bar with its figure. */
export function Share({ value, label }: { value: number; label: string }) {
  return (
    <span className="share">
      <span className="track" aria-hidden>
        <span className="fill" style={{ width: `${Math.max(0, Math.min(1, value)) * 100}%` }} />
      </span>
      <span className="figure">{label}</span>
    </span>
  );
}

export function Stat({ name, value, note }: { name: string; value: ReactNode; note?: ReactNode }) {
  return (
    <div className="stat">
      <dt>{name}</dt>
      <dd>{value}</dd>
      {note !== undefined && <dd className="note">{note}</dd>}
    </div>
  );
}

export function PageHead({ title, lead, children }: { title: ReactNode; lead?: ReactNode; children?: ReactNode }) {
  return (
    <div className="page-head">
      <div>
        <h1>{title}</h1>
        {lead && <div className="lead">{lead}</div>}
      </div>
      {children && <div className="row">{children}</div>}
    </div>
  );
}
