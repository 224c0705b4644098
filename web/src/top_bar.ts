/** The bar at the top: name, time to go, help, colours, end of the session. */

import { element, fill, icon } from "./element";
import { formatClock, formatWait } from "./format";
import { themeSwitch } from "./theme";

const SOON_MS = 10 * 60_000;
const VERY_SOON_MS = 60_000;

export class TopBar {
  readonly root: HTMLElement;
  readonly help: HTMLDialogElement = helpDialog();
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
  ) {
    this.end = element(
      "button",
      { type: "button", class: "button quiet", hidden: true, onclick: hooks.ended },
      icon("close", 16),
      element("span", {}, "End and delete"),
    );
    const helpButton = element(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": "Keyboard shortcuts",
        title: "Keyboard shortcuts (?)",
        onclick: () => {
          this.help.showModal();
        },
      },
      icon("keyboard"),
    );
    this.root = element(
      "header",
      { class: "bar" },
      element("span", { class: "brand" }, mark(), element("h1", {}, "Isocenter")),
      element("span", { class: "spacer" }),
      this.clock,
      this.end,
      helpButton,
      themeSwitch(),
    );
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

function mark(): SVGSVGElement {
  const space = "http://www.w3.org/2000/svg";
  const drawing = document.createElementNS(space, "svg");
  drawing.setAttribute("viewBox", "0 0 32 32");
  drawing.setAttribute("class", "mark");
  drawing.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", "M16 24a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM16 3v7M16 22v7M3 16h7M22 16h7");
  const dot = document.createElementNS(space, "circle");
  for (const [name, value] of [
    ["cx", "16"],
    ["cy", "16"],
    ["r", "2.6"],
  ] as const)
    dot.setAttribute(name, value);
  drawing.append(path, dot);
  return drawing;
}

const KEYS: readonly (readonly [string, string])[] = [
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

function helpDialog(): HTMLDialogElement {
  const dialog = element(
    "dialog",
    { class: "dialog", "aria-labelledby": "help-title" },
    element("h2", { id: "help-title" }, "Keyboard"),
    element(
      "dl",
      { class: "keys" },
      ...KEYS.flatMap(([keys, meaning]) => [
        element("dt", {}, element("kbd", {}, keys)),
        element("dd", {}, meaning),
      ]),
    ),
    element(
      "p",
      { class: "dim" },
      "With the mouse: drag in the image for window and level, scroll for slices.",
    ),
    element("form", { method: "dialog" }, element("button", { class: "button primary" }, "Close")),
  );
  return dialog;
}

/** Ask before something that cannot be undone; true: do it. */
export function confirmed(title: string, text: string, yes: string): Promise<boolean> {
  const dialog = element(
    "dialog",
    { class: "dialog", "aria-labelledby": "confirm-title", "aria-describedby": "confirm-text" },
    element("h2", { id: "confirm-title" }, title),
    element("p", { id: "confirm-text" }, text),
    element(
      "form",
      { method: "dialog", class: "row end" },
      element("button", { class: "button", value: "" }, "Keep"),
      element("button", { class: "button danger", value: "yes" }, yes),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}
