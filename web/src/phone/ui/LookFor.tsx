import { useEffect, useRef } from "react";
import { useWords } from "../app/context";
import type { ModelClass } from "../core/entry";
import type { BundleCell, LookFor as Model } from "../device/bundle";
import { fromBase64 } from "../device/bytes";
import { Drawing } from "./Drawing";

/** What to look for in a cell: drawn to scale, with what detects it. */
export function LookFor({ known }: { known: BundleCell | undefined }) {
  const { w } = useWords();
  const models = known?.look_for ?? [];
  return (
    <section className="section">
      <h2>{w.cell.lookFor}</h2>
      {models.length === 0 && <p className="soft">{w.cell.noPack}</p>}
      {models.map((model, at) => <ModelCard key={`${model.model ?? model.class} ${at}`} model={model} />)}
    </section>
  );
}

function ModelCard({ model }: { model: Model }) {
  const { w } = useWords();
  const size = model.size_mm;
  return (
    <div className="card">
      <strong>{model.model ?? w.classes[model.class]}</strong>
      {model.model !== undefined && <p className="soft">{w.classes[model.class]}</p>}
      {model.picture !== undefined && <Picture base64={model.picture.base64} media={model.picture.media} label={model.model ?? w.classes[model.class]} />}
      <Drawing kind={model.class} size={size ?? usualSize(model.class)} label={w.cell.toScale} />
      {size !== undefined && <p>{w.cell.size(size.join(" × "))}</p>}
      {model.detected_by.length > 0 && (
        <>
          <h2>{w.cell.detects}</h2>
          <ul className="chips">
            {model.detected_by.map((one) => <li key={one} className="chip">{w.detectors[one]}</li>)}
          </ul>
        </>
      )}
    </div>
  );
}

/** The model's picture, painted: the page's policy lets no picture in from outside it. */
function Picture({ base64, media, label }: { base64: string; media: string; label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const bytes = fromBase64(base64);
    if (bytes !== undefined) void paint(canvas.current, new Blob([bytes], { type: media }));
  }, [base64, media]);
  return <canvas ref={canvas} className="drawing" role="img" aria-label={label} />;
}

async function paint(canvas: HTMLCanvasElement | null, blob: Blob): Promise<void> {
  // A picture that can't be read is left out: the drawing stands beside it.
  const image = await createImageBitmap(blob).catch(() => undefined);
  if (canvas === null || image === undefined) return;
  canvas.width = image.width;
  canvas.height = image.height;
  canvas.getContext("2d")?.drawImage(image, 0, 0);
}

/** Height, width and depth that a class usually has, in millimetres. */
function usualSize(kind: ModelClass): number[] {
  switch (kind) {
    case "mini":
      return [68, 27, 12];
    case "feature":
      return [116, 50, 14];
    case "iot":
      return [70, 35, 15];
    default:
      return [155, 74, 8];
  }
}
