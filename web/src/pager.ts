/** The ways to the page before and the page after of a long list. */

import { element } from "./element";

export class Pager {
  readonly root: HTMLElement;
  private readonly previous: HTMLButtonElement;
  private readonly next: HTMLButtonElement;

  /** `turn` hears -1 or 1. */
  constructor(
    label: string,
    private readonly rows: number,
    turn: (step: number) => void,
  ) {
    const button = (title: string, step: number) =>
      element(
        "button",
        {
          type: "button",
          class: "button small",
          onclick: () => {
            turn(step);
          },
        },
        title,
      );
    this.previous = button("Previous page", -1);
    this.next = button("Next page", 1);
    this.root = element(
      "nav",
      { class: "row center pager", "aria-label": label, hidden: true },
      this.previous,
      this.next,
    );
  }

  /** Show where we are; returns it in words where there are several pages: `1\u201350 of 51`. */
  show(offset: number, shown: number, total: number): string {
    const last = offset + shown;
    this.root.hidden = total <= this.rows;
    this.previous.disabled = offset === 0;
    this.next.disabled = last >= total;
    if (total <= shown) return "";
    const [from, to, all] = [offset + 1, last, total].map((one) => one.toLocaleString("en-US"));
    return `${from}\u2013${to} of ${all}`;
  }
}
