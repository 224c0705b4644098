/** The queue of files to be sent: batches, progress per file, retry, resume. */

import { BATCH_FILES, nextBatch, retryDelay, sharesOf } from "./batches";
import type { Found } from "./dropped";
import { type Problem, ServiceError, refusal } from "./problems";
import type { Sending } from "./requests";

export type State = "waiting" | "sending" | "stored" | "failed";

export interface Item {
  readonly file: File;
  readonly path: string;
  readonly size: number;
  state: State;
  /** 0 to 1. */
  share: number;
  reason: string;
}

export interface Progress {
  readonly items: readonly Item[];
  readonly total: number;
  readonly stored: number;
  readonly failed: number;
  readonly bytes: number;
  readonly bytesSent: number;
  readonly bytesPerSecond: number;
  readonly isBusy: boolean;
  /** What holds the queue up, and until when (milliseconds since 1970; 0: until the user acts). */
  readonly pause: { problem: Problem; untilMs: number } | null;
}

const REQUESTS_AT_ONCE = 2;
const ATTEMPTS_MAX = 8;
const SPEED_MS = 4000;
/** Larger files are sent again rather than read into memory. */
const HASHED_BYTES_MAX = 256_000_000;

export interface Hooks {
  /** Sends files in one request; tells of each why it was refused, or "" when it is stored. */
  send: (
    files: readonly File[],
    tell: (loaded: number, total: number) => void,
  ) => Promise<Sending<string[]>>;
  /** What an error means. */
  problemOf: (error: unknown) => Problem;
  changed: (progress: Progress) => void;
  /** Something was stored, or the queue came to its end. */
  stored: (isEnd: boolean) => void;
  gone: (problem: Problem) => void;
  /** Digests of what the session holds already; none: nothing need be compared. */
  known: () => Promise<ReadonlySet<string>>;
}

export class UploadQueue {
  private items: Item[] = [];
  private running = new Set<Sending<string[]>>();
  private attempt = 0;
  private pause: Progress["pause"] = null;
  private timer = 0;
  private samples: { at: number; bytes: number }[] = [];
  private isHeld = false;
  private isStarting = false;

  constructor(
    private readonly hooks: Hooks,
    private readonly requestBytesMax: number,
    private readonly requestFilesMax = BATCH_FILES,
  ) {
    addEventListener("online", () => {
      if (this.pause !== null) this.resume();
    });
  }

  add(found: readonly Found[]): void {
    for (const { file, path } of found) {
      const reason = refusal(file, this.requestBytesMax);
      this.items.push({
        file,
        path,
        size: file.size,
        state: reason === "" ? "waiting" : "failed",
        share: 0,
        reason,
      });
    }
    this.samples = [];
    void this.work();
  }

  /** Go on at once, without waiting for the end of a pause. */
  resume(): void {
    clearTimeout(this.timer);
    this.pause = null;
    this.isHeld = false;
    void this.work();
  }

  /** Try again what failed. */
  retry(): void {
    for (const item of this.items)
      if (item.state === "failed" && refusal(item, this.requestBytesMax) === "")
        item.state = "waiting";
    this.attempt = 0;
    this.resume();
  }

  /** Forget what is not stored yet. */
  cancel(): void {
    this.items = this.items.filter((item) => item.state === "stored");
    this.stopAll();
    this.changed();
    this.hooks.stored(true);
  }

  /** Forget everything, also what is stored. */
  clear(): void {
    this.items = [];
    this.stopAll();
    this.changed();
  }

  /** Send everything anew, into a new session. */
  restart(): void {
    this.stopAll();
    for (const item of this.items)
      if (item.state !== "failed") Object.assign(item, { state: "waiting", share: 0 });
    this.resume();
  }

  get progress(): Progress {
    const bytes = sum(this.items.map((item) => item.size));
    const bytesSent = sum(this.items.map((item) => item.size * item.share));
    return {
      items: this.items,
      total: this.items.length,
      stored: this.items.filter((item) => item.state === "stored").length,
      failed: this.items.filter((item) => item.state === "failed").length,
      bytes,
      bytesSent,
      bytesPerSecond: this.speed(),
      isBusy: this.items.some((item) => item.state === "waiting" || item.state === "sending"),
      pause: this.pause,
    };
  }

