/** Files of which something did not work, with the reason of each. */

import { element, icon } from "./element";
import { count } from "./format";

export function failures(
  failed: readonly { name: string; reason: string }[],
  what = "not done",
): HTMLElement {
  return element(
    "details",
    { class: "files failures", open: failed.length <= 5 },
    element("summary", {}, icon("alert", 16), `${count(failed.length, "file")} ${what}`),
    element(
      "ul",
      { class: "file-list" },
      ...failed.map((one) =>
        element(
          "li",
          { class: "failure" },
          element("strong", {}, one.name),
          element("span", {}, one.reason),
        ),
      ),
    ),
  );
}
