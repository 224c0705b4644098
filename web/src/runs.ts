/** What was begun: progress, log, cancel; then what came of it. */

import { actionTitle } from "./catalogue";
import { element, fill, icon } from "./element";
import { follow, isEnded } from "./follow";
import { count, formatBytes, formatChange, formatWait } from "./format";
import { failures } from "./failures";
import { keepButton } from "./keeping";
import { problemOf } from "./problems";
import {
  type Job,
  type NamedFile,
  type Result,
  cancelJob,
  downloadAllUrl,
  downloadUrl,
  getText,
  viewUrl,
  volviewUrl,
} from "./service";

const SHOWN_FIRST = 6;
const LINES_MAX = 2000;
const TEXT_MAX = 200_000;

export interface RunHooks {
  say: (text: string) => void;
  sayProgress: (text: string) => void;
  ended: () => void;
  gone: (error: unknown) => void;
  /** Show an image among the results; false: it is none. */
  look: (name: string) => boolean;
}

export class Runs {
  readonly root = element("section", { class: "panel runs", "aria-label": "Runs", hidden: true });
  private runs: Run[] = [];

  constructor(private readonly hooks: RunHooks) {}

  get isBusy(): boolean {
    return this.runs.some((run) => run.isRunning);
  }

  add(session: string, job: Job, bytesBefore: number): Run {
    const run = new Run(session, job, bytesBefore, this.hooks);
    for (const other of this.runs) other.fold();
    this.runs.unshift(run);
    this.root.prepend(run.root);
    this.root.hidden = false;
    return run;
  }

  clear(): void {
    for (const run of this.runs) run.stop();
    this.runs = [];
    fill(this.root);
    this.root.hidden = true;
  }
}

export class Run {
  readonly root: HTMLElement;
  isRunning = true;
  private readonly title: string;
  private readonly state = element("span", { class: "run-state" });
  private readonly bar: HTMLProgressElement;
  private readonly label = element("p", { class: "dim small run-label" }, "Waiting to begin ...");
  private readonly body = element("div", { class: "run-body" });
  private readonly lines = element("pre", { class: "log", tabindex: 0, "aria-label": "Log" });
  private readonly log: HTMLDetailsElement;
  private readonly cancel: HTMLButtonElement;
  private readonly began = Date.now();
  private lineCount = 0;
  private unfollow: () => void = () => undefined;

  constructor(
    private readonly session: string,
    private readonly job: Job,
    private readonly bytesBefore: number,
    private readonly hooks: RunHooks,
  ) {
    this.title = actionTitle(job.action);
    this.bar = element("progress", { class: "progress", "aria-label": `${this.title}: progress` });
    this.log = element(
      "details",
      { class: "files", open: true },
      element("summary", {}, "Log"),
      this.lines,
    );
    this.cancel = element(
      "button",
      {
        type: "button",
        class: "button small",
        onclick: () => void this.stopJob(),
      },
      icon("stop", 16),
      "Cancel",
    );
    this.root = element(
      "article",
      { class: "run", "aria-label": this.title, tabindex: -1 },
      element(
        "div",
        { class: "run-head" },
        element("h2", { class: "run-title" }, this.title),
        this.state,
      ),
      this.bar,
      this.label,
      this.cancel,
      this.body,
      this.log,
    );
    if (isEnded(job.state)) this.finish(job.state, job.result);
    else this.begin();
  }

  stop(): void {
    this.unfollow();
  }

  /** Show less of an earlier run. */
  fold(): void {
    this.root.classList.add("is-earlier");
  }

  private begin(): void {
    this.hooks.say(`${this.title} has begun.`);
    this.unfollow = follow(this.session, this.job.id, {
      progress: (done, total, label) => {
        this.progress(done, total, label);
      },
      line: (line) => {
        this.line(line);
      },
      ended: (state, result) => {
        this.finish(state, result);
        this.hooks.ended();
      },
      lost: (error) => {
        this.finish("failed", null);
        this.hooks.gone(error);
      },
    });
  }

  private progress(done: number, total: number, label: string): void {
    if (!this.isRunning) return;
    if (total > 0) {
      this.bar.max = total;
      this.bar.value = done;
      this.state.textContent = `${Math.floor((100 * done) / total)} %`;
      this.hooks.sayProgress(`${this.title}: ${this.state.textContent}`);
    } else this.bar.removeAttribute("value");
    const counted =
      total > 0 ? `${done.toLocaleString("en-US")} of ${total.toLocaleString("en-US")}` : "";
    this.label.textContent = [label, counted].filter(Boolean).join(" · ") || "Working ...";
  }