  private async work(): Promise<void> {
    this.changed();
    if (this.isStarting || this.isHeld) return;
    this.isStarting = true; // two calls must not make two sessions
    try {
      while (this.running.size < REQUESTS_AT_ONCE) {
        const waiting = this.items.filter((item) => item.state === "waiting");
        const batch = nextBatch(waiting, this.requestFilesMax);
        if (batch.length === 0) return;
        const missing = await this.missing(batch);
        if (missing.length > 0) await this.send(missing);
        else this.hooks.stored(!this.progress.isBusy);
      }
    } catch (error) {
      this.wait(error);
    } finally {
      this.isStarting = false;
    }
  }

  /** Return what the server lacks: after a reload, most of a folder may be there. */
  private async missing(batch: Item[]): Promise<Item[]> {
    const known = await this.hooks.known();
    if (known.size === 0) return batch;
    const missing: Item[] = [];
    for (const item of batch) {
      if (item.size <= HASHED_BYTES_MAX && known.has(await digestOf(item.file)))
        Object.assign(item, { state: "stored", share: 1 });
      else missing.push(item);
    }
    this.changed();
    return missing;
  }

  private async send(batch: Item[]): Promise<void> {
    const sending = await this.hooks.send(
      batch.map((item) => item.file),
      (loaded, total) => {
        const shares = sharesOf(batch, loaded, total);
        // The last part is for the server, which answers when everything is on its disk.
        batch.forEach((item, index) => (item.share = (shares[index] ?? 0) * 0.99));
        this.changed();
      },
    );
    for (const item of batch) item.state = "sending";
    this.running.add(sending);
    sending.finished
      .then(
        (reasons) => {
          this.attempt = 0;
          batch.forEach((item, index) => {
            const reason = reasons[index] ?? "";
            Object.assign(item, { state: reason === "" ? "stored" : "failed", share: 1, reason });
          });
        },
        (error: unknown) => {
          if (this.running.has(sending)) this.refused(batch, error);
        },
      )
      .finally(() => {
        if (!this.running.delete(sending)) return;
        void this.work();
        this.hooks.stored(!this.progress.isBusy);
      })
      .catch(() => undefined);
  }

  /** Decide what an error means for the files of a request. */
  private refused(batch: Item[], error: unknown): void {
    const problem = this.hooks.problemOf(error);
    if (problem.mayRetry || problem.isGone) {
      for (const item of batch) Object.assign(item, { state: "waiting", share: 0 });
      this.wait(error);
    } else {
      const reason = problem.detail || problem.title;
      for (const item of batch) Object.assign(item, { state: "failed", share: 0, reason });
    }
  }

  private wait(error: unknown): void {
    const problem = this.hooks.problemOf(error);
    this.isHeld = true;
    clearTimeout(this.timer);
    if (problem.isGone) {
      this.pause = { problem, untilMs: 0 };
      this.hooks.gone(problem);
    } else if (problem.mayRetry && this.attempt < ATTEMPTS_MAX) {
      const asked = error instanceof ServiceError ? error.retryAfterMs : 0;
      const delay = asked > 0 ? asked : retryDelay(this.attempt);
      this.attempt += 1;
      this.pause = { problem, untilMs: Date.now() + delay };
      this.timer = window.setTimeout(() => {
        this.resume();
      }, delay);
    } else {
      this.pause = { problem, untilMs: 0 };
    }
    this.changed();
  }

  private stopAll(): void {
    const running = [...this.running];
    this.running.clear();
    for (const sending of running) sending.stop();
    clearTimeout(this.timer);
    this.pause = null;
    this.isHeld = false;
    this.attempt = 0;
  }

  private changed(): void {
    const now = Date.now();
    const bytes = sum(this.items.map((item) => item.size * item.share));
    if ((this.samples.at(-1)?.at ?? 0) < now - 200) this.samples.push({ at: now, bytes });
    this.samples = this.samples.filter((sample) => sample.at > now - SPEED_MS);
    this.hooks.changed(this.progress);
  }

  private speed(): number {
    const first = this.samples[0];
    const last = this.samples.at(-1);
    if (first === undefined || last === undefined || last.at - first.at < 500) return 0;
    return Math.max(0, (last.bytes - first.bytes) / ((last.at - first.at) / 1000));
  }
}

async function digestOf(file: File): Promise<string> {
  // Browsers offer digests on secure origins only; elsewhere everything is sent again.
  if (!isSecureContext) return "";
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
