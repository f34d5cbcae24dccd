import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Office } from "./app/office";
import { ahead } from "./app/ahead";
import { queryClient } from "./app/query-client";
import "./design/tokens.css";
import "./design/base.css";
import "./design/controls.css";
import { applyScheme, chosenScheme } from "./design/scheme";
import { chosenLang } from "./i18n/lang";
import { loadWords, WordsProvider } from "./i18n/words";

applyScheme(chosenScheme());

ahead();

/** Until the words are there the page shows what came with it. */
async function open(root: HTMLElement): Promise<void> {
  await loadWords(chosenLang());
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

const root = document.getElementById("root");
if (root) void open(root);
