/** What a dataset is made from, asked in a form that counts what fits while somebody chooses. */

import type { Choice } from "./datasets";
import { element, fill } from "./element";
import { choice } from "./fields";
import { count } from "./format";
import { asked } from "./resource_dialogs";
import { ANY_STATUS, NO_RESOURCE_FILTERS, STATUSES, splitLabels } from "./resource_query";
import { type Channel, findResources } from "./resources";

const QUIET_MS = 250;

/** Ask for a new dataset; null: none is wanted. */
export async function askNewDataset(
  channels: readonly Channel[],
): Promise<{ name: string; description: string; choice: Choice } | null> {
  const name = text("dataset-name", { required: true });
  const description = text("dataset-description");
  const chooser = new Chooser(channels);
  const isMeant = await asked(
    "New dataset",
    "Create",
    element("label", { for: "dataset-name" }, "Name"),
    name,
    element("label", { for: "dataset-description" }, "Description"),
    description,
    ...chooser.fields,
  );
  chooser.end();
  if (!isMeant || name.value.trim() === "") return null;
  return {
    name: name.value.trim(),
    description: description.value.trim(),
    choice: chooser.choice,
  };
}

/** Ask what else goes into a dataset; null: nothing. */
export async function askMore(name: string, channels: readonly Channel[]): Promise<Choice | null> {
  const chooser = new Chooser(channels);
  const isMeant = await asked(`Add resources to ${name}`, "Add", ...chooser.fields);
  chooser.end();
  return isMeant ? chooser.choice : null;
}

/** Status, channel and labels, and how many resources have them. */
class Chooser {
  readonly fields: HTMLElement[];
  private readonly status = choice("Status", [
    ["published", "Published"],
    ...STATUSES.filter(([status]) => status !== "published"),
    [ANY_STATUS, "Any status"],
  ]);
  private readonly channel: HTMLSelectElement;
  private readonly labels = text("choice-labels", { "aria-describedby": "choice-help" });
  private readonly said = element("p", { class: "choice-count", role: "status" });
  private asking = new AbortController();
  private timer = 0;

  constructor(channels: readonly Channel[]) {
    this.channel = choice("Channel", [
      ["", "Any channel"],
      ...channels.map(({ name }) => [name, name] as const),
    ]);
    const labelled = (title: string, field: HTMLElement) =>
      element("div", {}, element("span", { class: "choice-title" }, title), field);
    const root = element(
      "div",
      { class: "asked", role: "group", "aria-label": "Resources" },
      element(
        "div",
        { class: "fields" },
        labelled("Status", this.status),
        labelled("Channel", this.channel),
      ),
      element("label", { for: "choice-labels" }, "Labels"),
      this.labels,
      element(
        "p",
        { class: "dim small", id: "choice-help" },
        "Separated by commas; a resource must have all of them.",
      ),
      this.said,
    );
    this.fields = [root];
    root.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = window.setTimeout(() => void this.count(), QUIET_MS);
    });
    void this.count();
  }

  get choice(): Choice {
    return {
      status: this.status.value,
      channel: this.channel.value,
      labels: splitLabels(this.labels.value),
      all_labels: true,
    };
  }

  end(): void {
    clearTimeout(this.timer);
    this.asking.abort();
  }

  private async count(): Promise<void> {
    this.asking.abort();
    const asking = new AbortController();
    this.asking = asking;
    const filters = {
      ...NO_RESOURCE_FILTERS,
      channel: this.channel.value,
      labels: this.labels.value,
    };
    try {
      const found = await findResources(filters, this.status.value, 0, asking.signal, 1);
      const { total } = found;
      fill(
        this.said,
        element("strong", {}, count(total, "resource")),
        total === 1 ? " fits." : " fit.",
      );
    } catch {
      if (!asking.signal.aborted) this.said.textContent = "They could not be counted.";
    }
  }
}

function text(id: string, more: Record<string, string | boolean> = {}): HTMLInputElement {
  return element("input", { class: "field", id, autocomplete: "off", maxlength: 256, ...more });
}
