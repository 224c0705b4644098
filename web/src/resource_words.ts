/** What the page of resources says where there is nothing to show. */

import { element, icon } from "./element";
import { ROOT } from "./requests";
import type { Status } from "./resource_query";

/** Return what is said where a search finds nothing. */
export function nothingMatches(clear: () => void): HTMLElement[] {
  return [
    element("h3", {}, "No resource matches"),
    element(
      "p",
      { class: "dim" },
      "Names are found by any part, with * for anything; labels and modalities as they are " +
        "written. The other tabs are counted for the same search.",
    ),
    element("button", { type: "button", class: "button", onclick: clear }, "Clear the search"),
  ];
}

/** Return what is said where nothing has a status; `buttons` take files. */
export function nothingYet(status: Status, buttons: readonly HTMLElement[]): HTMLElement[] {
  if (status === "inbox") return teaching(buttons);
  return [
    element("h3", {}, `Nothing is ${status} yet`),
    element(
      "p",
      { class: "dim" },
      status === "published"
        ? "Choose resources in the inbox, and publish them."
        : "What is archived is put aside, and found here again.",
    ),
  ];
}

/** What resources are for. */
function teaching(buttons: readonly HTMLElement[]): HTMLElement[] {
  const way = (title: string, ...text: (Node | string)[]) =>
    element("li", {}, element("strong", {}, title), element("span", {}, ...text));
  return [
    element("div", { class: "dropzone-icon" }, icon("layers", 44)),
    element("h3", {}, "Drop scans, pictures or videos here"),
    element("p", { class: "lead" }, "They come to the inbox, to be labelled and published."),
    element("div", { class: "row center" }, ...buttons),
    element(
      "ul",
      { class: "ways" },
      way(
        "From Python",
        "Upload with ",
        element("code", {}, "isocenter.client.APIHandler"),
        `, address ${location.origin}${ROOT}, and a key.`,
      ),
      way(
        "To learn from",
        "Put published resources into a ",
        element("a", { href: `${ROOT}app/datasets` }, "dataset"),
        ": versions of it never change.",
      ),
    ),
  ];
}
