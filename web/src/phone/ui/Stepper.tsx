interface Props {
  label: string;
  value: number;
  onChange: (value: number) => void;
}

/** A small number, one up or one down. */
export function Stepper({ label, value, onChange }: Props) {
  return (
    <div className="stepper" role="group" aria-label={label}>
      <span>{label}</span>
      <button type="button" aria-label={`${label} −`} onClick={() => onChange(Math.max(1, value - 1))}>−</button>
      <output>{value}</output>
      <button type="button" aria-label={`${label} +`} onClick={() => onChange(Math.min(99, value + 1))}>+</button>
    </div>
  );
}
