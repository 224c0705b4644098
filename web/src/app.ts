/** The page as a whole: one session, its files, what is done with them. */

import { type Order, ActionList } from "./action_list";
import { Account } from "./account";
import { Announcer } from "./announce";
import { confirmed } from "./bar";
import type { Facts } from "./catalogue";
import type { Found as FoundFile } from "./dropped";
import { element, fill } from "./element";
import { isEnded } from "./follow";
import { count } from "./format";
import { HeaderTable } from "./header_table";
import { Intake, UploadPanel } from "./intake";
import { isWriting } from "./keys";
import { forgetSession, rememberSession, rememberedSession } from "./memory";
import { Notices } from "./notices";
import { type Problem, ServiceError, problemOf } from "./problems";
import { Runs } from "./runs";
import { SeriesList } from "./series_list";
import {
  type Found,
  NOTHING_FOUND,
  type Series,
  createSession,
  deleteSession,
  findSeries,
  getSession,
  listActions,
  listDigests,
  listJobs,
  startProcess,
  upload,
} from "./service";
import { TopBar } from "./top_bar";
import { type Progress, UploadQueue } from "./upload_queue";
import { Viewer } from "./viewer";

const LOOK_AGAIN_MS = 1500;
const REQUEST_BYTES_MAX = 524_288_000;

