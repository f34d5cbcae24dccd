import { Link } from "@tanstack/react-router";
import { Compass } from "lucide-react";
import { useWords } from "../i18n/words";

export function NotFound() {
  const { m } = useWords();
  return (
    <div className="state">
      <Compass size={32} strokeWidth={1.5} aria-hidden />
      <p>{m.app.notFound}</p>
      <Link to="/">{m.app.home}</Link>
    </div>
  );
}
