import { Minus, Plus, Scan } from "lucide-react";
import { Button, IconButton } from "../design/ui";
import { useWords } from "../i18n/words";
import type { Box } from "./geo";
import type { MapProps } from "./parts";

/** What steers a map without a mouse: closer, farther, and its views. */
export function Tools({ views, onZoom, onShow }: { views: MapProps["views"]; onZoom: (closer: boolean) => void; onShow: (box: Box) => void }) {
  const { m } = useWords();
  const [main, ...others] = views;
  return (
    <>
      <div className="map-tools">
        <IconButton small label={m.case.zoomIn} onClick={() => onZoom(true)}>
          <Plus size={16} aria-hidden />
        </IconButton>
        <IconButton small label={m.case.zoomOut} onClick={() => onZoom(false)}>
          <Minus size={16} aria-hidden />
        </IconButton>
        <IconButton small label={m.case.fit} onClick={() => main && onShow(main.box)}>
          <Scan size={16} aria-hidden />
        </IconButton>
      </div>
      {others.length > 0 && (
        <div className="map-views">
          {others.map((view) => (
            <Button key={view.name} small onClick={() => onShow(view.box)}>
              {view.name}
            </Button>
          ))}
        </div>
      )}
    </>
  );
}
