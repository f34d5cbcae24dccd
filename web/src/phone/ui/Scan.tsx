import { useEffect, useRef, useState } from "react";
import { Camera, frame } from "../device/camera";
import type { Looking } from "../device/scanner";
import { useWords } from "../app/context";

/** Between two looks, in milliseconds: a phone stays cool and still reads at once. */
const PAUSE_MS = 90;

interface Props {
  looking: Looking;
  /** The texts that stand on what the camera sees; true ends the scan. */
  onRead: (texts: string[]) => boolean;
  /** The reader was needed and isn't there, or there is no camera. */
  onFail?: () => void;
}

type Trouble = "noCamera" | "noScanner";

/** What the camera sees, read again and again until it is what was looked for. */
export function Scan({ looking, onRead, onFail }: Props) {
  const { w } = useWords();
  const video = useRef<HTMLVideoElement>(null);
  const handler = useRef(onRead);
  const failed = useRef(onFail);
  const [camera, setCamera] = useState<Camera>();
  const [trouble, setTrouble] = useState<Trouble>();
  const [lit, setLit] = useState(false);

  useEffect(() => {
    handler.current = onRead;
    failed.current = onFail;
  });

  useEffect(() => {
    const stop = new AbortController();
    scan(video.current, looking, stop.signal, (texts) => handler.current(texts), setCamera).catch((error: unknown) => {
      if (stop.signal.aborted) return;
      setTrouble(error instanceof DOMException ? "noCamera" : "noScanner");
      failed.current?.();
    });
    return () => stop.abort();
  }, [looking]);

  const torch = () => {
    setLit(!lit);
    camera?.torch(!lit).catch(() => setLit(false));
  };

  if (trouble !== undefined) return <p className="notice warn" role="status">{w.scan[trouble]}</p>;
  return (
    <div className="viewer">
      <video ref={video} muted playsInline aria-label={w.scan.title} />
      <div className={looking === "screen" ? "aim square" : "aim"} />
      {camera?.hasTorch === true && (
        <button type="button" className="button torch" aria-pressed={lit} onClick={torch}>
          {w.scan.torch}
        </button>
      )}
    </div>
  );
}

async function scan(
  video: HTMLVideoElement | null,
  looking: Looking,
  stop: AbortSignal,
  onRead: (texts: string[]) => boolean,
  onCamera: (camera: Camera) => void,
): Promise<void> {
  if (video === null) return;
  const goesOn = () => !stop.aborted;
  const camera = await Camera.open();
  try {
    if (!goesOn()) return;
    onCamera(camera);
    video.srcObject = camera.stream;
    await video.play();
    const { readCodes } = await import("../device/scanner");
    const canvas = document.createElement("canvas");
    while (goesOn()) {
      const image = frame(video, canvas);
      const texts = image === undefined ? [] : await readCodes(image, looking);
      if (texts.length > 0 && goesOn() && onRead(texts)) return;
      await new Promise((done) => setTimeout(done, PAUSE_MS));
    }
  } finally {
    camera.close();
  }
}
