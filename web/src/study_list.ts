/** The studies that were found: rows that open to their series. */

import {
  type Series,
  type Study,
  findSeries,
  ohifUrl,
  thumbnailUrl,
  volviewUrl,
  zipUrl,
} from "./archive";
import { readDate, readTime } from "./dicom_json";
import { element, fill, icon } from "./element";
import { count } from "./format";
import { downloadLink, viewerLink } from "./links";
import { archiveProblemOf } from "./problems";

/** What has no picture, so that none is asked for. */
const WITHOUT_PICTURE = new Set(
  "AU DOC ECG EPS HD KO PLAN PR REG RTPLAN RTRECORD RTSTRUCT SR".split(" "),
);

export interface StudyHooks {
  /** Asks, and deletes a study, or one series of it. */
  remove: (study: Study, series: Series | null) => void;
}

interface Row {
  readonly root: HTMLElement;
  readonly study: Study;
  readonly open: HTMLButtonElement;
  readonly body: HTMLElement;
}

export class StudyList {
  readonly root = element("ul", { class: "studies" });
  private rows = new Map<string, Row>();

  constructor(private readonly hooks: StudyHooks) {
    this.root.addEventListener("keydown", (event) => {
      if (this.press(event)) event.preventDefault();
    });
  }

  /** Show studies; rows that did not change stay as they are, also open ones. */
  show(studies: readonly Study[]): void {
    const focused = this.root.contains(document.activeElement)
      ? document.activeElement?.closest<HTMLElement>("[data-uid]")?.dataset.uid
      : undefined;
    const before = this.rows;
    this.rows = new Map(
      studies.map((study) => {
        const known = before.get(study.uid);
        const isSame = known !== undefined && same(known.study, study);
        const row = isSame ? known : this.row(study);
        if (!isSame && known?.open.ariaExpanded === "true") {
          row.body.append(...known.body.children);
          this.toggle(row, true);
          void this.load(row);
        }
        return [study.uid, row];
      }),
    );
    const roots = [...this.rows.values()].map((row) => row.root);
    if (roots.some((root, index) => this.root.children[index] !== root) || roots.length === 0)
      fill(this.root, ...roots);
    while (this.root.children.length > roots.length) this.root.lastElementChild?.remove();
    if (focused !== undefined && !this.root.contains(document.activeElement))
      (this.rows.get(focused)?.open ?? this.first)?.focus({ preventScroll: true });
  }

  focusFirst(): void {
    this.first?.focus();
  }

  private get first(): HTMLButtonElement | undefined {
    return [...this.rows.values()][0]?.open;
  }

  private row(study: Study): Row {
    const { uid } = study;
    const body = element("div", {
      class: "study-body",
      id: `series-${uid}`,
      role: "region",
      "aria-label": `Series of ${nameOf(study)}`,
      hidden: true,
    });
    const open = element(
      "button",
      {
        type: "button",
        class: "study-open",
        "aria-expanded": "false",
        "aria-controls": body.id,
        onclick: () => {
          this.toggle(row);
        },
      },
      icon("chevron", 16),
      ...columns(study),
    );
    const root = element(
      "li",
      { class: "study", "data-uid": uid },
      element("div", { class: "study-row" }, open, this.acts(study)),
      body,
    );
    const row: Row = { root, study, open, body };
    return row;
  }

  private acts(study: Study): HTMLElement {
    const name = nameOf(study);
    return element(
      "span",
      { class: "study-acts" },
      viewerLink("eye", "OHIF", ohifUrl(study.uid), name),
      viewerLink("cube", "VolView", volviewUrl(study.uid), name),
      downloadLink(zipUrl(study.uid), name, " as zip"),
      this.removeButton(`Delete the study of ${name}`, study, null),
    );
  }

