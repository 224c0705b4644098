/** One dataset: what it is now, how it is divided, and its versions, which never change. */

import {
  type Dataset,
  type Version,
  countSplits,
  listVersions,
  makeVersion,
  splitDataset,
  versionUrl,
} from "./datasets";
import { element, fill, icon } from "./element";
import { count, formatBytes } from "./format";
import { downloadLink } from "./links";
import { resourceProblemOf } from "./problems";
import { dayOf } from "./resource_list";
import { type Split, USUAL_SPLITS, fractionsOf } from "./shares";

const DIGEST_SHOWN = 12;

export interface CardHooks {
  addTo: (dataset: Dataset) => void;
  remove: (dataset: Dataset) => void;
  /** It is other than it was. */
  changed: (said: string) => void;
  fail: (error: unknown) => void;
}

export class DatasetCard {
  readonly root: HTMLElement;
  readonly open: HTMLButtonElement;
  private readonly body: HTMLElement;

  constructor(
    readonly dataset: Dataset,
    private readonly hooks: CardHooks,
  ) {
    const { id, name, description, resources, version, updatedMs } = dataset;
    this.body = element("div", {
      class: "study-body",
      id: `dataset-${id}`,
      role: "region",
      "aria-label": `Dataset ${name}`,
      hidden: true,
    });
    this.open = element(
      "button",
      {
        type: "button",
        class: "study-open dataset-open",
        "aria-expanded": "false",
        "aria-controls": this.body.id,
        onclick: () => {
          this.toggle();
        },
      },
      icon("chevron", 16),
      element(
        "span",
        { class: "resource-name" },
        element("span", { class: "study-main", title: name }, name),
        description !== "" &&
          element("span", { class: "study-more", title: description }, description),
      ),
      element("span", {}, count(resources, "resource")),
      element("span", {}, version === 0 ? "No version" : `Version ${version}`),
      element("span", {}, dayOf(updatedMs)),
    );
    this.root = element(
      "li",
      { class: "study dataset" },
      element(
        "div",
        { class: "study-row" },
        this.open,
        element(
          "span",
          { class: "study-acts" },
          this.act("plus", `Add resources to ${name}`, "Add resources", hooks.addTo),
          this.act("trash", `Delete the dataset ${name}`, "Delete", hooks.remove),
        ),
      ),
      this.body,
    );
  }

  get isOpen(): boolean {
    return !this.body.hidden;
  }

  /** Be as open as another card was, with what it showed until the newest is here. */
  follow(before: DatasetCard): void {
    if (!before.isOpen) return;
    this.body.append(...before.body.children);
    this.toggle(true);
    void this.load();
  }

  toggle(wanted = !this.isOpen): void {
    this.open.setAttribute("aria-expanded", String(wanted));
    this.body.hidden = !wanted;
    if (wanted && this.body.childElementCount === 0) void this.load();
  }

