/** The action cards: each opens to its options, and says what it will do. */

import {
  type Card,
  type Facts,
  cardsFor,
  choiceTitle,
  linesOf,
  membersOf,
  optionHelp,
  optionTitle,
  optionsToSend,
  shownOptions,
} from "./catalogue";
import { element, fill, icon } from "./element";
import type { ActionOption, ActionRow } from "./service";

export type Source = "input" | "output";

export interface Order {
  readonly action: string;
  readonly options: Record<string, unknown>;
  readonly params: string;
  readonly source: Source;
}

export class ActionList {
  readonly root = element("section", {
    class: "panel actions",
    "aria-labelledby": "actions-title",
  });
  private readonly cards = element("ul", { class: "action-cards" });
  private readonly sources = element("div", { class: "segments", hidden: true });
  private source: Source = "input";
  private facts: Record<Source, Facts> = { input: NOTHING, output: NOTHING };
  private forms: Form[] = [];

  constructor(private readonly run: (order: Order) => void) {
    this.root.append(
      element("h2", { class: "panel-title", id: "actions-title" }, "What to do"),
      this.sources,
      this.cards,
    );
  }

  load(rows: readonly ActionRow[]): void {
    this.forms = cardsFor(rows).map(
      ({ card, row }) =>
        new Form(card, row, (order) => {
          this.run({ ...order, source: this.source });
        }),
    );
    for (const form of this.forms)
      form.head.addEventListener("click", () => {
        this.toggle(form);
      });
    fill(this.cards, ...this.forms.map((form) => form.root));
    this.update();
  }

  /** Say what there is to work on, and whether anything can be begun now. */
  show(facts: Record<Source, Facts>, why: string): void {
    this.facts = facts;
    if (facts.output.files === 0) this.source = "input";
    this.drawSources();
    for (const form of this.forms) form.hold(why);
    this.update();
  }

  /** Close the form whose action has begun: what happens is shown above. */
  close(): void {
    for (const form of this.forms) form.open(false);
  }

  private toggle(form: Form): void {
    const willOpen = !form.isOpen;
    for (const other of this.forms) other.open(other === form && willOpen);
    this.update();
  }

  private update(): void {
    for (const form of this.forms) form.tell(this.facts[this.source]);
  }

  private drawSources(): void {
    this.sources.hidden = this.facts.output.files === 0;
    if (this.sources.childElementCount > 0) return;
    this.sources.setAttribute("role", "radiogroup");
    this.sources.setAttribute("aria-label", "Work on");
    const choices: [Source, string][] = [
      ["input", "Uploaded files"],
      ["output", "Results"],
    ];
    fill(
      this.sources,
      ...choices.map(([value, title]) =>
        element(
          "label",
          { class: "segment" },
          element("input", {
            type: "radio",
            name: "source",
            value,
            checked: value === this.source,
            onchange: () => {
              this.source = value;
              this.update();
            },
          }),
          element("span", {}, title),
        ),
      ),
    );
  }
}

const NOTHING: Facts = { files: 0, series: 0, frames: 0 };

/** One card with its form. */
class Form {
  readonly root: HTMLElement;
  readonly head: HTMLButtonElement;
  isOpen = false;
  private readonly sentence = element("p", { class: "action-sentence" });
  private readonly body: HTMLElement;
  private readonly start: HTMLButtonElement;
  private readonly why = element("p", { class: "dim small" });
  private readonly chosen: Record<string, string | boolean | readonly string[]> = {};
  private facts: Facts = NOTHING;
  private params = "";

  constructor(
    private readonly card: Card,
    private readonly row: ActionRow,
    run: (order: Omit<Order, "source">) => void,
  ) {
    const id = `action-${card.name}`;
    this.head = element(
      "button",
      { type: "button", class: "action-head", "aria-expanded": "false", "aria-controls": id },
      element("span", { class: "action-icon" }, icon(card.icon, 20)),
      element(
        "span",
        { class: "action-text" },
        element("span", { class: "action-name" }, card.title),
        element("span", { class: "action-hint" }, card.hint),
      ),
    );
    this.start = element(
      "button",
      { type: "submit", class: "button primary" },
      icon("play", 16),
      card.title,
    );
    this.body = element(
      "form",
      {
        id,
        class: "action-body",
        hidden: true,
        "aria-label": card.title,
        onsubmit: (event: SubmitEvent) => {
          event.preventDefault();
          run({ action: row.name, options: optionsToSend(row, this.chosen), params: this.params });
        },
      },
      this.sentence,
      ...this.fields(),
      this.start,
      this.why,
    );
    this.root = element("li", { class: "action", "data-action": card.name }, this.head, this.body);
  }

  open(isOpen: boolean): void {
    this.isOpen = isOpen;
    this.head.setAttribute("aria-expanded", String(isOpen));
    this.root.classList.toggle("is-open", isOpen);
    this.body.hidden = !isOpen;
  }

