/** The camera at the phone's back. */

import { type Bytes, sha256 } from "./bytes";

/** A camera that is on. */
export class Camera {
  private constructor(
    readonly stream: MediaStream,
    private readonly track: MediaStreamTrack,
  ) {}

  /** Switches it on; throws where there is none or it isn't allowed. */
  static async open(): Promise<Camera> {
    const video = { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } };
    const stream = await navigator.mediaDevices.getUserMedia({ video, audio: false });
    const [track] = stream.getVideoTracks();
    if (track === undefined) throw new DOMException("no camera", "NotFoundError");
    return new Camera(stream, track);
  }

  /** Whether it has a lamp. */
  get hasTorch(): boolean {
    const capabilities = this.track.getCapabilities() as MediaTrackCapabilities & { torch?: boolean };
    return capabilities.torch === true;
  }

  /** Switches its lamp. */
  async torch(on: boolean): Promise<void> {
    await this.track.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] });
  }

  close(): void {
    this.stream.getTracks().forEach((track) => track.stop());
  }
}

/** What a video shows now; undefined before it shows anything. */
export function frame(video: HTMLVideoElement, canvas: HTMLCanvasElement): ImageData | undefined {
  const { videoWidth: width, videoHeight: height } = video;
  if (width === 0 || height === 0) return undefined;
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context?.drawImage(video, 0, 0);
  return context?.getImageData(0, 0, width, height);
}

/** Takes what a canvas shows as a JPEG photo, named by its digest. */
export async function takePhoto(canvas: HTMLCanvasElement): Promise<{ file: string; bytes: Bytes; digest: string } | undefined> {
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", 0.82));
  if (blob === null) return undefined;
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const digest = await sha256(bytes);
  return { file: `${digest}.jpg`, bytes, digest };
}
