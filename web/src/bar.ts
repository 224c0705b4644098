/** What every page has at its top: name, ways to the other pages, account, help, colours. */

import { element, icon } from "./element";
import { ROOT } from "./requests";
import { themeSwitch } from "./theme";

export type Shortcut = readonly [keys: string, meaning: string];

const PAGES = [
  ["session", "app", "Session"],
  ["studies", "app/studies", "Studies"],
  ["resources", "app/resources", "Resources"],
  ["datasets", "app/datasets", "Datasets"],
] as const;

export type PageName = (typeof PAGES)[number][0];

/** Return the bar; `middle` is the page's own. */
export function pageBar(
  current: PageName,
  help: HTMLDialogElement,
  account: HTMLElement,
  ...middle: HTMLElement[]
): HTMLElement {
  return element(
    "header",
    { class: "bar" },
    element("span", { class: "brand" }, mark(), element("h1", {}, "Isocenter")),
    element(
      "nav",
      { class: "pages", "aria-label": "Pages" },
      ...PAGES.map(([page, path, title]) =>
        element(
          "a",
          { class: "page", href: ROOT + path, "aria-current": page === current && "page" },
          title,
        ),
      ),
    ),
    element("span", { class: "spacer" }),
    ...middle,
    account,
    element(
      "button",
      {
        type: "button",
        class: "icon-button for-keyboards",
        "aria-label": "Keyboard shortcuts",
        title: "Keyboard shortcuts (?)",
        onclick: () => {
          help.showModal();
        },
      },
      icon("keyboard"),
    ),
    themeSwitch(),
  );
}

/** Return the dialog that tells the keys. */
export function helpDialog(keys: readonly Shortcut[], more: string): HTMLDialogElement {
  return element(
    "dialog",
    { class: "dialog", "aria-labelledby": "help-title" },
    element("h2", { id: "help-title" }, "Keyboard"),
    element(
      "dl",
      { class: "keys" },
      ...keys.flatMap(([keys, meaning]) => [
        element("dt", {}, element("kbd", {}, keys)),
        element("dd", {}, meaning),
      ]),
    ),
    element("p", { class: "dim" }, more),
    element("form", { method: "dialog" }, element("button", { class: "button primary" }, "Close")),
  );
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

/** Ask before something that cannot be undone; true: do it. */
export function confirmed(title: string, text: string, yes: string, no = "Keep"): Promise<boolean> {
  const dialog = element(
    "dialog",
    { class: "dialog", "aria-labelledby": "confirm-title", "aria-describedby": "confirm-text" },
    element("h2", { id: "confirm-title" }, title),
    element("p", { id: "confirm-text" }, text),
    element(
      "form",
      { method: "dialog", class: "row end" },
      element("button", { class: "button", value: "" }, no),
      element(
        "button",
        { class: no === "Keep" ? "button danger" : "button primary", value: "yes" },
        yes,
      ),
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
