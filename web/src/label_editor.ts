/** Labels put on and taken off by keys 1 to 9, by pointer, or written: of one resource or of many. */

import { element, fill, icon } from "./element";
import { LABEL_KEYS, type Labelled, labelsOf, shareOf, withLabel } from "./labels";
import { splitLabels } from "./resource_query";

export class LabelEditor<T extends Labelled> {
  readonly root: HTMLElement;
  private readonly toggles = element("div", {
    class: "label-toggles",
    role: "group",
    "aria-label": "Labels put on or taken off",
  });
  private readonly field = element("input", {
    class: "field",
    "aria-label": "New label",
    placeholder: "New label",
    autocomplete: "off",
    spellcheck: "false",
    maxlength: 256,
  });
  private labelled: readonly T[] = [];
  private offered: string[] = [];

  /** `changed` hears of those that got other labels. */
  constructor(private readonly changed: (labelled: T[]) => void) {
    this.root = element(
      "form",
      {
        class: "label-editor",
        onsubmit: (event: SubmitEvent) => {
          event.preventDefault();
          this.write();
        },
      },
      this.toggles,
      element(
        "div",
        { class: "label-new" },
        this.field,
        element("button", { class: "button", "aria-label": "Add the label" }, icon("plus", 18)),
      ),
      element(
        "p",
        { class: "dim small" },
        "Keys 1 to 9 put a label on or take it off; L writes one.",
      ),
    );
  }

  /** Show the labels of these, beside others that are offered. */
  show(labelled: readonly T[], others: readonly Labelled[]): void {
    this.labelled = labelled;
    this.offer(labelsOf(labelled, others));
    this.draw();
  }

  focus(): void {
    this.field.focus();
  }

  /** Do what a key means; returns whether it means anything. */
  press(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.key === "l") {
      this.field.focus();
      return true;
    }
    const label = /^[1-9]$/.test(event.key) ? this.offered[Number(event.key) - 1] : undefined;
    if (label === undefined) return false;
    this.turn(label);
    return true;
  }

  /** Offer more labels; those before keep their keys. */
  private offer(labels: readonly string[]): void {
    this.offered = [...new Set([...this.offered, ...labels])];
  }

  private write(): void {
    for (const label of splitLabels(this.field.value)) this.apply(label, true);
    this.field.value = "";
  }

  private turn(label: string): void {
    this.apply(label, shareOf(label, this.labelled) !== "all");
  }

  private apply(label: string, isWanted: boolean): void {
    const touched = this.labelled.filter((one) => one.labels.includes(label) !== isWanted);
    const ids = new Set(touched.map((one) => one.id));
    const changed: T[] = [];
    this.labelled = this.labelled.map((one) => {
      if (!ids.has(one.id)) return one;
      const made = { ...one, labels: withLabel(one.labels, label, isWanted) };
      changed.push(made);
      return made;
    });
    this.offer([label]);
    this.draw();
    if (changed.length > 0) this.changed(changed);
  }

  private draw(): void {
    const focused = document.activeElement?.getAttribute("data-label");
    fill(this.toggles, ...this.offered.map((label, index) => this.toggle(label, index)));
    if (this.offered.length === 0)
      fill(this.toggles, element("p", { class: "dim small" }, "No labels yet."));
    for (const button of this.toggles.querySelectorAll<HTMLElement>("[data-label]"))
      if (focused !== undefined && button.dataset.label === focused) button.focus();
  }

  private toggle(label: string, index: number): HTMLElement {
    const share = shareOf(label, this.labelled);
    const key = index < LABEL_KEYS && String(index + 1);
    return element(
      "button",
      {
        type: "button",
        class: "label-toggle",
        "data-label": label,
        "aria-pressed": { all: "true", some: "mixed", none: "false" }[share],
        "aria-keyshortcuts": key,
        onclick: () => {
          this.turn(label);
        },
      },
      key !== false && element("kbd", { "aria-hidden": "true" }, key),
      element("span", {}, label),
      share === "all" && icon("check", 16),
      share === "some" && element("span", { class: "dim small" }, "some"),
    );
  }
}
