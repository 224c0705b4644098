/** The page of the archive: search, rows, upload, deletion. */

import { Account } from "./account";
import { Announcer } from "./announce";
import {
  PAGE_STUDIES,
  type Page,
  STORE_BYTES_MAX,
  type Series,
  type Study,
  findStudies,
  remove,
  store,
} from "./archive";
import { confirmed, helpDialog, pageBar } from "./bar";
import { type Filters, NO_FILTERS, hasFilters } from "./dicom_json";
import type { Found } from "./dropped";
import { element, fill, icon } from "./element";
import { count } from "./format";
import { Intake, UploadPanel } from "./intake";
import { isWriting } from "./keys";
import { Notices } from "./notices";
import { Pager } from "./pager";
import { archiveProblemOf } from "./problems";
import { ROOT } from "./requests";
import { StudyFilters } from "./study_filters";
import { StudyList, nameOf } from "./study_list";
import { type Progress, UploadQueue } from "./upload_queue";

const LOOK_AGAIN_MS = 1500;
const KEYS = [
  ["/", "Search for a patient"],
  ["Esc", "Clear the search"],
  ["\u2191 \u2193", "Study before, study after"],
  ["\u2192 \u2190", "Open a study, close it"],
  ["Delete", "Delete a study, after asking"],
  ["O", "Add files"],
  ["Shift O", "Add a folder"],
  ["?", "This help"],
] as const;

export class StudiesPage {
  private readonly announcer = new Announcer();
  private readonly notices = new Notices(this.announcer.alarm);
  private readonly account = new Account((problem, act) => {
    this.notices.problem(problem, act);
  });
  private readonly help = helpDialog(KEYS, "Files and folders can be dropped anywhere, or pasted.");
  private readonly intake = new Intake(
    (found) => {
      this.take(found);
    },
    (found) => {
      this.announcer.progress(`Found ${count(found, "file")} so far`);
    },
  );
  private readonly queue = new UploadQueue(
    {
      send: (files, tell) => Promise.resolve(store(files, tell)),
      problemOf: archiveProblemOf,
      changed: (progress) => {
        this.uploading(progress);
      },
      stored: (isEnd) => {
        this.lookAgain(isEnd ? 0 : LOOK_AGAIN_MS);
        if (isEnd) this.sayStored();
      },
      gone: () => undefined,
      known: () => Promise.resolve(new Set<string>()),
    },
    STORE_BYTES_MAX,
  );
  private readonly upload = new UploadPanel(this.queue, "stored");
  private readonly filters = new StudyFilters(() => {
    this.offset = 0;
    this.remember();
    void this.search();
  });
  private readonly list = new StudyList({
    remove: (study, series) => void this.askRemove(study, series),
  });
  private readonly said = element("span", { class: "dim", role: "status" });
  private readonly hint = element("p", { class: "dim small hint" });
  private readonly head = element(
    "div",
    { class: "study-head", "aria-hidden": "true" },
    ...["Patient", "Date", "Modality", "Description", "Size"].map((title) =>
      element("span", {}, title),
    ),
  );
  private readonly empty = element("div", { class: "studies-empty", hidden: true });
  private readonly pager = new Pager(
    "Pages of studies",
    PAGE_STUDIES,
    (step) => void this.turn(step),
  );
  private readonly main: HTMLElement;
  private offset = 0;
  private page: Page = { studies: [], total: 0 };
  private asking: AbortController | null = null;
  private looking = 0;

  constructor() {
    this.main = element(
      "main",
      { id: "main", tabindex: -1, class: "archive" },
      element(
        "div",
        { class: "archive-head" },
        element("h2", {}, "Studies"),
        this.said,
        element("span", { class: "spacer" }),
        ...this.intake.buttons(),
      ),
      this.hint,
      this.filters.root,
      element(
        "section",
        { class: "panel archive-list", "aria-label": "Studies" },
        this.head,
        this.list.root,
        this.empty,
        this.pager.root,
      ),
    );
  }

  async start(): Promise<void> {
    document.body.append(
      element("a", { class: "skip", href: "#main" }, "Skip to content"),
      pageBar("studies", this.help, this.account.root),
      this.main,
      element("div", { class: "dock" }, this.upload.root, this.notices.root),
      this.announcer.root,
      this.help,
    );
    this.recall();
    this.listen();
    await this.account.start();
    this.showHint();
    await this.search();
  }

  private take(found: readonly Found[]): void {
    if (found.length === 0) {
      this.notices.warn("There was no file in it.");
      return;
    }
    this.announcer.say(`${count(found.length, "file")} added.`);
    this.queue.add(found);
  }

  private uploading(progress: Progress): void {
    this.upload.show(progress);
    if (progress.isBusy && progress.bytes > 0)
      this.announcer.progress(
        `${Math.floor((100 * progress.bytesSent) / progress.bytes)} % uploaded`,
      );
  }

  private sayStored(): void {
    const { stored, failed } = this.queue.progress;
    const refused = failed > 0 ? `, ${failed.toLocaleString("en-US")} refused` : "";
    this.announcer.say(`Upload ended: ${count(stored, "file")} stored${refused}.`);
  }

  /** Ask what there is now, but not more often than needed. */
  private lookAgain(afterMs: number): void {
    if (afterMs === 0) clearTimeout(this.looking);
    else if (this.looking !== 0) return;
    this.looking = window.setTimeout(() => {
      this.looking = 0;
      void this.search();
    }, afterMs);
  }

