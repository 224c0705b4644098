/** One resource as a whole: picture or text, facts, labels; arrows go to the next one. */

import { ohifUrl, volviewUrl } from "./archive";
import { element, fill, icon } from "./element";
import { formatBytes } from "./format";
import { isWriting } from "./keys";
import { LabelEditor } from "./label_editor";
import { dayOf, iconOf, kindOf } from "./resource_list";
import { type Resource, fileUrl, isDicom, readText, resourceFrameUrl } from "./resources";

const FRAME_QUIET_MS = 60;

export interface PreviewHooks {
  /** The resources among which arrows go. */
  shown: () => readonly Resource[];
  labelled: (resources: Resource[]) => void;
  closed: (resource: Resource) => void;
}

export class ResourcePreview {
  readonly dialog: HTMLDialogElement;
  private readonly title = element("h2", { id: "preview-title" });
  private readonly place = element("span", { class: "dim small", role: "status" });
  private readonly stage = element("div", { class: "preview-stage" });
  private readonly side = element("div", { class: "preview-facts" });
  private readonly editor: LabelEditor<Resource>;
  private readonly previous = this.stepButton("Resource before", -1);
  private readonly next = this.stepButton("Resource after", 1);
  private resource: Resource | null = null;

  constructor(private readonly hooks: PreviewHooks) {
    this.editor = new LabelEditor((changed) => {
      this.resource = changed[0] ?? this.resource;
      hooks.labelled(changed);
    });
    this.dialog = element(
      "dialog",
      { class: "dialog preview", "aria-labelledby": "preview-title" },
      element(
        "div",
        { class: "preview-head" },
        this.title,
        this.place,
        this.previous,
        this.next,
        element(
          "form",
          { method: "dialog" },
          element(
            "button",
            { class: "icon-button", "aria-label": "Close", title: "Close (Esc)" },
            icon("close", 18),
          ),
        ),
      ),
      element(
        "div",
        { class: "preview-body" },
        this.stage,
        element(
          "div",
          { class: "preview-side" },
          element("h3", { class: "panel-title" }, "Labels"),
          this.editor.root,
          this.side,
        ),
      ),
    );
    this.dialog.addEventListener("close", () => {
      fill(this.stage); // A video plays no longer.
      if (this.resource !== null) hooks.closed(this.resource);
    });
    this.dialog.addEventListener("keydown", (event) => {
      if (this.press(event)) event.preventDefault();
    });
  }

  open(resource: Resource): void {
    this.show(resource);
    this.dialog.showModal();
  }

  private show(resource: Resource): void {
    this.resource = resource;
    const shown = this.hooks.shown();
    const at = shown.findIndex((one) => one.id === resource.id);
    this.title.textContent = resource.name;
    this.title.title = resource.path;
    this.place.textContent = `${at + 1} of ${shown.length}`;
    this.previous.disabled = at <= 0;
    this.next.disabled = at < 0 || at === shown.length - 1;
    this.editor.show([resource], shown);
    fill(this.side, ...facts(resource));
    fill(this.stage, ...this.content(resource));
  }

  private content(resource: Resource): HTMLElement[] {
    const { mimetype } = resource;
    if (isDicom(resource)) return frames(resource);
    if (mimetype.startsWith("image/"))
      return [picture(fileUrl(resource), `Picture ${resource.name}`, resource)];
    if (mimetype.startsWith("video/"))
      return [element("video", { src: fileUrl(resource), controls: true, preload: "metadata" })];
    if (mimetype.startsWith("text/") || mimetype === "application/json") return [words(resource)];
    return [nothing(resource)];
  }

  private stepButton(label: string, step: number): HTMLButtonElement {
    return element(
      "button",
      {
        type: "button",
        class: step < 0 ? "icon-button is-back" : "icon-button",
        "aria-label": label,
        title: `${label} (${step < 0 ? "\u2190" : "\u2192"})`,
        onclick: () => {
          this.step(step);
        },
      },
      icon("chevron", 18),
    );
  }

  private step(step: number): void {
    const shown = this.hooks.shown();
    const at = shown.findIndex((one) => one.id === this.resource?.id);
    const next = shown[at + step];
    if (at >= 0 && next !== undefined) this.show(next);
  }

