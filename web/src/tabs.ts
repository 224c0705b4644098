/** Tabs with counts, of which one is chosen: arrows go from one to the next. */

import { element } from "./element";

export class Tabs<T extends string> {
  readonly root: HTMLElement;
  private readonly tabs: Map<T, { button: HTMLButtonElement; count: HTMLElement }>;

  constructor(
    label: string,
    names: readonly (readonly [T, string])[],
    panel: string,
    private readonly changed: (chosen: T) => void,
  ) {
    this.tabs = new Map(
      names.map(([name, title]) => {
        const count = element("span", { class: "tab-count" });
        const button = element(
          "button",
          {
            type: "button",
            class: "tab",
            role: "tab",
            id: `tab-${name}`,
            "aria-controls": panel,
            onclick: () => {
              this.choose(name);
            },
          },
          title,
          count,
        );
        return [name, { button, count }];
      }),
    );
    this.root = element(
      "div",
      { class: "tabs status-tabs", role: "tablist", "aria-label": label },
      ...[...this.tabs.values()].map(({ button }) => button),
    );
    this.root.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (step === undefined) return;
      const all = [...this.tabs.keys()];
      const at = all.findIndex((name) => this.tabs.get(name)?.button === event.target);
      const next = all.at((at + step) % all.length);
      if (next === undefined) return;
      event.preventDefault();
      this.tabs.get(next)?.button.focus();
      this.choose(next);
    });
  }

  /** Show which one is chosen. */
  show(chosen: T): void {
    for (const [name, { button }] of this.tabs) {
      button.setAttribute("aria-selected", String(name === chosen));
      button.tabIndex = name === chosen ? 0 : -1;
    }
  }

  count(counts: Readonly<Record<T, number>>): void {
    for (const [name, { count }] of this.tabs)
      count.textContent = counts[name].toLocaleString("en-US");
  }

  private choose(name: T): void {
    this.show(name);
    this.changed(name);
  }
}