  private act(
    name: "plus" | "trash",
    label: string,
    title: string,
    run: (dataset: Dataset) => void,
  ): HTMLElement {
    return element(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": label,
        title,
        onclick: () => {
          run(this.dataset);
        },
      },
      icon(name, 18),
    );
  }

  private async load(): Promise<void> {
    if (this.body.childElementCount === 0)
      fill(this.body, element("div", { class: "dataset-body is-waiting", "aria-busy": "true" }));
    try {
      const [splits, versions] = await Promise.all([
        countSplits(this.dataset),
        listVersions(this.dataset.id),
      ]);
      const focused = document.activeElement?.id ?? "";
      fill(
        this.body,
        element("div", { class: "dataset-body" }, this.versions(versions), this.splits(splits)),
      );
      if (focused !== "") document.getElementById(focused)?.focus();
    } catch (error) {
      const problem = resourceProblemOf(error);
      fill(
        this.body,
        element(
          "p",
          { class: "trouble", role: "alert" },
          icon("alert", 18),
          element("span", {}, `${problem.title}. ${problem.advice} `),
          element(
            "button",
            { type: "button", class: "button small", onclick: () => void this.load() },
            "Try again",
          ),
        ),
      );
    }
  }

  private versions(versions: readonly Version[]): HTMLElement {
    const { id, name, version, nextVersion, resources } = this.dataset;
    const isSame = version === nextVersion;
    const bar = element("progress", {
      class: "progress",
      max: 1,
      value: 0,
      "aria-label": `Making version ${nextVersion} of ${name}`,
      hidden: true,
    });
    const button = element(
      "button",
      {
        type: "button",
        class: "button small",
        id: `make-${id}`,
        disabled: isSame || resources === 0,
        onclick: () => {
          button.disabled = true;
          bar.hidden = false;
          const made = makeVersion(id, (done, total) => {
            bar.value = total > 0 ? done / total : 0;
          });
          made.then(
            () => {
              // The button is not there any more for whoever pressed it.
              if (document.activeElement === document.body) this.open.focus();
              this.hooks.changed(`Version ${nextVersion} of ${name} is made.`);
            },
            (error: unknown) => {
              bar.hidden = true;
              button.disabled = false;
              this.hooks.fail(error);
            },
          );
        },
      },
      icon("layers", 16),
      `Make version ${isSame ? version + 1 : nextVersion}`,
    );
    return element(
      "section",
      { class: "dataset-part", "aria-label": "Versions" },
      element(
        "div",
        { class: "row" },
        element("h3", { class: "panel-title" }, "Versions"),
        element("span", { class: "spacer" }),
        button,
      ),
      element("div", { class: "bar-place" }, bar),
      element(
        "p",
        { class: "dim small" },
        resources === 0
          ? "There is nothing in this dataset yet."
          : isSame
            ? `Nothing changed since version ${version}.`
            : version === 0
              ? "A version never changes: what was learned from it can be learned again."
              : `Resources, labels or splits changed since version ${version}.`,
      ),
      versions.length > 0 && this.table(versions),
    );
  }

  private table(versions: readonly Version[]): HTMLElement {
    const heads = ["Version", "Made", "Resources", "Splits", "Size", "SHA-256", "Download"];
    return element(
      "div",
      { class: "table-place", tabindex: 0, role: "group", "aria-label": "Table of versions" },
      element(
        "table",
        { class: "versions" },
        element(
          "thead",
          {},
          element("tr", {}, ...heads.map((head) => element("th", { scope: "col" }, head))),
        ),
        element("tbody", {}, ...versions.map((version) => this.version(version))),
      ),
    );
  }

  private version(one: Version): HTMLElement {
    const { version, createdMs, resources, splits, size, sha256 } = one;
    return element(
      "tr",
      {},
      element("th", { scope: "row" }, String(version)),
      element("td", {}, dayOf(createdMs)),
      element("td", {}, resources.toLocaleString("en-US")),
      element("td", {}, words(splits) || "\u2013"),
      element("td", {}, formatBytes(size)),
      element("td", {}, element("code", { title: sha256 }, sha256.slice(0, DIGEST_SHOWN))),
      element(
        "td",
        {},
        downloadLink(versionUrl(one), `version ${version} of ${this.dataset.name}`, " as zip"),
      ),
    );
  }

  private splits(splits: readonly Split[]): HTMLElement {
    const { id, resources } = this.dataset;
    const without = resources - splits.reduce((sum, one) => sum + one.count, 0);
    const field = (name: string, label: string, value: number, most: number) =>
      element("input", {
        type: "number",
        class: "field",
        id: `${name}-${id}`,
        "aria-label": label,
        min: 0,
        max: most,
        step: "any",
        value,
        required: true,
      });
    const percents = USUAL_SPLITS.map(
      ([name, percent]) => [name, field(name, `Percent of ${name}`, percent, 100)] as const,
    );
    const seed = field("seed", "Seed", 0, 4_294_967_295);
    seed.step = "1";
    const trouble = element("p", { class: "trouble-text small", role: "alert" });
    const button = element(
      "button",
      { class: "button small", id: `split-${id}`, disabled: resources === 0 },
      icon("split", 16),
      "Split",
    );
    const labelled = (title: string, input: HTMLElement) =>
      element("div", {}, element("label", { for: input.id }, title), input);
    return element(
      "section",
      { class: "dataset-part", "aria-label": "Splits" },
      element("h3", { class: "panel-title" }, "Splits"),
      element(
        "p",
        { class: "small split-now" },
        [words(splits), without > 0 && `${without.toLocaleString("en-US")} in none`]
          .filter(Boolean)
          .join(", ") || "Nothing to split.",
      ),
      element(
        "form",
        {
          class: "split-form",
          onsubmit: (event: SubmitEvent) => {
            event.preventDefault();
            const given = percents.map(([name, input]) => [name, input.valueAsNumber] as const);
            const fractions = fractionsOf(Object.fromEntries(given));
            trouble.textContent = fractions === null ? "The percents must be 100 together." : "";
            if (fractions !== null) void this.split(fractions, seed.valueAsNumber);
          },
        },
        element(
          "div",
          { class: "fields" },
          ...percents.map(([name, input]) => labelled(`${name} %`, input)),
          labelled("Seed", seed),
        ),
        trouble,
        element(
          "div",
          { class: "row" },
          button,
          element(
            "span",
            { class: "dim small" },
            "All resources of a patient come into the same part; the same seed gives the same parts.",
          ),
        ),
      ),
    );
  }

  private async split(fractions: Record<string, number>, seed: number): Promise<void> {
    try {
      await splitDataset(this.dataset.id, fractions, seed);
      this.hooks.changed(`${this.dataset.name} is split.`);
    } catch (error) {
      this.hooks.fail(error);
    }
  }
}

function words(splits: readonly Split[]): string {
  return splits.map(({ name, count }) => `${name} ${count.toLocaleString("en-US")}`).join(", ");
}
