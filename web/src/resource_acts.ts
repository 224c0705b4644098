/** What is done with one resource or with many, after asking where it matters. */

import { confirmed } from "./bar";
import { addToDataset, createDataset, listDatasets } from "./datasets";
import { count } from "./format";
import { askDataset, editLabels } from "./resource_dialogs";
import { type Resource, archive, publish, removeResources } from "./resources";

export interface ActHooks {
  /** Those that something is done with. */
  meant: () => readonly Resource[];
  /** Those of the page, whose labels are offered for others. */
  shown: () => readonly Resource[];
  /** Shows and saves other labels. */
  label: (changed: readonly Resource[]) => void;
  /** Does something, and tells where it fails. */
  attempt: (act: () => Promise<void>) => Promise<void>;
  /** Chooses none any more. */
  clear: () => void;
  /** Shows what there is now. */
  changed: () => Promise<void>;
  say: (text: string) => void;
  warn: (text: string) => void;
}

export class ResourceActs {
  constructor(private readonly hooks: ActHooks) {}

  async publish(): Promise<void> {
    const meant = this.hooks.meant();
    const waiting = meant.filter((one) => one.status === "inbox");
    if (waiting.length === 0) {
      this.hooks.warn("Only what is in the inbox can be published.");
      return;
    }
    const isSure =
      waiting.length < 2 ||
      (await confirmed(
        `Publish ${count(waiting.length, "resource")}?`,
        "They leave the inbox; those who learn from published resources see them.",
        "Publish",
        "Cancel",
      ));
    if (!isSure) return;
    await this.change(async () => {
      const published = await publish(waiting.map((one) => one.id));
      const left = meant.length - published;
      this.hooks.say(
        `${count(published, "resource")} published.` +
          (left > 0 ? ` ${left.toLocaleString("en-US")} were not in the inbox.` : ""),
      );
    });
  }

  async archive(): Promise<void> {
    const meant = this.hooks.meant();
    if (meant.length === 0) return;
    const isSure = await confirmed(
      `Archive ${count(meant.length, "resource")}?`,
      "They are put aside: found in this tab only, and no longer published.",
      "Archive",
      "Cancel",
    );
    if (!isSure) return;
    await this.change(async () => {
      await archive(meant.map((one) => one.id));
      this.hooks.say(`${count(meant.length, "resource")} archived.`);
    });
  }

  async remove(): Promise<void> {
    const meant = this.hooks.meant();
    const [first] = meant;
    if (first === undefined) return;
    const what = meant.length === 1 ? first.name : count(meant.length, "resource");
    const isSure = await confirmed(
      `Delete ${meant.length === 1 ? "this resource" : what}?`,
      `${what}, with labels and annotations, ${meant.length === 1 ? "is" : "are"} deleted for ` +
        "good. Versions of datasets keep what they have.",
      "Delete",
    );
    if (!isSure) return;
    await this.change(async () => {
      await removeResources(meant.map((one) => one.id));
      this.hooks.say(`${count(meant.length, "resource")} deleted.`);
    });
  }

  async editLabels(): Promise<void> {
    const meant = this.hooks.meant();
    if (meant.length === 0) return;
    await editLabels(meant, this.hooks.shown(), this.hooks.label);
    await this.hooks.changed();
  }

  async addToDataset(): Promise<void> {
    const ids = this.hooks.meant().map((one) => one.id);
    if (ids.length === 0) return;
    await this.hooks.attempt(async () => {
      const chosen = await askDataset(ids.length, await listDatasets());
      if (chosen === null) return;
      if (chosen.id === "") await createDataset(chosen.name, "", { resource_ids: ids });
      else await addToDataset(chosen.id, { resource_ids: ids });
      this.hooks.say(`${count(ids.length, "resource")} added to ${chosen.name}.`);
    });
  }

  /** Do something after which others are shown and none is chosen. */
  private async change(act: () => Promise<void>): Promise<void> {
    await this.hooks.attempt(async () => {
      await act();
      this.hooks.clear();
    });
    await this.hooks.changed();
  }
}
