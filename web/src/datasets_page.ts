/** The page of datasets: made from what resources have in common, split, frozen, downloaded. */

import { Account } from "./account";
import { Announcer } from "./announce";
import { confirmed, helpDialog, pageBar } from "./bar";
import { DatasetCard } from "./dataset_card";
import { askMore, askNewDataset } from "./dataset_dialogs";
import { type Dataset, addToDataset, createDataset, listDatasets, removeDataset } from "./datasets";
import { element, fill, icon } from "./element";
import { count } from "./format";
import { isWriting } from "./keys";
import { Notices } from "./notices";
import { resourceProblemOf } from "./problems";
import { ROOT } from "./requests";
import { listChannels } from "./resources";

const KEYS = [
  ["N", "New dataset"],
  ["\u2191 \u2193", "Dataset before, dataset after"],
  ["\u2192 \u2190", "Open a dataset, close it"],
  ["Delete", "Delete a dataset, after asking"],
  ["?", "This help"],
] as const;

export class DatasetsPage {
  private readonly announcer = new Announcer();
  private readonly notices = new Notices(this.announcer.alarm);
  private readonly account = new Account((problem, act) => {
    this.notices.problem(problem, act);
  });
  private readonly help = helpDialog(KEYS, "Single resources are added on the page of resources.");
  private readonly list = element("ul", { class: "studies", "aria-label": "Datasets" });
  private readonly said = element("span", { class: "dim", role: "status" });
  private readonly hint = element("p", { class: "dim small hint" });
  private readonly empty = element("div", { class: "studies-empty", hidden: true });
  private readonly main: HTMLElement;
  private cards = new Map<string, DatasetCard>();

  constructor() {
    this.list.addEventListener("keydown", (event) => {
      if (this.press(event)) event.preventDefault();
    });
    this.main = element(
      "main",
      { id: "main", tabindex: -1, class: "archive" },
      element(
        "div",
        { class: "archive-head" },
        element("h2", {}, "Datasets"),
        this.said,
        element("span", { class: "spacer" }),
        this.newButton(false),
      ),
      this.hint,
      element(
        "section",
        { class: "panel archive-list", "aria-label": "Datasets" },
        this.list,
        this.empty,
      ),
    );
  }

  async start(): Promise<void> {
    document.body.append(
      element("a", { class: "skip", href: "#main" }, "Skip to content"),
      pageBar("datasets", this.help, this.account.root),
      this.main,
      element("div", { class: "dock" }, this.notices.root),
      this.announcer.root,
      this.help,
    );
    addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
      if (document.querySelector("dialog[open]") !== null) return;
      if (event.key === "?") this.help.showModal();
      else if (event.key === "n") {
        event.preventDefault();
        void this.create();
      }
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") void this.look();
    });
    await this.account.start();
    const { isSignedIn, name } = this.account.who;
    this.hint.textContent = isSignedIn
      ? `Datasets of ${name}`
      : "Datasets of this browser alone. Sign in to see those of an account.";
    await this.look();
  }

  /** Show what there is now; cards that did not change stay as they are, also open ones. */
  private async look(): Promise<void> {
    this.main.setAttribute("aria-busy", "true");
    try {
      const datasets = await listDatasets();
      const before = this.cards;
      const focused = [...before.values()].find((card) =>
        card.root.contains(document.activeElement),
      );
      const focusedId = document.activeElement?.id ?? "";
      this.cards = new Map(
        datasets.map((dataset) => {
          const known = before.get(dataset.id);
          if (known !== undefined && JSON.stringify(known.dataset) === JSON.stringify(dataset))
            return [dataset.id, known];
          const card = this.card(dataset);
          if (known !== undefined) card.follow(known);
          return [dataset.id, card];
        }),
      );
      const roots = [...this.cards.values()].map((card) => card.root);
      if (
        roots.some((root, at) => this.list.children[at] !== root) ||
        roots.length !== this.list.childElementCount
      )
        fill(this.list, ...roots);
      if (focused !== undefined && !focused.root.contains(document.activeElement))
        (document.getElementById(focusedId) ?? this.cards.get(focused.dataset.id)?.open)?.focus();
      this.said.textContent = datasets.length > 0 ? count(datasets.length, "dataset") : "";
      this.empty.hidden = datasets.length > 0;
      if (datasets.length === 0) fill(this.empty, ...this.teach());
    } catch (error) {
      this.notices.problem(resourceProblemOf(error), {
        title: "Try again",
        run: () => void this.look(),
      });
    } finally {
      this.main.removeAttribute("aria-busy");
    }
  }

  private card(dataset: Dataset): DatasetCard {
    return new DatasetCard(dataset, {
      addTo: (one) => void this.addTo(one),
      remove: (one) => void this.remove(one),
      changed: (said) => {
        this.announcer.say(said);
        void this.look();
      },
      fail: (error) => {
        this.notices.problem(resourceProblemOf(error));
      },
    });
  }

  private newButton(isPrimary: boolean): HTMLElement {
    return element(
      "button",
      {
        type: "button",
        class: isPrimary ? "button primary" : "button",
        onclick: () => void this.create(),
      },
      icon("plus", 18),
      "New dataset",
    );
  }

  private teach(): HTMLElement[] {
    return [
      element("div", { class: "dropzone-icon" }, icon("layers", 44)),
      element("h3", {}, "Collect resources to learn from"),
      element(
        "p",
        { class: "lead" },
        "By channel, labels and status; or choose single ones among the ",
        element("a", { class: "link inline", href: `${ROOT}app/resources` }, "resources"),
        ".",
      ),
      this.newButton(true),
    ];
  }

  private async create(): Promise<void> {
    await this.change(async () => {
      const said = await askNewDataset(await listChannels());
      if (said === null) return;
      const made = await createDataset(said.name, said.description, said.choice);
      this.announcer.say(`${made.name} is made, with ${count(made.resources, "resource")}.`);
    });
  }

  private async addTo(dataset: Dataset): Promise<void> {
    await this.change(async () => {
      const choice = await askMore(dataset.name, await listChannels());
      if (choice !== null) await addToDataset(dataset.id, choice);
    });
  }

  private async remove(dataset: Dataset): Promise<void> {
    const isSure = await confirmed(
      "Delete this dataset?",
      `${dataset.name} is deleted for good, with all its versions. Its resources stay.`,
      "Delete",
    );
    if (!isSure) return;
    await this.change(async () => {
      await removeDataset(dataset.id);
      this.announcer.say(`${dataset.name} is deleted.`);
    });
  }

  private async change(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.notices.problem(resourceProblemOf(error));
    }
    await this.look();
  }

  /** Do what a key means on a row; returns whether it means anything. */
  private press(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false;
    const cards = [...this.cards.values()];
    const index = cards.findIndex((card) => card.open === event.target);
    const card = cards[index];
    if (card === undefined) return false;
    const steps: Record<string, number> = {
      ArrowDown: index + 1,
      ArrowUp: index - 1,
      Home: 0,
      End: cards.length - 1,
    };
    const step = steps[event.key];
    if (step !== undefined) cards[step]?.open.focus();
    else if (event.key === "ArrowRight") card.toggle(true);
    else if (event.key === "ArrowLeft") card.toggle(false);
    else if (event.key === "Delete") void this.remove(card.dataset);
    else return false;
    return true;
  }
}
