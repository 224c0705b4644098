/** Results of a session kept in the archive. */

import { type Kept, keep } from "./archive";
import { element, fill, icon } from "./element";
import { failures } from "./failures";
import { count } from "./format";
import { problemOf } from "./problems";
import { ROOT } from "./requests";

/** Few enough that each request is answered soon. */
const KEPT_AT_ONCE = 100;

/** Return the button that keeps files, and tells what became of each. */
export function keepButton(session: string, names: readonly string[]): HTMLElement {
  const said = element("div", { class: "kept", role: "status" });
  const button = element(
    "button",
    {
      type: "button",
      class: "button wide",
      onclick: () => {
        button.disabled = true;
        void keepAll(session, names, said).finally(() => {
          // Also when all went well: what was deleted from the archive can be kept again.
          button.disabled = false;
        });
      },
    },
    icon("archive", 18),
    "Keep in the archive",
  );
  return element("div", { class: "keeping" }, button, said);
}

async function keepAll(
  session: string,
  names: readonly string[],
  said: HTMLElement,
): Promise<void> {
  const kept: Kept[] = [];
  try {
    while (kept.length < names.length) {
      if (names.length > KEPT_AT_ONCE)
        said.textContent = `Keeping ${kept.length.toLocaleString("en-US")} of ${count(names.length, "file")} ...`;
      const next = names.slice(kept.length, kept.length + KEPT_AT_ONCE);
      kept.push(...(await keep(session, next)));
    }
    fill(said, ...words(kept));
  } catch (error) {
    const problem = problemOf(error);
    fill(said, element("p", { class: "trouble-text" }, `${problem.title}. ${problem.advice}`));
  }
}

/** Say what became of files, with a way to them. */
function words(kept: readonly Kept[]): (HTMLElement | false)[] {
  const refused = kept.filter((one) => one.status === "conflict" || one.status === "failed");
  const present = kept.filter((one) => one.status === "present").length;
  const stored = kept.length - refused.length - present;
  const said = [
    stored > 0 && `${count(stored, "file")} kept`,
    present > 0 && `${count(present, "file")} already there`,
  ].filter(Boolean);
  return [
    said.length > 0 &&
      element(
        "p",
        { class: "small" },
        `${said.join(", ")}. `,
        element("a", { class: "link inline", href: `${ROOT}app/studies` }, "Show the studies"),
      ),
    refused.length > 0 && failures(refused, "not kept"),
  ];
}