  private line(line: string): void {
    this.lineCount += 1;
    if (this.lineCount > LINES_MAX) return;
    const kind = /^\[(WARN|ERROR)\]/.exec(line)?.[1]?.toLowerCase() ?? "info";
    const isAtEnd = this.lines.scrollTop + this.lines.clientHeight >= this.lines.scrollHeight - 20;
    this.lines.append(element("span", { class: `line is-${kind}` }, `${line}\n`));
    if (isAtEnd) this.lines.scrollTop = this.lines.scrollHeight;
  }

  private async stopJob(): Promise<void> {
    this.cancel.disabled = true;
    this.label.textContent = "Cancelling ...";
    try {
      await cancelJob(this.session, this.job.id);
    } catch (error) {
      this.label.textContent = problemOf(error).title;
      this.cancel.disabled = false;
    }
  }

  private finish(state: Job["state"], result: Result | null): void {
    this.isRunning = false;
    this.unfollow();
    this.bar.remove();
    this.cancel.remove();
    this.showLog(result?.log ?? "");
    const [text, kind] = ending(state, result);
    fill(this.state, icon(kind === "good" ? "check" : "alert", 16), text);
    this.state.className = `run-state is-${kind}`;
    const { startedMs, finishedMs } = this.job;
    const took = startedMs > 0 && finishedMs > 0 ? finishedMs - startedMs : Date.now() - this.began;
    this.label.textContent = `${formatWait(took)}${this.made(result)}`;
    this.hooks.say(`${this.title}: ${text}. ${this.label.textContent}`);
    fill(this.body, ...this.results(state, result));
    // What was asked for as text is the log; what went wrong is explained there.
    this.log.open = kind !== "good" || result?.outputs.length === 0;
  }

  private made(result: Result | null): string {
    const files = result?.outputs.length ?? 0;
    return files > 0 ? ` · ${count(files, "file")}` : "";
  }

  /** The whole log, in place of what came line by line. */
  private showLog(log: string): void {
    if (log === "") return;
    fill(this.lines);
    this.lineCount = 0;
    for (const line of log.split("\n")) this.line(line);
  }

  private results(state: Job["state"], result: Result | null): (HTMLElement | false)[] {
    if (result === null) return [];
    const { outputs, failed } = result;
    const names = outputs.map((file) => file.name).filter((name) => kindOf(name) === "dicom");
    const after = outputs.reduce((sum, file) => sum + file.size, 0);
    const error = result.error || (state === "timed_out" ? problemOf504() : "");
    return [
      error !== "" && element("p", { class: "trouble-text" }, error),
      outputs.length > 0 && this.bytesBefore > 0 && sizes(this.bytesBefore, after),
      failed.length > 0 && failures(failed),
      outputs.length === 1 && outputs[0] !== undefined && this.single(outputs[0]),
      outputs.length > 1 && this.outputList(outputs),
      outputs.length > 1 &&
        element(
          "a",
          { class: "button primary wide", href: downloadAllUrl(this.session), download: "" },
          icon("download", 18),
          "Download all results as zip",
        ),
      names.length > 0 && keepButton(this.session, names),
    ];
  }

  /** One result has room for buttons with words. */
  private single(file: NamedFile): HTMLElement {
    const kind = kindOf(file.name);
    const preview = element("div", { class: "preview", hidden: true });
    const show = () => void this.preview(file, preview);
    return element(
      "div",
      { class: "single" },
      element(
        "div",
        { class: "output-head" },
        icon(ICONS[kind], 18),
        element(
          "span",
          { class: "output-text" },
          element("span", { class: "output-name", title: file.name }, file.name),
          element("span", { class: "dim small" }, formatBytes(file.size)),
        ),
      ),
      element(
        "div",
        { class: "row" },
        kind !== "other" &&
          element(
            "button",
            { type: "button", class: "button", onclick: show },
            icon("eye", 18),
            "Show",
          ),
        kind === "dicom" &&
          element(
            "a",
            { class: "button", href: volviewUrl(file.viewUrl), target: "_blank", rel: "noopener" },
            icon("cube", 18),
            "Open in VolView",
          ),
      ),
      element(
        "a",
        {
          class: "button primary wide",
          href: downloadUrl(this.session, file.name),
          download: file.name,
        },
        icon("download", 18),
        "Download",
      ),
      preview,
    );
  }

