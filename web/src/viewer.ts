/** One series on the screen: slices by slider, wheel and keys; window and level by drag and keys. */

import { element, fill, icon } from "./element";
import { Frames } from "./frames";
import { problemOf } from "./problems";
import type { Series } from "./service";
import { CT_PRESETS, UNKNOWN, type Window, dragged, nudged } from "./windowing";

const PREFETCH = 6;
const WHEEL_STEP = 40;

export class Viewer {
  readonly root: HTMLElement;
  private readonly canvas = element("canvas", { class: "viewer-canvas" });
  private readonly slider = element("input", {
    type: "range",
    min: 1,
    class: "viewer-slider",
    "aria-label": "Slice",
  });
  private readonly stage: HTMLElement;
  private readonly place = element("span", { class: "viewer-place" });
  private readonly shade = element("span", { class: "viewer-shade" });
  private readonly title = element("span", { class: "viewer-title" });
  private readonly note = element("div", { class: "viewer-note", role: "status", hidden: true });
  private readonly presets = element("div", {
    class: "presets",
    role: "group",
    "aria-label": "Window",
  });
  private readonly controls = element(
    "div",
    { class: "viewer-bar", hidden: true },
    this.slider,
    this.presets,
  );
  private readonly empty = element(
    "p",
    { class: "viewer-empty" },
    icon("image", 32),
    "Images appear here as they arrive.",
  );
  private frames: Frames | null = null;
  private series: Series | null = null;
  private index = 0;
  private window: Window | null = null;
  private wish = 0;
  private wheel = 0;

  constructor(private readonly announce: (text: string) => void) {
    this.stage = element(
      "div",
      {
        class: "viewer-stage",
        tabindex: 0,
        role: "application",
        "aria-roledescription": "image viewer",
        "aria-label":
          "Image. Up and down arrows change the slice, with Shift the brightness; " +
          "left and right with Shift the contrast; R resets.",
      },
      this.canvas,
      element("div", { class: "viewer-corner top" }, this.title),
      element("div", { class: "viewer-corner left" }, this.place),
      element("div", { class: "viewer-corner right" }, this.shade),
      this.note,
      this.empty,
    );
    this.root = element(
      "section",
      { class: "viewer", "aria-label": "Images" },
      this.stage,
      this.controls,
    );
    this.slider.addEventListener("input", () => {
      this.go(Number(this.slider.value) - 1);
    });
    this.listen();
    new ResizeObserver(() => {
      this.redraw();
    }).observe(this.stage);
  }

  show(session: string, series: Series): void {
    this.frames?.close();
    this.frames = new Frames(session);
    this.series = series;
    this.window = null;
    this.empty.hidden = true;
    this.controls.hidden = false;
    this.fit(series);
    this.drawPresets();
    this.go(Math.floor((series.slices.length - 1) / 2));
  }

  /** Take over a series that grew, without moving from the slice that is looked at. */
  update(series: Series): void {
    const name = this.currentName;
    this.series = series;
    this.fit(series);
    const index = series.slices.findIndex((slice) => slice.name === name);
    this.go(series.files > 1 && index >= 0 ? index : this.index);
  }

  private fit(series: Series): void {
    this.slider.max = String(series.slices.length);
    this.slider.disabled = series.slices.length < 2;
    this.title.textContent = series.title;
  }

  /** The name of the file that is shown. */
  get currentName(): string {
    return this.series?.slices[this.index]?.name ?? "";
  }

  /** Show the first frame of a file of the series; the middle one of a long file. */
  goTo(name: string): void {
    const slices = this.series?.slices ?? [];
    const first = slices.findIndex((slice) => slice.name === name);
    const frames = slices.filter((slice) => slice.name === name).length;
    if (first >= 0) this.go(first + Math.floor((frames - 1) / 2));
  }

  clear(): void {
    this.frames?.close();
    this.frames = null;
    this.series = null;
    this.canvas.width = 0;
    this.empty.hidden = false;
    this.controls.hidden = true;
    for (const corner of [this.title, this.place, this.shade]) corner.textContent = "";
  }

  /** The same window over a whole series: the one chosen, else that of its middle. */
  private get shown(): Window | null {
    return this.window ?? this.series?.window ?? null;
  }

  private go(index: number): void {
    const last = (this.series?.slices.length ?? 1) - 1;
    this.index = Math.min(last, Math.max(0, index));
    this.slider.value = String(this.index + 1);
    const text = `Slice ${this.index + 1} of ${last + 1}`;
    this.slider.setAttribute("aria-valuetext", text);
    this.place.textContent = `${this.index + 1} / ${last + 1}`;
    void this.load();
  }

  private setWindow(window: Window | null): void {
    this.window = window;
    this.drawPresets();
    void this.load();
  }

  private async load(): Promise<void> {
    const { frames, series } = this;
    const slice = series?.slices[this.index];
    if (frames === null || series === null || slice === undefined) return;
    this.drawShade();
    const wish = ++this.wish;
    try {
      const bitmap = await frames.get(slice, this.shown);
      if (wish !== this.wish) return;
      this.note.hidden = true;
      this.draw(bitmap, series);
      const near = Array.from({ length: PREFETCH }, (_, step) => [step + 1, -step - 1]).flat();
      frames.prefetch(
        near.flatMap((step) => series.slices[this.index + step] ?? []),
        this.shown,
      );
    } catch (error) {
      if (wish !== this.wish) return;
      this.tell(error);
    }
  }

