/** Where files come in: drop, pickers, paste; and how far their way to the server is. */

import { filesOfList, filesOfTransfer, type Found } from "./dropped";
import { element, fill, icon } from "./element";
import { count, formatBytes, formatWait } from "./format";
import { retrySentence } from "./problems";
import type { Item, Progress, UploadQueue } from "./upload_queue";

const ROWS_MAX = 150;

/** The pickers and everything that takes files on the whole page. */
export class Intake {
  private readonly files = element("input", {
    type: "file",
    multiple: true,
    class: "visually-hidden",
    tabindex: -1,
    "aria-hidden": "true",
  });
  private readonly folder = element("input", {
    type: "file",
    webkitdirectory: true,
    class: "visually-hidden",
    tabindex: -1,
    "aria-hidden": "true",
  });
  private readonly veil = element(
    "div",
    { class: "veil", "aria-hidden": "true" },
    element("div", { class: "veil-inner" }, icon("upload", 48), "Drop to add"),
  );
  private depth = 0;

  constructor(
    private readonly take: (found: Found[]) => void,
    private readonly looking: (found: number) => void,
  ) {
    for (const picker of [this.files, this.folder])
      picker.addEventListener("change", () => {
        if (picker.files !== null) take(filesOfList(picker.files));
        picker.value = "";
      });
    document.body.append(this.files, this.folder, this.veil);
    this.listen();
  }

  pickFiles = (): void => {
    this.files.click();
  };

  pickFolder = (): void => {
    this.folder.click();
  };

  /** Return the large first page. */
  welcome(): HTMLElement {
    return element(
      "section",
      { class: "welcome", "aria-labelledby": "welcome-title" },
      element(
        "div",
        { class: "dropzone" },
        element("div", { class: "dropzone-icon" }, icon("folder", 44)),
        element("h2", { id: "welcome-title" }, "Drop a folder of DICOM files here"),
        element(
          "p",
          { class: "lead" },
          "Or single files, or a zip of them. Any size of series; subfolders too.",
        ),
        element("div", { class: "row center" }, ...this.buttons(true)),
        element(
          "p",
          { class: "dim" },
          "Paste works too. Press ",
          element("kbd", {}, "O"),
          " for files, ",
          element("kbd", {}, "?"),
          " for all keys.",
        ),
      ),
      element(
        "ul",
        { class: "promises" },
        promise(
          "layers",
          "Merge, split, compress",
          "Lossless means every pixel identical: it is checked.",
        ),
        promise("shield", "De-identify", "By the whole DICOM profile, and searched afterwards."),
        promise("eye", "Look and compare", "Slices, window and level, headers, 3D in VolView."),
        promise(
          "clock",
          "Gone afterwards",
          "Files stay on this server, and are deleted with the session.",
        ),
      ),
    );
  }

  buttons(isPrimary = false): HTMLElement[] {
    const verb = isPrimary ? "Choose" : "Add";
    return [
      element(
        "button",
        {
          type: "button",
          class: isPrimary ? "button primary" : "button",
          onclick: this.pickFolder,
        },
        icon("folder", 18),
        `${verb} a folder`,
      ),
      element(
        "button",
        { type: "button", class: "button", onclick: this.pickFiles },
        icon("file", 18),
        `${verb} files`,
      ),
    ];
  }

  private listen(): void {
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") === true;
    const leave = () => {
      this.depth = 0;
      document.body.classList.remove("is-dropping");
    };
    addEventListener("dragenter", (event) => {
      if (!hasFiles(event)) return;
      this.depth += 1;
      document.body.classList.add("is-dropping");
    });
    addEventListener("dragleave", () => {
      this.depth -= 1;
      if (this.depth <= 0) leave();
    });
    addEventListener("dragover", (event) => {
      if (hasFiles(event)) event.preventDefault();
    });
    addEventListener("drop", (event) => {
      leave();
      if (event.dataTransfer === null || !hasFiles(event)) return;
      event.preventDefault();
      void this.takeTransfer(event.dataTransfer);
    });
    addEventListener("paste", (event) => {
      if (event.clipboardData === null || event.clipboardData.files.length === 0) return;
      event.preventDefault();
      void this.takeTransfer(event.clipboardData);
    });
  }

  private async takeTransfer(transfer: DataTransfer): Promise<void> {
    this.take(await filesOfTransfer(transfer, this.looking));
  }
}

/** The panel that shows how far the upload is, file by file. */
export class UploadPanel {
  readonly root = element("section", {
    class: "panel upload",
    "aria-label": "Upload",
    hidden: true,
  });
  private readonly title = element("h2", { class: "panel-title" });
  private readonly bar = element("progress", { class: "progress", max: 1, "aria-label": "Upload" });
  private readonly facts = element("p", { class: "dim small" });
  private readonly trouble = element("div", { class: "trouble", hidden: true });
  private readonly buttons = element("div", { class: "row" });
  private readonly list = element("ul", { class: "file-list" });
  private readonly details = element(
    "details",
    { class: "files" },
    element("summary", {}, "Files"),
    this.list,
  );
  private waiting = false;
  private latest: Progress | null = null;
  private buttonsFor = "";