  private removeButton(label: string, study: Study, series: Series | null): HTMLElement {
    return element(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": label,
        title: "Delete",
        onclick: () => {
          this.hooks.remove(study, series);
        },
      },
      icon("trash", 18),
    );
  }

  private toggle(row: Row, wanted = row.open.ariaExpanded !== "true"): void {
    row.open.setAttribute("aria-expanded", String(wanted));
    row.body.hidden = !wanted;
    if (wanted && row.body.childElementCount === 0) void this.load(row);
  }

  private async load(row: Row): Promise<void> {
    if (row.body.childElementCount === 0) fill(row.body, waiting(row.study.series));
    try {
      const series = await findSeries(row.study.uid);
      fill(
        row.body,
        element("ul", { class: "series-tiles" }, ...series.map((one) => this.tile(row.study, one))),
      );
    } catch (error) {
      const problem = archiveProblemOf(error);
      fill(
        row.body,
        element(
          "p",
          { class: "trouble", role: "alert" },
          icon("alert", 18),
          element("span", {}, `${problem.title}. ${problem.advice} `),
          element(
            "button",
            { type: "button", class: "button small", onclick: () => void this.load(row) },
            "Try again",
          ),
        ),
      );
    }
  }

  private tile(study: Study, series: Series): HTMLElement {
    const title = series.description || `Series ${series.number || "without a number"}`;
    const image = element("span", { class: "tile-picture" }, icon("file", 26));
    if (!WITHOUT_PICTURE.has(series.modality))
      fill(
        image,
        element("img", {
          src: thumbnailUrl(study.uid, series.uid),
          alt: "",
          loading: "lazy",
          width: 96,
          height: 96,
          onerror: () => {
            fill(image, icon("file", 26));
          },
        }),
      );
    return element(
      "li",
      { class: "series-tile", "data-uid": series.uid },
      image,
      element(
        "div",
        { class: "tile-text" },
        element("strong", { class: "tile-title", title }, title),
        element(
          "span",
          { class: "dim small" },
          element("span", { class: "badge" }, series.modality || "?"),
          ` ${count(series.instances, "instance")}`,
        ),
        element(
          "span",
          { class: "tile-acts" },
          viewerLink("cube", "VolView", volviewUrl(study.uid, series.uid), title),
          downloadLink(zipUrl(study.uid, series.uid), title, " as zip"),
          this.removeButton(`Delete the series ${title}`, study, series),
        ),
      ),
    );
  }

  /** Do what a key means on a row; returns whether it means anything. */
  private press(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false;
    const rows = [...this.rows.values()];
    const index = rows.findIndex((row) => row.open === event.target);
    const row = rows[index];
    if (row === undefined) return false;
    const steps: Record<string, number> = {
      ArrowDown: index + 1,
      ArrowUp: index - 1,
      Home: 0,
      End: rows.length - 1,
    };
    const step = steps[event.key];
    if (step !== undefined) rows[step]?.open.focus();
    else if (event.key === "ArrowRight") this.toggle(row, true);
    else if (event.key === "ArrowLeft") this.toggle(row, false);
    else if (event.key === "Delete") this.hooks.remove(row.study, null);
    else return false;
    return true;
  }
}

/** Return places as high as what comes, so that the rows below move once. */
function waiting(series: number): HTMLElement {
  const places = Array.from({ length: Math.min(series, 100) }, () =>
    element("li", { class: "series-tile is-waiting" }),
  );
  return element("ul", { class: "series-tiles", "aria-busy": "true" }, ...places);
}

/** Return how a study is called in sentences. */
export function nameOf(study: Study): string {
  return study.patient.name || study.patientId || "a patient without a name";
}

function columns(study: Study): HTMLElement[] {
  const { patient, patientId, birthDate, sex, date, time, modalities } = study;
  const column = (name: string, main: string, more = "", label = "") =>
    element(
      "span",
      { class: `study-${name}` },
      label !== "" && element("span", { class: "visually-hidden" }, label),
      element("span", { class: "study-main", title: main }, main || "\u2013"),
      more !== "" && element("span", { class: "study-more", title: more }, more),
    );
  const person = [patientId, sex, birthDate && `born ${readDate(birthDate)}`].filter(Boolean);
  return [
    element(
      "span",
      { class: "study-patient" },
      element(
        "span",
        { class: "study-main", title: patient.name },
        patient.name || "No name",
        patient.other !== "" && element("span", { class: "study-other" }, patient.other),
      ),
      element(
        "span",
        { class: "study-more", title: person.join(" \u00b7 ") },
        person.join(" \u00b7 "),
      ),
    ),
    column("date", readDate(date), readTime(time), "Date "),
    element(
      "span",
      { class: "study-modalities" },
      element("span", { class: "visually-hidden" }, "Modalities "),
      ...modalities.slice(0, 4).map((one) => element("span", { class: "badge" }, one)),
    ),
    column("description", study.description, study.accession, "Description "),
    column("size", count(study.series, "series", "series"), count(study.instances, "instance")),
  ];
}

function same(one: Study, other: Study): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
