/** The resources that were found: rows to look at, to choose, to label. */

import { ohifUrl, volviewUrl } from "./archive";
import { readDate } from "./dicom_json";
import { element, fill, icon } from "./element";
import { count, formatBytes } from "./format";
import { downloadLink, viewerLink } from "./links";
import { type Resource, fileUrl, isDicom, smallPictureUrl } from "./resources";
import type { Selection } from "./selection";

const LABELS_SHOWN = 6;

export interface ResourceHooks {
  open: (resource: Resource) => void;
  /** One was chosen, or no more; `isRange`: all up to the one before. */
  turn: (resource: Resource, isRange: boolean) => void;
}

interface Row {
  readonly root: HTMLElement;
  readonly resource: Resource;
  readonly open: HTMLButtonElement;
  readonly box: HTMLInputElement;
}

export class ResourceList {
  readonly root = element("ul", { class: "resources", "aria-label": "Resources" });
  private rows = new Map<string, Row>();

  constructor(
    private readonly hooks: ResourceHooks,
    private readonly selection: Selection<Resource>,
  ) {
    this.root.addEventListener("keydown", (event) => {
      if (this.press(event)) event.preventDefault();
    });
  }

  /** Show resources; rows that did not change stay as they are. */
  show(resources: readonly Resource[]): void {
    const focused = this.focused?.resource.id;
    const before = this.rows;
    this.rows = new Map(
      resources.map((one) => {
        const known = before.get(one.id);
        const isSame =
          known !== undefined && JSON.stringify(known.resource) === JSON.stringify(one);
        return [one.id, isSame ? known : this.row(one)];
      }),
    );
    const roots = [...this.rows.values()].map((row) => row.root);
    if (
      roots.length !== this.root.childElementCount ||
      roots.some((root, index) => this.root.children[index] !== root)
    )
      fill(this.root, ...roots);
    if (focused !== undefined && !this.root.contains(document.activeElement))
      (this.rows.get(focused) ?? this.first)?.open.focus({ preventScroll: true });
    this.mark();
  }

  /** Show which ones are chosen. */
  mark(): void {
    for (const { root, resource, box } of this.rows.values()) {
      box.checked = this.selection.has(resource.id);
      root.classList.toggle("is-chosen", box.checked);
    }
  }

  focusFirst(): void {
    this.first?.open.focus();
  }

  focusOn(id: string): void {
    (this.rows.get(id) ?? this.first)?.open.focus();
  }

  /** The resource of the row that has the focus. */
  get current(): Resource | null {
    return this.focused?.resource ?? null;
  }

  private get first(): Row | undefined {
    return [...this.rows.values()][0];
  }

  private get focused(): Row | undefined {
    return [...this.rows.values()].find((row) => row.root.contains(document.activeElement));
  }

  private row(resource: Resource): Row {
    const box = element("input", {
      type: "checkbox",
      "aria-label": `Choose ${resource.name}`,
      onclick: (event: MouseEvent) => {
        this.hooks.turn(resource, event.shiftKey);
      },
    });
    const open = element(
      "button",
      {
        type: "button",
        class: "resource-open",
        onclick: () => {
          this.hooks.open(resource);
        },
      },
      picture(resource),
      ...columns(resource),
    );
    const root = element(
      "li",
      { class: "resource" },
      element("label", { class: "resource-box" }, box),
      open,
      acts(resource),
    );
    return { root, resource, open, box };
  }

  /** Do what a key means on a row; returns whether it means anything. */
  private press(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const rows = [...this.rows.values()];
    const index = rows.findIndex((row) => row.open === event.target || row.box === event.target);
    const row = rows[index];
    if (row === undefined) return false;
    const steps: Record<string, number> = {
      ArrowDown: index + 1,
      ArrowUp: index - 1,
      Home: 0,
      End: rows.length - 1,
    };
    const step = steps[event.key];
    if (step !== undefined) {
      const next = rows[step];
      next?.open.focus();
      if (event.shiftKey && next !== undefined && !this.selection.has(next.resource.id)) {
        if (!this.selection.has(row.resource.id)) this.hooks.turn(row.resource, false);
        this.hooks.turn(next.resource, false);
      }
    } else if (event.key === "x" || event.key === "X")
      this.hooks.turn(row.resource, event.shiftKey);
    else return false;
    return true;
  }
}

function acts(resource: Resource): HTMLElement {
  const { name, study, series } = resource;
  return element(
    "span",
    { class: "study-acts" },
    isDicom(resource) && viewerLink("eye", "OHIF", ohifUrl(study), name),
    isDicom(resource) && viewerLink("cube", "VolView", volviewUrl(study, series), name),
    downloadLink(fileUrl(resource), name),
  );
}

function picture(resource: Resource): HTMLElement {
  const place = element("span", { class: "resource-picture" }, icon(iconOf(resource), 22));
  const address = smallPictureUrl(resource);
  if (address !== "")
    fill(
      place,
      element("img", {
        src: address,
        alt: "",
        loading: "lazy",
        width: 48,
        height: 48,
        onerror: () => {
          fill(place, icon(iconOf(resource), 22));
        },
      }),
    );
  return place;
}

export function iconOf({ mimetype }: Resource): "cube" | "file" | "film" | "image" | "text" {
  if (mimetype.includes("nifti")) return "cube";
  const kind = mimetype.split("/")[0] ?? "";
  if (kind === "image") return "image";
  return kind === "video" ? "film" : kind === "text" ? "text" : "file";
}

/** Return the type of a file as people call it. */
export function kindOf({ mimetype }: Resource): string {
  if (mimetype === "application/dicom") return "DICOM";
  if (mimetype.includes("nifti")) return "NIfTI";
  const [kind = "", type = ""] = mimetype.split("/");
  return ["image", "video", "text"].includes(kind) ? type.toUpperCase() : mimetype;
}

export function badges(labels: readonly string[], most = Infinity): HTMLElement[] {
  const more = labels.length - most;
  return [
    ...labels.slice(0, most).map((one) => element("span", { class: "badge" }, one)),
    ...(more > 0 ? [element("span", { class: "dim small" }, `+${more}`)] : []),
  ];
}

/** Return a day as this person counts them: `31 Jan 2026`. */
export function dayOf(milliseconds: number): string {
  return readDate(new Date(milliseconds).toLocaleDateString("en-CA"));
}

function columns(resource: Resource): HTMLElement[] {
  const { name, path, labels, channel, modality, frames, size, createdMs } = resource;
  const facts = [kindOf(resource), frames > 1 && count(frames, "frame"), formatBytes(size)];
  const column = (key: string, label: string, main: string, more = "") =>
    element(
      "span",
      { class: `resource-${key}` },
      element("span", { class: "visually-hidden" }, `${label} `),
      element("span", { class: "study-main", title: main }, main || "\u2013"),
      more !== "" && element("span", { class: "study-more" }, more),
    );
  return [
    element(
      "span",
      { class: "resource-name" },
      element("span", { class: "study-main", title: path }, name),
      element("span", { class: "study-more" }, facts.filter(Boolean).join(" \u00b7 ")),
    ),
    element(
      "span",
      { class: "resource-labels", title: labels.join(", ") },
      element("span", { class: "visually-hidden" }, "Labels "),
      ...badges(labels, LABELS_SHOWN),
    ),
    column("channel", "Channel", channel),
    column("modality", "Modality", modality),
    column("date", "Uploaded", dayOf(createdMs)),
  ];
}