  private outputList(outputs: readonly NamedFile[]): HTMLElement {
    const list = element("ul", { class: "outputs" });
    const show = (files: readonly NamedFile[]) => {
      list.append(...files.map((file) => this.output(file)));
    };
    show(outputs.slice(0, SHOWN_FIRST));
    if (outputs.length > SHOWN_FIRST) {
      const more: HTMLElement = element(
        "li",
        {},
        element(
          "button",
          {
            type: "button",
            class: "link",
            onclick: () => {
              more.remove();
              show(outputs.slice(SHOWN_FIRST));
            },
          },
          `Show all ${outputs.length.toLocaleString("en-US")}`,
        ),
      );
      list.append(more);
    }
    return list;
  }

  private output(file: NamedFile): HTMLElement {
    const kind = kindOf(file.name);
    const preview = element("div", { class: "preview", hidden: true });
    const look = element(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": `Show ${file.name}`,
        title: "Show",
        onclick: () => {
          void this.preview(file, preview);
        },
      },
      icon("eye", 18),
    );
    return element(
      "li",
      { class: "output" },
      element(
        "div",
        { class: "output-head" },
        icon(ICONS[kind], 18),
        element(
          "span",
          { class: "output-text" },
          element("span", { class: "output-name", title: file.name }, file.name),
          element("span", { class: "dim small" }, formatBytes(file.size)),
        ),
        kind !== "other" && look,
        kind === "dicom" &&
          element(
            "a",
            {
              class: "icon-button",
              href: volviewUrl(file.viewUrl),
              target: "_blank",
              rel: "noopener",
              "aria-label": `Open ${file.name} in VolView`,
              title: "Open in VolView",
            },
            icon("cube", 18),
          ),
        element(
          "a",
          {
            class: "icon-button",
            href: downloadUrl(this.session, file.name),
            download: file.name,
            "aria-label": `Download ${file.name}`,
            title: "Download",
          },
          icon("download", 18),
        ),
      ),
      preview,
    );
  }

  private async preview(file: NamedFile, place: HTMLElement): Promise<void> {
    const kind = kindOf(file.name);
    if (kind === "dicom" && this.hooks.look(file.name)) return;
    if (!place.hidden) {
      place.hidden = true;
      fill(place);
      return;
    }
    place.hidden = false;
    const source = viewUrl(this.session, file.name);
    if (kind === "picture")
      fill(place, element("img", { src: source, alt: `Preview of ${file.name}` }));
    else if (kind === "video")
      fill(
        place,
        element("video", { src: source, controls: true, loop: true, muted: true, autoplay: true }),
      );
    else if (kind === "text") {
      try {
        const text = await getText(this.session, file.name);
        fill(
          place,
          element(
            "pre",
            { class: "log", tabindex: 0, "aria-label": file.name },
            text.slice(0, TEXT_MAX),
          ),
        );
      } catch (error) {
        fill(place, element("p", { class: "trouble-text" }, problemOf(error).title));
      }
    } else fill(place, element("p", { class: "dim" }, "There is no preview of this file."));
  }
}

type Kind = "dicom" | "picture" | "video" | "text" | "archive" | "other";

const SUFFIXES: Readonly<Record<string, Kind>> = {
  dcm: "dicom",
  png: "picture",
  jpg: "picture",
  bmp: "picture",
  mp4: "video",
  txt: "text",
  json: "text",
  zip: "archive",
};

const ICONS = {
  dicom: "layers",
  picture: "image",
  video: "film",
  text: "text",
  archive: "archive",
  other: "file",
} as const;

function kindOf(name: string): Kind {
  const kind = SUFFIXES[name.slice(name.lastIndexOf(".") + 1).toLowerCase()];
  return kind === "archive" ? "other" : (kind ?? "other");
}

function ending(state: Job["state"], result: Result | null): [string, "good" | "bad" | "odd"] {
  if (state === "cancelled") return ["Cancelled", "odd"];
  if (state === "timed_out") return ["Took too long", "bad"];
  if (result?.success !== true) return ["Not done", "bad"];
  return result.failed.length > 0 ? ["Done in part", "odd"] : ["Done", "good"];
}

function problemOf504(): string {
  return "This took longer than the server allows. Try it with fewer files; what was done is kept.";
}

/** Before and after, as two bars. */
function sizes(before: number, after: number): HTMLElement {
  const most = Math.max(before, after, 1);
  const row = (name: string, size: number) =>
    element(
      "div",
      { class: "size-row" },
      element("span", {}, name),
      element("meter", { class: "size-bar", min: 0, max: most, value: size, "aria-label": name }),
      element("span", { class: "size-value" }, formatBytes(size)),
    );
  return element(
    "div",
    { class: "sizes" },
    row("Before", before),
    row("After", after),
    element("p", { class: "size-change" }, formatChange(before, after)),
  );
}
