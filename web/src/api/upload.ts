/** A file goes up in parts; after a broken line it goes on where the server stands. */
import { ApiError, call } from "./client";

/** The server takes parts of at most 8 MiB. */
const PART = 8 * 1024 * 1024;
const TRIES = 5;

export interface Uploading {
  table?: string;
  authority?: string;
  /** Called with the share that is up, 0..1. */
  onShare: (share: number) => void;
  signal?: AbortSignal;
}

/** Sends a file and starts its import; gives the job's id. */
export async function upload(file: File, options: Uploading): Promise<number> {
  const { id } = await call<{ id: string; offset: number }>("/uploads", {
    method: "POST",
    body: { name: file.name, size: file.size, table: options.table, authority: options.authority },
  });
  let offset = 0;
  while (offset < file.size) {
    offset = await sendPart(id, file, offset, options.signal);
    options.onShare(offset / file.size);
  }
  const { job } = await call<{ job: number }>(`/uploads/${encodeURIComponent(id)}/import`, { method: "POST" });
  return job;
}

async function sendPart(id: string, file: File, offset: number, signal?: AbortSignal): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await call<{ offset: number }>(`/uploads/${encodeURIComponent(id)}`, {
        method: "PATCH",
        body: file.slice(offset, offset + PART),
        headers: { "Upload-Offset": String(offset) },
        ...(signal ? { signal } : {}),
      });
      return answer.offset;
    } catch (error) {
      // The piece was kept and the answer lost: the server says where it goes on.
      const at = error instanceof ApiError && error.status === 409 ? error.problem.offset : undefined;
      if (at !== undefined && at > offset) return at;
      const broken = error instanceof ApiError && (error.status === 0 || error.status >= 500);
      if (!broken || attempt >= TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** attempt));
    }
  }
}
