/** Ways out of a row: viewers, downloads. */

import { element, icon } from "./element";

/** Return the way to a viewer, in a tab of its own. */
export function viewerLink(
  name: "eye" | "cube",
  viewer: string,
  address: string,
  of: string,
): HTMLElement {
  return element(
    "a",
    {
      class: "icon-button",
      href: address,
      target: "_blank",
      rel: "noopener",
      "aria-label": `Open ${of} in ${viewer}`,
      title: `Open in ${viewer}`,
    },
    icon(name, 18),
  );
}

/** Return the way to save something; `how` says in what form. */
export function downloadLink(address: string, of: string, how = ""): HTMLElement {
  return element(
    "a",
    {
      class: "icon-button",
      href: address,
      download: "",
      "aria-label": `Download ${of}${how}`,
      title: `Download${how}`,
    },
    icon("download", 18),
  );
}
