import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "../design/tokens.css";
import { App } from "./app/App";
import { registerWorker } from "./app/worker";
import "./ui/phone.css";

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
registerWorker();
