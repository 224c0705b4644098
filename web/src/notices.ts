/** Messages at the foot of the page that stay until they are read. */

import { element, icon } from "./element";
import { sentence } from "./format";
import { type Problem, retrySentence } from "./problems";

const MOST = 3;

export class Notices {
  readonly root = element("aside", { class: "notices", "aria-label": "Messages" });

  constructor(private readonly alarm: (text: string) => void) {}

  /** Show a problem; `act` is what the person can do about it. */
  problem(problem: Problem, act?: { title: string; run: () => void }): void {
    this.show(
      problem.title,
      problem.detail ? `${sentence(problem.detail)} ${problem.advice}` : problem.advice,
      act,
    );
  }

  /** Show a problem that passes: count down, then try again. */
  countdown(problem: Problem, waitMs: number, again: () => void): void {
    const until = Date.now() + waitMs;
    const text = element("p", { class: "countdown" }, retrySentence(waitMs));
    const notice = this.show(problem.title, text);
    const timer = setInterval(() => {
      const left = until - Date.now();
      text.textContent = retrySentence(left);
      const isDismissed = !notice.isConnected;
      if (left > 0 && !isDismissed) return;
      clearInterval(timer);
      notice.remove();
      if (!isDismissed) again();
    }, 500);
  }

  warn(text: string): void {
    this.show("", text);
  }

  clear(): void {
    this.root.replaceChildren();
  }

  private show(
    title: string,
    text: string | HTMLElement,
    act?: { title: string; run: () => void },
  ): HTMLElement {
    const body = typeof text === "string" ? element("p", {}, text) : text;
    this.alarm(`${title} ${body.textContent}`);
    const notice: HTMLElement = element(
      "div",
      { class: "notice" },
      icon("alert", 20),
      element("div", { class: "notice-text" }, title !== "" && element("strong", {}, title), body),
      act !== undefined &&
        element(
          "button",
          {
            type: "button",
            class: "button primary",
            onclick: () => {
              notice.remove();
              act.run();
            },
          },
          act.title,
        ),
      element(
        "button",
        {
          type: "button",
          class: "icon-button",
          "aria-label": "Dismiss",
          onclick: () => {
            notice.remove();
          },
        },
        icon("close", 16),
      ),
    );
    this.root.append(notice);
    while (this.root.childElementCount > MOST) this.root.firstElementChild?.remove();
    return notice;
  }
}
