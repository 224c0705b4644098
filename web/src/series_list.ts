/** The series found, with a picture of each. */

import { actionTitle } from "./catalogue";
import { element, fill, icon } from "./element";
import { count, formatBytes } from "./format";
import { type Found, NOTHING_FOUND, type Series, frameUrl } from "./service";

const OTHER_MAX = 50;

export class SeriesList {
  readonly root = element("section", {
    class: "panel series",
    "aria-labelledby": "series-title",
    hidden: true,
  });
  private chosen = "";
  private session = "";
  private found: Found = NOTHING_FOUND;

  constructor(private readonly choose: (series: Series) => void) {}

  get current(): Series | undefined {
    return this.found.series.find((series) => series.id === this.chosen);
  }

  show(session: string, found: Found): void {
    this.session = session;
    this.found = found;
    this.root.hidden = session === "";
    if (session === "") this.chosen = "";
    this.draw();
  }

  select(id: string): void {
    this.chosen = id;
    for (const button of this.root.querySelectorAll("button[data-id]"))
      button.setAttribute("aria-pressed", String(button.getAttribute("data-id") === id));
  }

  private draw(): void {
    const focused = document.activeElement?.getAttribute("data-id");
    const { series, other } = this.found;
    const inputs = series.filter((one) => one.kind === "input");
    const outputs = series.filter((one) => one.kind === "output");
    fill(
      this.root,
      element(
        "h2",
        { class: "panel-title", id: "series-title" },
        count(inputs.length, "series", "series"),
      ),
      inputs.length > 0 &&
        element("ul", { class: "cards" }, ...inputs.map((one) => this.card(one))),
      inputs.length === 0 && element("p", { class: "dim" }, "No images so far."),
      outputs.length > 0 && element("h3", { class: "panel-title" }, "Results"),
      outputs.length > 0 &&
        element("ul", { class: "cards" }, ...outputs.map((one) => this.card(one))),
      other.length > 0 && otherFiles(other),
    );
    if (focused)
      this.root.querySelector<HTMLElement>(`button[data-id="${CSS.escape(focused)}"]`)?.focus();
  }

  private card(series: Series): HTMLElement {
    const middle = series.slices[Math.floor((series.slices.length - 1) / 2)];
    return element(
      "li",
      {},
      element(
        "button",
        {
          type: "button",
          class: "series-card",
          "data-id": series.id,
          "aria-pressed": String(series.id === this.chosen),
          onclick: () => {
            this.choose(series);
          },
        },
        middle === undefined
          ? element("span", { class: "thumb" })
          : element("img", {
              class: "thumb",
              src: frameUrl(this.session, middle, series.window),
              alt: "",
              loading: "lazy",
              width: 60,
              height: 60,
            }),
        element(
          "span",
          { class: "series-text" },
          element("span", { class: "series-name" }, series.title),
          element(
            "span",
            { class: "series-facts" },
            element("span", { class: "badge" }, series.modality || "?"),
            series.action !== "" && element("span", { class: "badge" }, actionTitle(series.action)),
            `${series.columns} × ${series.rows}`,
          ),
          element(
            "span",
            { class: "series-facts" },
            `${count(series.slices.length, "image")} · ${formatBytes(series.size)}`,
          ),
        ),
      ),
    );
  }
}

function otherFiles(other: Found["other"]): HTMLElement {
  return element(
    "details",
    { class: "files" },
    element("summary", {}, icon("info", 16), `${count(other.length, "file")} without images`),
    element(
      "ul",
      { class: "file-list" },
      ...other
        .slice(0, OTHER_MAX)
        .map((one) =>
          element(
            "li",
            { class: "file" },
            element("span", { class: "file-name", title: one.name }, one.name),
            element("span", { class: "file-state" }, one.reason),
          ),
        ),
      other.length > OTHER_MAX &&
        element("li", { class: "dim" }, `and ${count(other.length - OTHER_MAX, "more file")}`),
    ),
  );
}
