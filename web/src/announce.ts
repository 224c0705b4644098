/** What happens, said to screen readers: one polite region, one that interrupts. */

import { element } from "./element";

const BREATH_MS = 8000;

export class Announcer {
  readonly root: HTMLElement;
  private readonly polite = element("div", { role: "status", "aria-live": "polite" });
  private readonly urgent = element("div", { role: "alert", "aria-live": "assertive" });
  private lastSaid = 0;

  constructor() {
    this.root = element("div", { class: "visually-hidden" }, this.polite, this.urgent);
  }

  say = (text: string): void => {
    this.lastSaid = Date.now();
    this.polite.textContent = text;
  };

  alarm = (text: string): void => {
    this.urgent.textContent = text;
  };

  /** Say how far something is, but not more often than people can listen to. */
  progress = (text: string): void => {
    if (Date.now() - this.lastSaid > BREATH_MS) this.say(text);
  };
}