  /** Show what is searched for; what was shown before stays until then. */
  private async search(): Promise<void> {
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    this.main.setAttribute("aria-busy", "true");
    const { filters } = this.filters;
    try {
      const page = await findStudies(filters, this.offset, asking.signal);
      if (asking.signal.aborted) return;
      if (page.studies.length === 0 && this.offset > 0) {
        this.offset = Math.max(0, this.offset - PAGE_STUDIES);
        await this.search();
        return;
      }
      this.show(page, filters);
    } catch (error) {
      if (!asking.signal.aborted) this.fail(error);
    } finally {
      if (this.asking === asking) {
        this.asking = null;
        this.main.removeAttribute("aria-busy");
      }
    }
  }

  private show(page: Page, filters: Filters): void {
    this.page = page;
    const { studies, total } = page;
    this.list.show(studies);
    this.said.textContent =
      this.pager.show(this.offset, studies.length, total) ||
      (total > 0 ? count(total, "study", "studies") : hasFilters(filters) ? "No study found" : "");
    this.head.hidden = total === 0;
    this.empty.hidden = total > 0;
    if (total === 0) fill(this.empty, ...(hasFilters(filters) ? this.noMatch() : this.teach()));
  }

  private fail(error: unknown): void {
    const problem = archiveProblemOf(error);
    if (this.page.studies.length > 0) {
      this.notices.problem(problem, { title: "Try again", run: () => void this.search() });
      return;
    }
    this.empty.hidden = false;
    this.head.hidden = true;
    this.announcer.alarm(`${problem.title}. ${problem.advice}`);
    fill(
      this.empty,
      icon("alert", 32),
      element("h3", {}, problem.title),
      element("p", { class: "dim" }, problem.detail, " ", problem.advice),
      element(
        "button",
        { type: "button", class: "button", onclick: () => void this.search() },
        icon("retry", 18),
        "Try again",
      ),
    );
  }

  private noMatch(): HTMLElement[] {
    return [
      element("h3", {}, "No study matches"),
      element(
        "p",
        { class: "dim" },
        "Names are found by the beginnings of their words; IDs, descriptions and accession " +
          "numbers by any part, in capitals as they are written.",
      ),
      element(
        "button",
        {
          type: "button",
          class: "button",
          onclick: () => {
            this.filters.clear();
          },
        },
        "Clear the search",
      ),
    ];
  }

  /** What an archive is for, where there is nothing in it yet. */
  private teach(): HTMLElement[] {
    const way = (title: string, ...text: (Node | string)[]) =>
      element("li", {}, element("strong", {}, title), element("span", {}, ...text));
    return [
      element("div", { class: "dropzone-icon" }, icon("archive", 44)),
      element("h3", {}, "Drop DICOM files or folders here"),
      element("p", { class: "lead" }, "They stay here until somebody deletes them."),
      element("div", { class: "row center" }, ...this.intake.buttons(true)),
      element(
        "ul",
        { class: "ways" },
        way(
          "From a session",
          "Merge, compress or de-identify in a ",
          element("a", { href: `${ROOT}app` }, "session"),
          ", then keep the results.",
        ),
        way(
          "From other programs",
          "Viewers and scripts store and find studies by DICOMweb at ",
          element("code", {}, `${location.origin}${ROOT}dicom-web`),
          ", with a key.",
        ),
      ),
    ];
  }

  private showHint(): void {
    if (this.account.who.isSignedIn) {
      fill(this.hint, `Archive of ${this.account.who.name}`);
      return;
    }
    fill(
      this.hint,
      "Archive of this browser alone. ",
      element(
        "button",
        { type: "button", class: "link inline", onclick: this.account.open },
        "Sign in",
      ),
      " to see that of an account.",
    );
  }

  private async askRemove(study: Study, series: Series | null): Promise<void> {
    const what =
      series === null
        ? `The study of ${nameOf(study)}, ${count(study.series, "series", "series")} with ` +
          count(study.instances, "instance")
        : `The series ${series.description || series.number} of ${nameOf(study)}, ` +
          count(series.instances, "instance");
    const isSure = await confirmed(
      series === null ? "Delete this study?" : "Delete this series?",
      `${what}, is removed from the archive for good.`,
      "Delete",
    );
    if (!isSure) return;
    try {
      await remove(study.uid, series?.uid ?? "");
      this.announcer.say(series === null ? "The study is deleted." : "The series is deleted.");
    } catch (error) {
      this.notices.problem(archiveProblemOf(error));
    }
    await this.search();
  }

  private async turn(step: number): Promise<void> {
    this.offset = Math.max(0, this.offset + step * PAGE_STUDIES);
    this.remember();
    await this.search();
    scrollTo({ top: 0 });
    this.list.focusFirst();
    this.announcer.say(this.said.textContent);
  }

  /** The search outlives a reload, but is in no address: it names patients. */
  private remember(): void {
    history.replaceState({ filters: this.filters.filters, offset: this.offset }, "");
  }

  private recall(): void {
    const state = history.state as { filters?: Partial<Filters>; offset?: number } | null;
    this.filters.filters = { ...NO_FILTERS, ...state?.filters };
    this.offset = state?.offset ?? 0;
  }

  private listen(): void {
    addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
      if (document.querySelector("dialog[open]") !== null) return;
      if (event.key === "?") this.help.showModal();
      else if (event.key === "o") this.intake.pickFiles();
      else if (event.key === "O") this.intake.pickFolder();
      else if (event.key === "/") {
        event.preventDefault();
        this.filters.focus();
      }
    });
    addEventListener("beforeunload", (event) => {
      if (this.queue.progress.isBusy) event.preventDefault();
    });
    // What others stored meanwhile is there when somebody comes back.
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.lookAgain(0);
    });
  }
}