  tell(facts: Facts): void {
    this.facts = facts;
    this.sentence.textContent = this.card.sentence(facts, this.chosen);
  }

  /** Say why it cannot begin; an empty text: it can. */
  hold(why: string): void {
    this.start.disabled = why !== "";
    this.why.textContent = why;
    this.why.hidden = why === "";
  }

  private choose(name: string, value: string | boolean | readonly string[]): void {
    this.chosen[name] = value;
    this.tell(this.facts);
  }

  private fields(): HTMLElement[] {
    const fields = shownOptions(this.row).map((option) => this.field(option));
    const extra = this.card.name === "anonymize" ? [this.linesField()] : [];
    const [first, ...others] = [...fields, ...extra];
    if (first === undefined) return [];
    if (others.length === 0) return [first];
    // One option in sight, the others behind a door: most people need none of them.
    return [
      first,
      element("details", { class: "more" }, element("summary", {}, "More options"), ...others),
    ];
  }

  private field(option: ActionOption): HTMLElement {
    const id = `${this.card.name}-${option.name}`;
    const help = element("span", { class: "help", id: `${id}-help` }, optionHelp(option));
    const title = optionTitle(option.name);
    if (option.type === "boolean") {
      const box: HTMLInputElement = element("input", {
        type: "checkbox",
        id,
        "aria-describedby": `${id}-help`,
        onchange: () => {
          this.choose(option.name, box.checked);
        },
      });
      return element(
        "div",
        { class: "option check" },
        box,
        element("div", {}, element("label", { for: id }, title), help),
      );
    }
    const control =
      option.type === "array" && membersOf(option.name).length > 0
        ? this.members(option)
        : option.choices.length > 0
          ? this.select(option, id)
          : this.text(option, id);
    const isGroup = control.getAttribute("role") === "group";
    const label = isGroup
      ? element("span", { class: "label", id: `${id}-label` }, title)
      : element("label", { for: id }, title);
    if (isGroup) control.setAttribute("aria-labelledby", `${id}-label`);
    return element("div", { class: "option" }, label, control, help);
  }

  private select(option: ActionOption, id: string): HTMLSelectElement {
    const usual = typeof option.default === "string" ? option.default : "";
    const select: HTMLSelectElement = element(
      "select",
      {
        id,
        class: "field",
        "aria-describedby": `${id}-help`,
        onchange: () => {
          this.choose(option.name, select.value);
        },
      },
      usual === "" && element("option", { value: "" }, "As usual"),
      ...option.choices.map((choice) =>
        element(
          "option",
          { value: choice, selected: choice === usual },
          choiceTitle(option.name, choice),
        ),
      ),
    );
    return select;
  }

  private text(option: ActionOption, id: string): HTMLElement {
    const attributes = {
      id,
      class: "field",
      "aria-describedby": `${id}-help`,
      placeholder: option.form || (typeof option.default === "string" ? option.default : ""),
      spellcheck: "false",
      autocomplete: "off",
    };
    if (option.type === "array") {
      const area: HTMLTextAreaElement = element("textarea", {
        ...attributes,
        rows: 2,
        oninput: () => {
          this.choose(option.name, linesOf(area.value));
        },
      });
      return area;
    }
    const line: HTMLInputElement = element("input", {
      ...attributes,
      type: "text",
      oninput: () => {
        this.choose(option.name, line.value.trim());
      },
    });
    return line;
  }

  private members(option: ActionOption): HTMLElement {
    const boxes: HTMLInputElement[] = [];
    const choose = () => {
      this.choose(
        option.name,
        boxes.filter((box) => box.checked).map((box) => box.value),
      );
    };
    return element(
      "div",
      { class: "chips", role: "group" },
      ...membersOf(option.name).map((value) => {
        const box = element("input", { type: "checkbox", value, onchange: choose });
        boxes.push(box);
        return element(
          "label",
          { class: "chip" },
          box,
          element("span", {}, value === "uids" ? "UIDs" : value.replaceAll("-", " ")),
        );
      }),
    );
  }

  private linesField(): HTMLElement {
    const area: HTMLTextAreaElement = element("textarea", {
      id: "anonymize-lines",
      class: "field code",
      rows: 4,
      spellcheck: "false",
      placeholder: "(0010,0010)=ANONYMOUS^PATIENT\n(0010,0020)=ANON001",
      "aria-describedby": "anonymize-lines-help",
      oninput: () => {
        this.params = area.value.trim();
      },
    });
    return element(
      "div",
      { class: "option" },
      element("label", { for: "anonymize-lines" }, "Set values"),
      area,
      element(
        "span",
        { class: "help", id: "anonymize-lines-help" },
        "One (GGGG,EEEE)=VALUE a line, on top of the profile.",
      ),
    );
  }
}
