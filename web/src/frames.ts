/** Frames as the server renders them, kept for a while, the newest wish first. */

import { type Slice, getFrame } from "./service";
import { type Window, windowText } from "./windowing";

const KEPT = 240;
const AT_ONCE = 4;

export class Frames {
  private readonly kept = new Map<string, ImageBitmap>();
  private readonly running = new Map<string, AbortController>();
  private ahead: { slice: Slice; window: Window | null }[] = [];

  constructor(private readonly session: string) {}

  /** Return a frame that is here already. */
  peek(slice: Slice, window: Window | null): ImageBitmap | undefined {
    const key = keyOf(slice, window);
    const found = this.kept.get(key);
    if (found !== undefined) {
      this.kept.delete(key); // The last one used is the last one to go.
      this.kept.set(key, found);
    }
    return found;
  }

  /** Return a frame; other requests for the same view are given up. */
  async get(slice: Slice, window: Window | null): Promise<ImageBitmap> {
    const found = this.peek(slice, window);
    if (found !== undefined) return found;
    for (const [key, running] of this.running) {
      running.abort();
      this.running.delete(key);
    }
    return this.load(slice, window);
  }

  /** Load what will probably be asked for next. */
  prefetch(slices: readonly Slice[], window: Window | null): void {
    this.ahead = slices.map((slice) => ({ slice, window }));
    this.loadAhead();
  }

  close(): void {
    this.ahead = [];
    for (const running of this.running.values()) running.abort();
    this.running.clear();
    for (const bitmap of this.kept.values()) bitmap.close();
    this.kept.clear();
  }

  private loadAhead(): void {
    while (this.running.size < AT_ONCE) {
      const next = this.ahead.shift();
      if (next === undefined) return;
      const key = keyOf(next.slice, next.window);
      if (this.kept.has(key) || this.running.has(key)) continue;
      this.load(next.slice, next.window).then(
        () => {
          this.loadAhead();
        },
        () => undefined, // Whoever looks at the slice is told why.
      );
    }
  }

  private async load(slice: Slice, window: Window | null): Promise<ImageBitmap> {
    const key = keyOf(slice, window);
    const control = new AbortController();
    this.running.set(key, control);
    try {
      const bitmap = await getFrame(this.session, slice, window, control.signal);
      this.keep(key, bitmap);
      return bitmap;
    } finally {
      if (this.running.get(key) === control) this.running.delete(key);
    }
  }

  private keep(key: string, bitmap: ImageBitmap): void {
    this.kept.set(key, bitmap);
    // A map walks in the order of insertion: the first is the one unused for longest.
    for (const [oldest, old] of this.kept) {
      if (this.kept.size <= KEPT) break;
      this.kept.delete(oldest);
      old.close();
    }
  }
}

function keyOf(slice: Slice, window: Window | null): string {
  return `${slice.name}\n${slice.frame}\n${windowText(window)}`;
}
