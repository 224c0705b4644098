/** What studies are searched by: fields that search while somebody writes. */

import { type Filters, NO_FILTERS, hasFilters } from "./dicom_json";
import { element, icon } from "./element";
import { DAYS, choice, day, search } from "./fields";

const QUIET_MS = 250;
const MODALITIES =
  "CR CT DX ES IO IVUS MG MR NM OCT OP OT PT PX RF RTDOSE RTPLAN RTSTRUCT SC SEG SM SR US XA XC";

export class StudyFilters {
  readonly root: HTMLFormElement;
  private readonly fields = {
    name: search("Patient name", "Words of the name, in any order"),
    id: search("Patient ID"),
    description: search("Description", "Any part, as it is written"),
    accession: search("Accession number", "Accession number", "Accession"),
    modality: choice("Modality", [
      ["", "Any modality"],
      ...MODALITIES.split(" ").map((modality) => [modality, modality] as const),
    ]),
    days: choice("Study date", DAYS),
    from: day("From"),
    to: day("To"),
  };
  private readonly between: HTMLElement;
  private readonly clearButton = element(
    "button",
    {
      type: "button",
      class: "button quiet",
      disabled: true,
      onclick: () => {
        this.clear();
      },
    },
    icon("close", 16),
    element("span", {}, "Clear"),
  );
  private timer = 0;

  constructor(private readonly changed: () => void) {
    const { name, id, description, accession, modality, days, from, to } = this.fields;
    this.between = element("div", { class: "between", hidden: true }, from, to);
    this.root = element(
      "form",
      {
        class: "filters",
        role: "search",
        "aria-label": "Search studies",
        onsubmit: (event: SubmitEvent) => {
          event.preventDefault();
          this.search();
        },
      },
      element("span", { class: "filter-main" }, icon("search", 18), name),
      id,
      days,
      modality,
      description,
      accession,
      this.clearButton,
      this.between,
    );
    this.root.addEventListener("input", () => {
      this.show();
      clearTimeout(this.timer);
      this.timer = window.setTimeout(() => {
        this.search();
      }, QUIET_MS);
    });
    this.root.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && hasFilters(this.filters)) this.clear();
    });
  }

  get filters(): Filters {
    const { name, id, description, accession, modality, days, from, to } = this.fields;
    return {
      name: name.value,
      id: id.value,
      description: description.value,
      accession: accession.value,
      modality: modality.value,
      days: days.value,
      from: from.value,
      to: to.value,
    };
  }

  /** Take over what was searched for before. */
  set filters(filters: Filters) {
    for (const [name, field] of Object.entries(this.fields))
      field.value = filters[name as keyof Filters];
    this.show();
  }

  focus(): void {
    this.fields.name.focus();
    this.fields.name.select();
  }

  clear(): void {
    this.filters = NO_FILTERS;
    this.focus();
    this.search();
  }

  private search(): void {
    clearTimeout(this.timer);
    this.changed();
  }

  private show(): void {
    this.between.hidden = this.fields.days.value !== "between";
    this.clearButton.disabled = !hasFilters(this.filters);
  }
}
