import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "../design/tokens.css";

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <main>cellsweep</main>
    </StrictMode>,
  );
}
