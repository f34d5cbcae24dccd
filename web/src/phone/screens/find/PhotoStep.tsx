import { useEffect, useRef, useState } from "react";
import { useOpen, useWords } from "../../app/context";
import { Camera, frame, takePhoto } from "../../device/camera";
import { Button } from "../../ui/Button";
import { Screen } from "../../ui/Screen";
import type { StepProps } from "./Find";
import { Shield } from "./ImeiStep";

/** A photo of the find where it lay; its digest goes into the entry. */
export function PhotoStep({ draft, answer, title }: StepProps) {
  const { w } = useWords();
  const { session, say } = useOpen();
  const video = useRef<HTMLVideoElement>(null);
  const [ready, setReady] = useState(false);
  const [trouble, setTrouble] = useState(false);

  useEffect(() => {
    let camera: Camera | undefined;
    let gone = false;
    const open = async () => {
      camera = await Camera.open();
      if (gone || video.current === null) {
        camera.close();
        return;
      }
      video.current.srcObject = camera.stream;
      await video.current.play();
      setReady(true);
    };
    open().catch(() => setTrouble(!gone));
    return () => {
      gone = true;
      camera?.close();
    };
  }, []);

  const shoot = async () => {
    const canvas = document.createElement("canvas");
    if (video.current === null || frame(video.current, canvas) === undefined) return;
    setReady(false);
    try {
      const photo = await takePhoto(canvas);
      if (photo === undefined) {
        setTrouble(true);
        return;
      }
      await session.keepPhoto(photo);
      const { file, digest } = photo;
      answer({ photos: [...draft.photos.filter((one) => one.file !== file), { file, digest }] });
    } catch {
      say(w.find.notEntered);
      setReady(true);
    }
  };
  const foot = (
    <>
      <Button onPress={() => answer({})}>{draft.photos.length > 0 ? w.find.goOn : w.find.noPhoto}</Button>
      <Button kind="main" disabled={!ready} onPress={() => void shoot()}>{w.find.shoot}</Button>
    </>
  );
  return (
    <Screen title={title} foot={foot}>
      {draft.kind === "phone" && <Shield draft={draft} />}
      <h2>{w.find.photo}</h2>
      {trouble ? <p className="notice warn" role="status">{w.scan.noCamera}</p> : (
        <div className="viewer">
          <video ref={video} muted playsInline aria-label={w.find.photo} />
        </div>
      )}
      {draft.photos.length > 0 && <p>{w.find.taken(draft.photos.length)}</p>}
    </Screen>
  );
}