export class App {
  private readonly announcer = new Announcer();
  private readonly notices = new Notices(this.announcer.alarm);
  private readonly account = new Account((problem, act) => {
    this.notices.problem(problem, act);
  });
  private readonly bar = new TopBar(
    {
      ended: () => void this.askEnd(),
      expired: () => {
        this.gone(problemOf(new ServiceError(404, "")));
      },
      warn: (text) => {
        this.notices.warn(text);
      },
    },
    this.account.root,
  );
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
      send: async (files, tell) => upload(await this.sessionId(), files, tell),
      problemOf,
      changed: (progress) => {
        this.uploading(progress);
      },
      stored: (isEnd) => {
        this.lookAgain(isEnd ? 0 : LOOK_AGAIN_MS);
        if (isEnd)
          this.announcer.say(`Upload ended: ${count(this.queue.progress.stored, "file")} stored.`);
      },
      gone: (problem) => {
        this.gone(problem);
      },
      known: () => this.digests,
    },
    REQUEST_BYTES_MAX,
  );
  private readonly upload = new UploadPanel(this.queue, "uploaded");
  private readonly series = new SeriesList((series) => {
    this.look(series);
  });
  private readonly viewer = new Viewer(this.announcer.say);
  private readonly headers = new HeaderTable();
  private readonly actions = new ActionList((order) => void this.run(order));
  private readonly runs = new Runs({
    say: this.announcer.say,
    sayProgress: this.announcer.progress,
    ended: () => {
      this.lookAgain(0);
      this.hold();
    },
    gone: (error) => {
      this.trouble(error);
    },
    look: (name) => this.lookAt(name),
  });
  private readonly tabs = element("div", { class: "tabs", role: "tablist", "aria-label": "View" });
  private readonly main = element("main", { id: "main", tabindex: -1 });
  private readonly work: HTMLElement;
  private readonly welcome = this.intake.welcome();

  private session = "";
  /** Who acts is known. */
  private known = Promise.resolve();
  private starting: Promise<string> | null = null;
  private digests: Promise<ReadonlySet<string>> = Promise.resolve(new Set<string>());
  private found: Found = NOTHING_FOUND;
  private looking = 0;
  private tab: "images" | "headers" = "images";
  private isUploading = false;

  constructor() {
    this.work = element(
      "div",
      { class: "work", hidden: true },
      element(
        "div",
        { class: "rail left" },
        this.upload.root,
        this.series.root,
        element("div", { class: "add-more" }, ...this.intake.buttons()),
      ),
      element("div", { class: "center" }, this.tabs, this.viewer.root, this.headers.root),
      element("div", { class: "rail right" }, this.runs.root, this.actions.root),
    );
  }

  start(): void {
    this.drawTabs();
    fill(this.main, this.welcome, this.work);
    document.body.append(
      element("a", { class: "skip", href: "#main" }, "Skip to content"),
      this.bar.root,
      this.main,
      this.notices.root,
      this.announcer.root,
      this.bar.help,
    );
    this.listen();
    this.known = this.account.start();
    void this.known.then(() => {
      void this.loadActions();
      void this.resume();
    });
  }

  /** Go on with the session of before a reload, if it is still there. */
  private async resume(): Promise<void> {
    const id = rememberedSession(this.account.who.isSignedIn);
    if (id === null) return;
    try {
      const session = await getSession(id);
      this.begin(session.id, session.expiresMs);
      this.digests = listDigests(id).catch(() => new Set<string>());
      await this.refresh();
      for (const job of await listJobs(id))
        this.runs.add(id, job, isEnded(job.state) ? 0 : this.found.input.size);
      this.hold();
    } catch (error) {
      if (problemOf(error).isGone) forgetSession(this.account.who.isSignedIn);
      else this.trouble(error, { title: "Try again", run: () => void this.resume() });
    }
  }

  private take(found: readonly FoundFile[]): void {
    if (found.length === 0) {
      this.notices.warn("There was no file in it.");
      return;
    }
    this.announcer.say(`${count(found.length, "file")} added.`);
    this.queue.add(found);
    this.showWork();
  }

  /** Return the id of the session, making one at the first need. */
  private sessionId(): Promise<string> {
    if (this.session !== "") return Promise.resolve(this.session);
    this.starting ??= this.known
      .then(createSession)
      .then((session) => {
        this.begin(session.id, session.expiresMs);
        return session.id;
      })
      .finally(() => {
        this.starting = null;
      });
    return this.starting;
  }

  private begin(id: string, expiresMs: number): void {
    this.session = id;
    rememberSession(id, this.account.who.isSignedIn);
    this.bar.session(expiresMs);
    this.showWork();
  }

  private showWork(): void {
    this.welcome.hidden = true;
    this.work.hidden = false;
    document.body.classList.add("is-working");
  }

  private uploading(progress: Progress): void {
    this.upload.show(progress);
    if (progress.isBusy && progress.bytes > 0)
      this.announcer.progress(
        `${Math.floor((100 * progress.bytesSent) / progress.bytes)} % uploaded`,
      );
    if (progress.isBusy !== this.isUploading) {
      this.isUploading = progress.isBusy;
      this.hold();
    }
  }

  /** Ask what the session holds now, but not more often than needed. */
  private lookAgain(afterMs: number): void {
    if (afterMs === 0) clearTimeout(this.looking);
    else if (this.looking !== 0) return;
    this.looking = window.setTimeout(() => {
      this.looking = 0;
      this.refresh().catch((error: unknown) => {
        this.trouble(error);
      });
    }, afterMs);
  }

  private async refresh(): Promise<void> {
    const { session } = this;
    if (session === "") return;
    const found = await findSeries(session);
    if (session !== this.session) return;
    this.found = found;
    this.series.show(session, found);
    const current = this.series.current;
    const first = found.series[0];
    if (current === undefined && first !== undefined) this.look(first);
    else if (current !== undefined) this.viewer.update(current);
    this.hold();
  }

  private look(series: Series): void {
    this.series.select(series.id);
    this.viewer.show(this.session, series);
    this.showTab(this.tab);
  }

  private lookAt(name: string): boolean {
    const series = this.found.series.find(
      (one) => one.kind === "output" && one.slices.some((slice) => slice.name === name),
    );
    if (series === undefined) return false;
    this.tab = "images";
    this.look(series);
    this.viewer.goTo(name);
    this.viewer.root.scrollIntoView({ block: "nearest" });
    return true;
  }

  private showTab(tab: "images" | "headers"): void {
    this.tab = tab;
    this.viewer.root.hidden = tab !== "images";
    this.headers.root.hidden = tab !== "headers";
    this.drawTabs();
    const name = this.viewer.currentName;
    if (tab === "headers" && name !== "") void this.headers.show(this.session, name);
  }

  private drawTabs(): void {
    const choices = [
      ["images", "Images"],
      ["headers", "Headers"],
    ] as const;
    if (this.tabs.childElementCount === 0)
      fill(
        this.tabs,
        ...choices.map(([value, title]) =>
          element(
            "button",
            {
              type: "button",
              role: "tab",
              class: "tab",
              "data-tab": value,
              onclick: () => {
                this.showTab(value);
              },
              onkeydown: (event: KeyboardEvent) => {
                if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
                this.showTab(this.tab === "images" ? "headers" : "images");
                this.tabs.querySelector<HTMLElement>('[aria-selected="true"]')?.focus();
              },
            },
            title,
          ),
        ),
      );
    for (const tab of this.tabs.querySelectorAll<HTMLElement>("[role=tab]")) {
      const isChosen = tab.dataset.tab === this.tab;
      tab.setAttribute("aria-selected", String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
    }
  }

  /** Say to the actions what there is, and what keeps them from beginning. */
  private hold(): void {
    const why =
      this.found.input.files === 0
        ? "Add files first."
        : this.isUploading
          ? "Waiting for the upload."
          : this.runs.isBusy
            ? "Waiting for the run above."
            : "";
    this.actions.show({ input: this.factsOf("input"), output: this.factsOf("output") }, why);
  }

  private factsOf(kind: "input" | "output"): Facts {
    const series = this.found.series.filter((one) => one.kind === kind);
    return {
      files: this.found[kind].files,
      series: series.length,
      frames: series.reduce((sum, one) => sum + one.slices.length, 0),
    };
  }

  private async run({ action, options, params, source }: Order): Promise<void> {
    try {
      const job = await startProcess(this.session, action, options, params, source);
      const run = this.runs.add(this.session, job, this.found[source].size);
      this.hold();
      const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      this.actions.close();
      run.root.focus({ preventScroll: true });
      run.root.scrollIntoView({ block: "nearest", behavior: isCalm ? "auto" : "smooth" });
    } catch (error) {
      const wait = error instanceof ServiceError ? error.retryAfterMs : 0;
      const again = () => void this.run({ action, options, params, source });
      if (wait > 0) this.notices.countdown(problemOf(error), wait, again);
      else this.trouble(error, { title: "Try again", run: again });
    }
  }

  private async loadActions(): Promise<void> {
    try {
      this.actions.load(await listActions());
      this.hold();
    } catch (error) {
      this.trouble(error, { title: "Try again", run: () => void this.loadActions() });
    }
  }

  private trouble(error: unknown, act?: { title: string; run: () => void }): void {
    const problem = problemOf(error);
    if (problem.isGone) this.gone(problem);
    else this.notices.problem(problem, problem.mayRetry ? act : undefined);
  }

  /** The session is no more: offer a new one, with the same files where they are at hand. */
  private gone(problem: Problem): void {
    if (this.session === "" && rememberedSession(this.account.who.isSignedIn) === null) return;
    const hasFiles = this.queue.progress.items.length > 0;
    this.forget();
    this.notices.problem(problem, {
      title: hasFiles ? "Upload again" : "Start again",
      run: () => {
        if (hasFiles) this.queue.restart();
        else this.reset();
      },
    });
  }

  private async askEnd(): Promise<void> {
    const isSure = await confirmed(
      "End this session?",
      "All its files are deleted from the server now, results too. Your own files stay as they are.",
      "End and delete",
    );
    if (!isSure) return;
    const { session } = this;
    this.queue.clear();
    try {
      await deleteSession(session);
      this.announcer.say("The session has ended; its files are deleted.");
    } catch (error) {
      if (!problemOf(error).isGone) {
        this.trouble(error);
        return;
      }
    }
    this.forget();
    this.reset();
  }

  private forget(): void {
    this.session = "";
    this.digests = Promise.resolve(new Set<string>());
    forgetSession(this.account.who.isSignedIn);
    this.bar.session(0);
    this.runs.clear();
    this.viewer.clear();
    this.found = NOTHING_FOUND;
    this.series.show("", this.found);
    this.hold();
  }

  private reset(): void {
    this.queue.clear();
    this.notices.clear();
    this.work.hidden = true;
    this.welcome.hidden = false;
    document.body.classList.remove("is-working");
    this.main.focus();
  }

  private listen(): void {
    addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
      if (document.querySelector("dialog[open]") !== null) return;
      if (event.key === "?") this.bar.help.showModal();
      else if (event.key === "o") this.intake.pickFiles();
      else if (event.key === "O") this.intake.pickFolder();
    });
    addEventListener("beforeunload", (event) => {
      if (this.queue.progress.isBusy) event.preventDefault();
    });
  }
}
