/** All elements of one file, with a search. */

import { element, fill, icon } from "./element";
import { count } from "./format";
import { problemOf } from "./problems";
import { type HeaderRow, readHeaders } from "./service";

const ROWS_MAX = 3000;

/** Return the rows that hold every word of a search, in any column, whatever the case. */
export function matching(rows: readonly HeaderRow[], search: string): HeaderRow[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...rows];
  return rows.filter((row) => {
    const all = `${row.tag} ${row.vr} ${row.name} ${row.value}`.toLowerCase();
    return words.every((word) => all.includes(word));
  });
}

export class HeaderTable {
  readonly root: HTMLElement;
  private readonly search = element("input", {
    type: "search",
    class: "field",
    placeholder: "Search tags, names, values",
    "aria-label": "Search the headers",
  });
  private readonly said = element("span", { class: "dim small", role: "status" });
  private readonly body = element("tbody");
  private rows: HeaderRow[] = [];
  private isCut = false;
  private shown = "";

  constructor() {
    this.root = element(
      "section",
      { class: "headers", "aria-label": "Headers", hidden: true },
      element("div", { class: "row headers-bar" }, icon("search", 18), this.search, this.said),
      element(
        "div",
        { class: "table-box", tabindex: 0, role: "region", "aria-label": "Elements" },
        element(
          "table",
          {},
          element(
            "thead",
            {},
            element(
              "tr",
              {},
              ...["Tag", "VR", "Name", "Value"].map((name) =>
                element("th", { scope: "col" }, name),
              ),
            ),
          ),
          this.body,
        ),
      ),
    );
    this.search.addEventListener("input", () => {
      this.draw();
    });
  }

  async show(session: string, name: string): Promise<void> {
    const wanted = `${session} ${name}`;
    if (wanted === this.shown) return;
    this.shown = wanted;
    this.said.textContent = "Reading ...";
    try {
      const { rows, isCut } = await readHeaders(session, name);
      if (this.shown !== wanted) return;
      this.rows = rows;
      this.isCut = isCut;
      this.draw();
    } catch (error) {
      this.shown = "";
      this.rows = [];
      fill(this.body);
      const problem = problemOf(error);
      this.said.textContent = problem.detail || problem.title;
    }
  }

  private draw(): void {
    const found = matching(this.rows, this.search.value);
    const isSearch = this.search.value.trim() !== "";
    const all = `${this.isCut ? "the first " : ""}${count(this.rows.length, "row")}`;
    this.said.textContent = isSearch ? `${found.length.toLocaleString("en-US")} of ${all}` : all;
    fill(this.body, ...found.slice(0, ROWS_MAX).map(tableRow));
  }
}

function tableRow(row: HeaderRow): HTMLElement {
  const depth = Math.min(6, row.depth);
  return element(
    "tr",
    {},
    element("td", { class: `tag depth-${depth}` }, row.tag),
    element("td", { class: "vr" }, row.vr),
    element("th", { scope: "row", class: "keyword" }, row.name),
    element("td", { class: "value" }, row.value),
  );
}