  /** Do what a key means; returns whether it means anything. */
  private press(event: KeyboardEvent): boolean {
    if (isWriting(event.target) || event.target instanceof HTMLVideoElement) return false;
    const slider = this.stage.querySelector<HTMLInputElement>("input[type=range]");
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      if (event.target === slider) return false;
      this.step(event.key === "ArrowLeft" ? -1 : 1);
      return true;
    }
    if ((event.key === "ArrowUp" || event.key === "ArrowDown") && slider !== null) {
      slider.valueAsNumber += event.key === "ArrowDown" ? 1 : -1;
      slider.dispatchEvent(new Event("input"));
      return true;
    }
    return this.editor.press(event);
  }
}

/** The frames of a DICOM resource: a picture, and a slider where there are several. */
function frames(resource: Resource): HTMLElement[] {
  const image = picture(resourceFrameUrl(resource, 0), `Frame 1 of ${resource.name}`, resource);
  if (resource.frames <= 1) return [image];
  const said = element("output", { class: "small" }, `1 / ${resource.frames}`);
  let timer = 0;
  const slider = element("input", {
    type: "range",
    min: 1,
    max: resource.frames,
    value: 1,
    "aria-label": "Frame",
    oninput: () => {
      const number = slider.valueAsNumber;
      said.textContent = `${number} / ${resource.frames}`;
      clearTimeout(timer);
      timer = window.setTimeout(() => {
        const shown = image.querySelector("img");
        if (shown === null) return;
        shown.src = resourceFrameUrl(resource, number - 1);
        shown.alt = `Frame ${number} of ${resource.name}`;
      }, FRAME_QUIET_MS);
    },
  });
  return [image, element("div", { class: "preview-frames" }, slider, said)];
}

function picture(address: string, alt: string, resource: Resource): HTMLElement {
  const root: HTMLElement = element(
    "div",
    { class: "preview-picture" },
    element("img", {
      src: address,
      alt,
      onerror: () => {
        fill(root, nothing(resource));
      },
    }),
  );
  return root;
}

function words(resource: Resource): HTMLElement {
  const root = element("pre", { class: "log preview-text", tabindex: 0, "aria-label": "Text" });
  readText(resource).then(
    ({ said, isCut }) => {
      root.textContent = isCut ? `${said}\n\u2026` : said;
    },
    () => {
      root.replaceWith(nothing(resource));
    },
  );
  return root;
}

function nothing(resource: Resource): HTMLElement {
  return element(
    "div",
    { class: "preview-nothing" },
    icon(iconOf(resource), 48),
    element("p", {}, resource.note || "There is no picture of this file."),
  );
}

function facts(resource: Resource): HTMLElement[] {
  const { path, status, channel, modality, size, frames, createdMs, createdBy } = resource;
  const rows = [
    ["Path", path],
    ["Type", kindOf(resource)],
    ["Modality", modality],
    ["Frames", frames > 1 ? String(frames) : ""],
    ["Size", formatBytes(size)],
    ["Status", status],
    ["Channel", channel],
    ["Uploaded", `${dayOf(createdMs)}${createdBy === "" ? "" : ` by ${createdBy}`}`],
    ["Note", resource.note],
    ["SHA-256", resource.sha256],
    ["Id", resource.id],
  ] as const;
  const way = (address: string, title: string, name: "eye" | "cube") =>
    element(
      "a",
      { class: "button small", href: address, target: "_blank", rel: "noopener" },
      icon(name, 16),
      title,
    );
  return [
    element("h3", { class: "panel-title" }, "Facts"),
    element(
      "dl",
      { class: "facts" },
      ...rows
        .filter(([, value]) => value !== "")
        .flatMap(([name, value]) => [
          element("dt", {}, name),
          element("dd", { class: value.length > 30 && "is-long" }, value),
        ]),
    ),
    element(
      "div",
      { class: "row" },
      isDicom(resource) && way(ohifUrl(resource.study), "OHIF", "eye"),
      isDicom(resource) && way(volviewUrl(resource.study, resource.series), "VolView", "cube"),
      element(
        "a",
        { class: "button small", href: fileUrl(resource), download: "" },
        icon("download", 16),
        "Download",
      ),
    ),
  ];
}
