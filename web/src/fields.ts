/** Fields of searches: words, choices, days. */

import { element } from "./element";

export const DAYS = [
  ["", "Any date"],
  ["0", "Today"],
  ["6", "Last 7 days"],
  ["29", "Last 30 days"],
  ["364", "Last year"],
  ["between", "Between ..."],
] as const;

export function search(label: string, help = label, short = label): HTMLInputElement {
  return element("input", {
    type: "search",
    class: "field",
    placeholder: short,
    title: help,
    "aria-label": label,
    autocomplete: "off",
    spellcheck: "false",
    maxlength: 200,
  });
}

export function choice(
  label: string,
  choices: readonly (readonly [string, string])[],
): HTMLSelectElement {
  return element(
    "select",
    { class: "field", "aria-label": label },
    ...choices.map(([value, title]) => element("option", { value }, title)),
  );
}

export function day(label: string): HTMLInputElement {
  return element("input", { type: "date", class: "field", "aria-label": label, title: label });
}