  private tell(error: unknown): void {
    const problem = problemOf(error);
    this.canvas.width = 0;
    this.note.hidden = false;
    fill(
      this.note,
      icon("alert", 22),
      element("strong", {}, "This image cannot be shown"),
      element("span", {}, problem.detail || problem.title),
    );
  }

  private redraw(): void {
    const slice = this.series?.slices[this.index];
    const bitmap = slice && this.frames?.peek(slice, this.shown);
    if (bitmap && this.series !== null) this.draw(bitmap, this.series);
  }

  /** Draw as large as fits, with pixels as high and wide as they are in the patient. */
  private draw(bitmap: ImageBitmap, series: Series): void {
    const [between_rows, between_columns] = series.spacing ?? [1, 1];
    const width = bitmap.width * between_columns;
    const height = bitmap.height * between_rows;
    const density = Math.min(2, devicePixelRatio);
    const { clientWidth, clientHeight } = this.stage;
    const scale = Math.min(clientWidth / width, clientHeight / height) * density;
    this.canvas.width = Math.max(1, Math.round(width * scale));
    this.canvas.height = Math.max(1, Math.round(height * scale));
    this.canvas.style.width = `${this.canvas.width / density}px`;
    this.canvas.style.height = `${this.canvas.height / density}px`;
    const context = this.canvas.getContext("2d");
    if (context === null) return;
    context.imageSmoothingQuality = "high";
    context.drawImage(bitmap, 0, 0, this.canvas.width, this.canvas.height);
  }

  private drawShade(): void {
    const window = this.shown;
    this.shade.textContent = window === null ? "" : `C ${window.center}  W ${window.width}`;
  }

  private drawPresets(): void {
    const isCt = this.series?.modality === "CT";
    const choices: [string, Window | null][] = [
      ["As stored", null],
      ...(isCt ? CT_PRESETS : []).map((preset): [string, Window] => [preset.name, preset]),
    ];
    fill(
      this.presets,
      ...choices.map(([name, window]) =>
        element(
          "button",
          {
            type: "button",
            class: "preset",
            "aria-pressed": String(sameWindow(this.window, window)),
            onclick: () => {
              this.setWindow(window && { center: window.center, width: window.width });
            },
          },
          name,
        ),
      ),
    );
  }

  private listen(): void {
    this.stage.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.wheel += event.deltaY;
      const steps = Math.trunc(this.wheel / WHEEL_STEP);
      this.wheel -= steps * WHEEL_STEP;
      if (steps !== 0) this.go(this.index + steps);
    });
    this.stage.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      this.drag(event);
    });
    this.stage.addEventListener("dblclick", () => {
      this.setWindow(null);
    });
    this.stage.addEventListener("keydown", (event) => {
      if (this.press(event)) event.preventDefault();
    });
  }

  private drag(start: PointerEvent): void {
    const from = this.shown ?? UNKNOWN;
    this.stage.setPointerCapture(start.pointerId);
    this.stage.classList.add("is-dragging");
    let waiting = false;
    const move = (event: PointerEvent) => {
      const right = event.clientX - start.clientX;
      const down = event.clientY - start.clientY;
      if (waiting || Math.hypot(right, down) < 3) return;
      waiting = true; // One picture for each one that the screen shows.
      requestAnimationFrame(() => {
        waiting = false;
        this.setWindow(dragged(from, right, down));
      });
    };
    const end = () => {
      this.stage.classList.remove("is-dragging");
      this.stage.removeEventListener("pointermove", move);
    };
    this.stage.addEventListener("pointermove", move);
    this.stage.addEventListener("pointerup", end, { once: true });
    this.stage.addEventListener("pointercancel", end, { once: true });
  }

  /** Do what a key means; returns whether it means anything. */
  private press(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const from = this.shown ?? UNKNOWN;
    const shifted: Record<string, () => void> = {
      ArrowUp: () => {
        this.setWindow(nudged(from, 0, 1));
      },
      ArrowDown: () => {
        this.setWindow(nudged(from, 0, -1));
      },
      ArrowLeft: () => {
        this.setWindow(nudged(from, 1, 0));
      },
      ArrowRight: () => {
        this.setWindow(nudged(from, -1, 0));
      },
    };
    const steps: Record<string, number> = {
      ArrowUp: -1,
      ArrowLeft: -1,
      ArrowDown: 1,
      ArrowRight: 1,
      PageUp: -10,
      PageDown: 10,
      Home: -Infinity,
      End: Infinity,
    };
    if (event.shiftKey && shifted[event.key] !== undefined) {
      shifted[event.key]?.();
      this.announce(this.shade.textContent);
      return true;
    }
    const step = steps[event.key];
    if (step !== undefined) {
      this.go(this.index + step);
      this.announce(this.slider.getAttribute("aria-valuetext") ?? "");
      return true;
    }
    if (event.key.toLowerCase() === "r") {
      this.setWindow(null);
      this.announce("Window as stored");
      return true;
    }
    return false;
  }
}

function sameWindow(one: Window | null, other: Window | null): boolean {
  return one?.center === other?.center && one?.width === other?.width;
}
