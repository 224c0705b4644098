/** What is asked before something is done with resources: uploads, labels of many, datasets. */

import { element, fill, icon } from "./element";
import { count } from "./format";
import { isWriting } from "./keys";
import { LabelEditor } from "./label_editor";
import { splitLabels } from "./resource_query";
import type { Channel, Resource, Told } from "./resources";

/** Asks where files go; what was said last is offered again. */
export class UploadDialog {
  private readonly channel = element("input", {
    class: "field",
    id: "upload-channel",
    list: "upload-channels",
    autocomplete: "off",
    maxlength: 256,
  });
  private readonly labels = element("input", {
    class: "field",
    id: "upload-labels",
    autocomplete: "off",
    "aria-describedby": "upload-labels-help",
  });
  private readonly publish = element("input", { type: "checkbox", id: "upload-publish" });
  private readonly channels = element("datalist", { id: "upload-channels" });

  offer(channels: readonly Channel[]): void {
    fill(this.channels, ...channels.map(({ name }) => element("option", { value: name })));
  }

  /** Ask; null: they are not to be uploaded. */
  async ask(files: number): Promise<Told | null> {
    const isMeant = await asked(
      `Upload ${count(files, "file")}`,
      "Upload",
      element("label", { for: "upload-channel" }, "Channel"),
      this.channel,
      this.channels,
      element("label", { for: "upload-labels" }, "Labels"),
      this.labels,
      element("p", { class: "dim small", id: "upload-labels-help" }, "Separated by commas."),
      element(
        "label",
        { class: "check", for: "upload-publish" },
        this.publish,
        "Publish at once, without the inbox",
      ),
    );
    if (!isMeant) return null;
    return {
      channel: this.channel.value.trim(),
      labels: splitLabels(this.labels.value),
      publish: this.publish.checked,
    };
  }
}

/** Change the labels of many; each change is told at once. */
export function editLabels(
  resources: readonly Resource[],
  others: readonly Resource[],
  changed: (resources: Resource[]) => void,
): Promise<void> {
  const editor = new LabelEditor<Resource>(changed);
  const dialog = element(
    "dialog",
    { class: "dialog", "aria-labelledby": "labels-title" },
    element("h2", { id: "labels-title" }, `Labels of ${count(resources.length, "resource")}`),
    editor.root,
    element(
      "form",
      { method: "dialog", class: "row end" },
      element("button", { class: "button primary" }, "Done"),
    ),
  );
  dialog.addEventListener("keydown", (event) => {
    if (!isWriting(event.target) && editor.press(event)) event.preventDefault();
  });
  editor.show(resources, others);
  return opened(dialog).then(() => undefined);
}

/** Ask something in a form; true: go on. */
export async function asked(
  title: string,
  yes: string,
  ...fields: HTMLElement[]
): Promise<boolean> {
  const dialog: HTMLDialogElement = element(
    "dialog",
    { class: "dialog", "aria-labelledby": "asked-title" },
    element("h2", { id: "asked-title" }, title),
    element(
      "form",
      { method: "dialog", class: "asked" },
      ...fields,
      element(
        "div",
        { class: "row end" },
        element(
          "button",
          {
            type: "button",
            class: "button",
            onclick: () => {
              dialog.close();
            },
          },
          "Cancel",
        ),
        element("button", { class: "button primary", value: "yes" }, yes),
      ),
    ),
  );
  return (await opened(dialog)) === "yes";
}

/** Ask where resources go: into a dataset that there is, or a new one. */
export async function askDataset(
  number: number,
  datasets: readonly { id: string; name: string }[],
): Promise<{ id: string; name: string } | null> {
  const name = element("input", {
    class: "field",
    id: "dataset-name",
    autocomplete: "off",
    maxlength: 256,
    list: "dataset-names",
    required: true,
    placeholder: "Name",
    "aria-describedby": "dataset-help",
  });
  const isMeant = await asked(
    `Add ${count(number, "resource")} to a dataset`,
    "Add",
    element("label", { for: "dataset-name" }, "Dataset"),
    name,
    element(
      "datalist",
      { id: "dataset-names" },
      ...datasets.map((one) => element("option", { value: one.name })),
    ),
    element(
      "p",
      { class: "dim small", id: "dataset-help" },
      "A name that there is not yet makes a new dataset.",
    ),
  );
  const said = name.value.trim();
  if (!isMeant || said === "") return null;
  return datasets.find((one) => one.name === said) ?? { id: "", name: said };
}

function opened(dialog: HTMLDialogElement): Promise<string> {
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue);
    });
  });
}

/** Return what stands over a list: how many are chosen, and what can be done with them. */
export class Toolbar {
  readonly root: HTMLElement;
  readonly box = element("input", { type: "checkbox", "aria-label": "Choose all of this page" });
  private readonly said = element("span", { class: "chosen-count", role: "status" });
  private readonly more = element("button", { type: "button", class: "link" });
  private readonly buttons: readonly HTMLButtonElement[];

  constructor(
    acts: readonly (readonly [
      "check" | "tag" | "layers" | "archive" | "trash",
      string,
      () => void,
    ])[],
    turnAll: (isWanted: boolean) => void,
    private readonly chooseAll: () => void,
  ) {
    this.buttons = acts.map(([name, title, act]) =>
      element(
        "button",
        { type: "button", class: "button small", disabled: true, title, onclick: act },
        icon(name, 16),
        element("span", {}, title),
      ),
    );
    this.box.addEventListener("change", () => {
      turnAll(this.box.checked);
    });
    this.more.addEventListener("click", () => {
      this.chooseAll();
    });
    this.root = element(
      "div",
      { class: "toolbar", role: "toolbar", "aria-label": "What is chosen" },
      element("label", { class: "resource-box" }, this.box),
      this.said,
      this.more,
      element("span", { class: "spacer" }),
      ...this.buttons,
    );
  }

  /** Show how many are chosen; `isWhole`: all of the page are, of `total` that fit. */
  show(chosen: number, isWhole: boolean, shown: number, total: number): void {
    this.box.disabled = shown === 0;
    this.box.checked = isWhole;
    this.box.indeterminate = chosen > 0 && !isWhole;
    this.said.textContent = chosen > 0 ? `${chosen.toLocaleString("en-US")} chosen` : "";
    this.more.hidden = !isWhole || total <= shown || chosen >= total;
    this.more.textContent = `Choose all ${total.toLocaleString("en-US")}`;
    for (const button of this.buttons) button.disabled = chosen === 0;
  }
}
