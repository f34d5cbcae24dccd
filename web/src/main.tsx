import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Office } from "./app/office";
import { queryClient } from "./app/query-client";
import "./design/tokens.css";
import "./design/base.css";
import "./design/controls.css";
import { applyScheme, chosenScheme } from "./design/scheme";
import { WordsProvider } from "./i18n/words";

applyScheme(chosenScheme());

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <WordsProvider>
          <Office />
        </WordsProvider>
      </QueryClientProvider>
    </StrictMode>,
  );
}
