import type { ReactNode } from "react";

interface Props {
  /** The one thing to do next, one of several, what stops something, or a way out. */
  kind?: "main" | "plain" | "stop" | "quiet" | "chosen";
  onPress: () => void;
  disabled?: boolean;
  wide?: boolean;
  children: ReactNode;
}

/** Something to touch, large enough for gloves. */
export function Button({ kind = "plain", onPress, disabled = false, wide = false, children }: Props) {
  const classes = ["button", kind, wide ? "wide" : ""].filter(Boolean).join(" ");
  return (
    <button type="button" className={classes} onClick={onPress} disabled={disabled}>
      {children}
    </button>
  );
}