  constructor(
    private readonly queue: UploadQueue,
    private readonly done: "uploaded" | "stored",
  ) {
    this.root.append(this.title, this.bar, this.facts, this.trouble, this.buttons, this.details);
    this.details.addEventListener("toggle", () => {
      this.draw();
    });
    setInterval(() => {
      if (this.latest?.pause) this.draw();
    }, 1000);
  }

  show(progress: Progress): void {
    this.latest = progress;
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.draw();
    });
  }

  private draw(): void {
    const progress = this.latest;
    this.root.hidden = progress === null || progress.total === 0;
    if (progress === null) return;
    const { total, stored, failed, bytes, bytesSent, bytesPerSecond, isBusy } = progress;
    this.title.textContent = isBusy
      ? `Uploading ${stored.toLocaleString("en-US")} of ${count(total, "file")}`
      : failed > 0
        ? `${count(stored, "file")} ${this.done}, ${count(failed, "problem")}`
        : `${count(stored, "file")} ${this.done}`;
    this.bar.hidden = !isBusy;
    this.bar.value = bytes > 0 ? bytesSent / bytes : 0;
    const left = bytesPerSecond > 0 ? ((bytes - bytesSent) / bytesPerSecond) * 1000 : 0;
    this.facts.textContent = isBusy
      ? [
          `${formatBytes(bytesSent)} of ${formatBytes(bytes)}`,
          bytesPerSecond > 0 && `${formatBytes(bytesPerSecond)}/s`,
          left > 1000 && `${formatWait(left)} left`,
        ]
          .filter(Boolean)
          .join(" · ")
      : formatBytes(
          progress.items.reduce((sum, item) => sum + (item.state === "stored" ? item.size : 0), 0),
        );
    this.drawTrouble(progress);
    this.drawButtons(progress);
    if (this.details.open) this.drawFiles(progress.items);
  }

  private drawTrouble({ pause }: Progress): void {
    this.trouble.hidden = pause === null;
    if (pause === null) return;
    const left = pause.untilMs - Date.now();
    fill(
      this.trouble,
      icon("alert", 18),
      element(
        "div",
        {},
        element("strong", {}, pause.problem.title),
        element("p", {}, pause.problem.detail || pause.problem.advice),
        element(
          "p",
          { class: "small countdown" },
          left > 0 ? retrySentence(left) : pause.problem.advice,
        ),
      ),
    );
  }

  private drawButtons({ isBusy, failed, pause }: Progress): void {
    const key = `${isBusy} ${failed > 0} ${pause !== null}`;
    if (key === this.buttonsFor) return; // A button that is replaced loses the focus.
    this.buttonsFor = key;
    const button = (text: string, icons: "close" | "retry" | "stop", act: () => void) =>
      element(
        "button",
        { type: "button", class: "button small", onclick: act },
        icon(icons, 16),
        text,
      );
    fill(
      this.buttons,
      pause !== null &&
        button("Try now", "retry", () => {
          this.queue.resume();
        }),
      !isBusy &&
        failed > 0 &&
        button("Try again", "retry", () => {
          this.queue.retry();
        }),
      isBusy &&
        button("Stop", "stop", () => {
          this.queue.cancel();
        }),
      // Where it lies over the page; what is stored is seen there.
      !isBusy &&
        this.done === "stored" &&
        button("Dismiss", "close", () => {
          this.queue.clear();
        }),
    );
  }

  private drawFiles(items: readonly Item[]): void {
    const rank = { failed: 0, sending: 1, waiting: 2, stored: 3 };
    const order = [...items].sort((one, other) => rank[one.state] - rank[other.state]);
    const rows = order.slice(0, ROWS_MAX).map(fileRow);
    const more = items.length - rows.length;
    fill(
      this.list,
      ...rows,
      more > 0 && element("li", { class: "dim" }, `and ${count(more, "more file")}`),
    );
  }
}

function fileRow(item: Item): HTMLElement {
  const words = { waiting: "waiting", sending: "sending", stored: "stored", failed: "failed" };
  return element(
    "li",
    { class: `file is-${item.state}` },
    element("span", { class: "file-name", title: item.path }, item.file.name),
    item.state === "sending"
      ? element("progress", {
          class: "progress thin",
          max: 1,
          value: item.share,
          "aria-label": item.path,
        })
      : element(
          "span",
          { class: "file-state" },
          item.state === "stored" ? icon("check", 14) : null,
          item.state === "failed" ? item.reason : words[item.state],
        ),
    element("span", { class: "file-size" }, formatBytes(item.size)),
  );
}

function promise(
  name: "layers" | "shield" | "eye" | "clock",
  title: string,
  text: string,
): HTMLElement {
  return element("li", {}, icon(name, 22), element("strong", {}, title), element("span", {}, text));
}
