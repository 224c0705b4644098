/** What resources are searched by: fields that search while somebody writes. */

import { element, fill, icon } from "./element";
import { DAYS, choice, day, search } from "./fields";
import {
  KINDS,
  NO_RESOURCE_FILTERS,
  type ResourceFilters,
  hasResourceFilters,
} from "./resource_query";
import type { Channel } from "./resources";

const QUIET_MS = 250;

export class FilterFields {
  readonly root: HTMLFormElement;
  private readonly fields = {
    name: search("Name", "Words of the name, in their order"),
    channel: choice("Channel", [["", "Any channel"]]),
    labels: search("Labels", "Labels that it must have, separated by commas"),
    kind: choice("Type", KINDS),
    modality: search("Modality", "The modality exactly as it is written"),
    days: choice("Upload date", DAYS),
    from: day("From"),
    to: day("To"),
  };
  private readonly between: HTMLElement;
  private readonly clearButton = element(
    "button",
    {
      type: "button",
      class: "button quiet",
      disabled: true,
      onclick: () => {
        this.clear();
      },
    },
    icon("close", 16),
    element("span", {}, "Clear"),
  );
  private timer = 0;

  constructor(private readonly changed: () => void) {
    const { name, channel, labels, kind, modality, days, from, to } = this.fields;
    this.between = element("div", { class: "between", hidden: true }, from, to);
    this.root = element(
      "form",
      {
        class: "filters",
        role: "search",
        "aria-label": "Search resources",
        onsubmit: (event: SubmitEvent) => {
          event.preventDefault();
          this.search();
        },
      },
      element("span", { class: "filter-main" }, icon("search", 18), name),
      channel,
      days,
      kind,
      labels,
      modality,
      this.clearButton,
      this.between,
    );
    this.root.addEventListener("input", () => {
      this.show();
      clearTimeout(this.timer);
      this.timer = window.setTimeout(() => {
        this.search();
      }, QUIET_MS);
    });
    this.root.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && hasResourceFilters(this.filters)) this.clear();
    });
  }

  get filters(): ResourceFilters {
    const { name, channel, labels, kind, modality, days, from, to } = this.fields;
    return {
      name: name.value,
      channel: channel.value,
      labels: labels.value,
      kind: kind.value,
      modality: modality.value,
      days: days.value,
      from: from.value,
      to: to.value,
    };
  }

  /** Take over what was searched for before. */
  set filters(filters: ResourceFilters) {
    this.offer([{ name: filters.channel, count: 0 }]);
    for (const [name, field] of Object.entries(this.fields))
      field.value = filters[name as keyof ResourceFilters];
    this.show();
  }

  /** Offer these channels, and the chosen one whether it is among them or not. */
  offer(channels: readonly Channel[]): void {
    const { channel } = this.fields;
    const chosen = channel.value;
    const names = new Set([...channels.map((one) => one.name), chosen].filter(Boolean));
    const shown = [...channel.options].map((one) => one.value).filter(Boolean);
    if (shown.join("\n") === [...names].join("\n")) return;
    fill(
      channel,
      element("option", { value: "" }, "Any channel"),
      ...[...names].map((name) => element("option", { value: name }, name)),
    );
    channel.value = chosen;
  }

  focus(): void {
    this.fields.name.focus();
    this.fields.name.select();
  }

  clear(): void {
    this.filters = NO_RESOURCE_FILTERS;
    this.focus();
    this.search();
  }

  private search(): void {
    clearTimeout(this.timer);
    this.changed();
  }

  private show(): void {
    this.between.hidden = this.fields.days.value !== "between";
    this.clearButton.disabled = !hasResourceFilters(this.filters);
  }
}
