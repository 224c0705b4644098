/** The bar of the session page: beside what every bar has, time to go and the end. */

import { type Shortcut, helpDialog, pageBar } from "./bar";
import { element, fill, icon } from "./element";
import { formatClock, formatWait } from "./format";

const SOON_MS = 10 * 60_000;
const VERY_SOON_MS = 60_000;

export class TopBar {
  readonly root: HTMLElement;
  readonly help = helpDialog(
    KEYS,
    "With the mouse: drag in the image for window and level, scroll for slices.",
  );
  private readonly clock = element("span", { class: "clock", hidden: true });
  private readonly end: HTMLButtonElement;
  private expiresMs = 0;
  private warned = 0;

  constructor(
    private readonly hooks: {
      ended: () => void;
      expired: () => void;
      warn: (text: string) => void;
    },
    account: HTMLElement,
  ) {
    this.end = element(
      "button",
      { type: "button", class: "button quiet", hidden: true, onclick: hooks.ended },
      icon("close", 16),
      element("span", {}, "End and delete"),
    );
    this.root = pageBar("session", this.help, account, this.clock, this.end);
    setInterval(() => {
      this.tick();
    }, 1000);
  }

  /** Count down to the end of a session; 0: there is none. */
  session(expiresMs: number): void {
    this.expiresMs = expiresMs;
    this.warned = 0;
    this.end.hidden = expiresMs === 0;
    this.tick();
  }

  private tick(): void {
    this.clock.hidden = this.expiresMs === 0;
    if (this.expiresMs === 0) return;
    const left = this.expiresMs - Date.now();
    fill(this.clock, icon("clock", 16), element("span", {}, formatClock(left)));
    this.clock.title = "Then all files of this session are deleted from the server";
    this.clock.classList.toggle("is-soon", left < SOON_MS);
    for (const mark of [SOON_MS, VERY_SOON_MS])
      if (
        left > 0 &&
        left < mark &&
        this.warned !== mark &&
        (this.warned === 0 || this.warned > mark)
      ) {
        this.warned = mark;
        this.hooks.warn(`All files of this session are deleted in ${formatWait(left)}.`);
      }
    if (left <= 0) {
      this.expiresMs = 0;
      this.hooks.expired();
    }
  }
}

const KEYS: readonly Shortcut[] = [
  ["O", "Choose files"],
  ["Shift O", "Choose a folder"],
  ["↑ ↓", "Slice before, slice after (in the image)"],
  ["Page ↑ ↓", "Ten slices at once"],
  ["Home, End", "First slice, last slice"],
  ["Shift ↑ ↓", "Brighter, darker"],
  ["Shift ← →", "Less contrast, more contrast"],
  ["R", "Window as stored"],
  ["?", "This help"],
];
