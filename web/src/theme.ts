/** Dark or light: as the system says, or as the person said on this page. */

import { element, fill, icon } from "./element";

const KEY = "isocenter.theme";

/** Return the switch; it also sets what was chosen before. */
export function themeSwitch(): HTMLButtonElement {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const button = element("button", { type: "button", class: "icon-button" });
  const isDark = () => (chosen() ?? (dark.matches ? "dark" : "light")) === "dark";
  const show = () => {
    const now = isDark();
    document.documentElement.dataset.theme = now ? "dark" : "light";
    const label = now ? "Use light colours" : "Use dark colours";
    button.setAttribute("aria-label", label);
    button.title = label;
    fill(button, icon(now ? "sun" : "moon"));
  };
  button.addEventListener("click", () => {
    localStorage.setItem(KEY, isDark() ? "light" : "dark");
    show();
  });
  dark.addEventListener("change", show);
  show();
  return button;
}

function chosen(): string | null {
  const value = localStorage.getItem(KEY);
  return value === "dark" || value === "light" ? value : null;
}
