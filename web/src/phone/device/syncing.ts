/** Brings entries to the server whenever it can be reached, for as long as the page is open. */

import { spellInstant } from "../core/ids";
import type { FromPhone } from "../core/message";
import type { Tick } from "../core/phone";
import * as net from "./net";
import type { Session } from "./session";
import { isOutdated } from "./words";

/** Between two calls when there is nothing to send, in milliseconds. */
const IDLE_MS = 15_000;
/** After a call that failed: doubled each time, up to the last. */
const RETRY_MS = [1_000, 2_000, 4_000, 8_000, 15_000];

const tick = (): Tick => ({ clock: Date.now(), steady: performance.now() });

/** Calls the server again and again until it is stopped. */
export class Syncing {
  private failures = 0;
  private wake: () => void = () => undefined;
  private kicked = false;
  private calling: string | undefined;

  constructor(private readonly session: Session) {}

  /** Begins to call; gives the way to stop it. */
  start(): () => void {
    const stop = new AbortController();
    this.session.onEntered = this.kick;
    addEventListener("online", this.kick, { signal: stop.signal });
    document.addEventListener("visibilitychange", this.kick, { signal: stop.signal });
    void this.run(() => !stop.signal.aborted);
    return () => {
      stop.abort();
      this.wake();
    };
  }

  /** Something is to be sent, or the network may be back: calls at once. */
  readonly kick = (): void => {
    this.kicked = true;
    this.failures = 0;
    this.wake();
  };

  /** Calls for help until the server has heard it. */
  distress(place: unknown): void {
    this.calling = JSON.stringify(place);
    this.session.helped("calling");
    this.kick();
  }

  private async run(goesOn: () => boolean): Promise<void> {
    while (goesOn()) {
      this.kicked = false;
      const wait = await this.call();
      if (goesOn() && this.isQuiet()) await this.sleep(wait);
    }
  }

  /** Nothing was entered during the call. */
  private isQuiet(): boolean {
    return !this.kicked;
  }

  private async sleep(ms: number): Promise<void> {
    await new Promise<void>((done) => {
      const timer = setTimeout(done, ms);
      this.wake = () => {
        clearTimeout(timer);
        done();
      };
    });
  }

  /** One call; gives how long to wait after it. */
  private async call(): Promise<number> {
    try {
      await this.callForHelp();
      await this.exchange();
      this.failures = 0;
      this.session.connected("online");
      await this.renew();
      await this.sendPhotos();
      return IDLE_MS;
    } catch (error) {
      return this.failed(error);
    }
  }

  private failed(error: unknown): number {
    // A refusal of something that came after the entries is no lost connection.
    const refused = error instanceof net.Refused ? error : undefined;
    const denied = refused?.status === 401 || refused?.status === 403;
    this.session.connected(denied ? "denied" : "offline");
    const wait = RETRY_MS[Math.min(this.failures, RETRY_MS.length - 1)] ?? IDLE_MS;
    this.failures += 1;
    return Math.max(wait * (0.75 + Math.random() / 2), refused?.retryAfterMs ?? 0);
  }

  private async callForHelp(): Promise<void> {
    if (this.calling === undefined) return;
    const place: unknown = JSON.parse(this.calling);
    await net.distress(this.session.token, place, spellInstant(Date.now()));
    this.calling = undefined;
    this.session.helped("heard");
  }

  /** Hello first: the answer says what the server lacks. Then batches as long as they bring something. */
  private async exchange(): Promise<void> {
    await this.send(this.session.hello(tick()));
    for (let left = Infinity; this.session.view().unsent < left; ) {
      left = this.session.view().unsent;
      const batch = this.session.batch();
      if (batch === undefined) return;
      await this.send(batch);
    }
  }

  private async send(message: FromPhone): Promise<void> {
    const answers = await net.sync(this.session.token, [message]);
    const now = tick();
    for (const answer of answers) await this.session.receive(answer, now);
  }

  private async renew(): Promise<void> {
    const { bundle, words } = this.session.view();
    if (isOutdated(bundle, words)) await this.session.renewed(await net.renew(this.session.token));
  }

  private async sendPhotos(): Promise<void> {
    for (const file of this.session.photosToSend) {
      const photo = await this.session.store.photo(file);
      if (photo !== undefined) await net.sendPhoto(this.session.token, photo);
      await this.session.photoSent(file);
    }
  }
}
