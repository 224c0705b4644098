/** The page of resources: inbox, published, archived; uploads, labels, what is done with many. */

import { Account } from "./account";
import { Announcer } from "./announce";
import { helpDialog, pageBar } from "./bar";
import type { Found } from "./dropped";
import { element, fill, icon } from "./element";
import { count } from "./format";
import { Intake, UploadPanel } from "./intake";
import { isWriting } from "./keys";
import { Notices } from "./notices";
import { Pager } from "./pager";
import { resourceProblemOf } from "./problems";
import { ResourceActs } from "./resource_acts";
import { nothingMatches, nothingYet } from "./resource_words";
import { Toolbar, UploadDialog } from "./resource_dialogs";
import { FilterFields } from "./resource_filters";
import { ResourceList } from "./resource_list";
import { ResourcePreview } from "./resource_preview";
import {
  NO_RESOURCE_FILTERS,
  type ResourceFilters,
  STATUSES,
  type Status,
  hasResourceFilters,
} from "./resource_query";
import {
  PAGE_RESOURCES,
  RESOURCE_BYTES_MAX,
  type Resource,
  type ResourcePage,
  type Told,
  countResources,
  findAllResources,
  findResources,
  listChannels,
  saveLabels,
  uploadResource,
} from "./resources";
import { Selection } from "./selection";
import { Tabs } from "./tabs";
import { type Progress, UploadQueue } from "./upload_queue";

const LOOK_AGAIN_MS = 1500;
const PANEL = "resource-panel";
const KEYS = [
  ["/", "Search for a name"],
  ["Esc", "Clear the search"],
  ["\u2191 \u2193", "Resource before, resource after"],
  ["Shift \u2191 \u2193", "Choose several"],
  ["X", "Choose, or choose no more"],
  ["A", "Choose all of this page"],
  ["Enter", "Look at a resource; \u2190 \u2192 go on there"],
  ["1 \u2026 9", "Put a label on or take it off, where one is looked at"],
  ["L", "Labels of what is chosen"],
  ["P", "Publish what is chosen"],
  ["D", "Add what is chosen to a dataset"],
  ["E", "Archive what is chosen"],
  ["Delete", "Delete what is chosen, after asking"],
  ["O", "Upload files"],
  ["Shift O", "Upload a folder"],
  ["?", "This help"],
] as const;

export class ResourcesPage {
  private readonly announcer = new Announcer();
  private readonly notices = new Notices(this.announcer.alarm);
  private readonly account = new Account((problem, act) => {
    this.notices.problem(problem, act);
  });
  private readonly help = helpDialog(
    KEYS,
    "The keys mean the resource with the focus where none is chosen. " +
      "Files and folders can be dropped anywhere, or pasted.",
  );
  private readonly intake = new Intake(
    (found) => void this.take(found),
    (found) => {
      this.announcer.progress(`Found ${count(found, "file")} so far`);
    },
  );
  private readonly sent = new WeakMap<File, { path: string; key: string; told: Told }>();
  private readonly queue = new UploadQueue(
    {
      send: ([file], tell) => {
        const sent = file && this.sent.get(file);
        if (file === undefined || sent === undefined) throw new Error("a file that nobody added");
        return Promise.resolve(uploadResource(file, sent.path, sent.key, sent.told, tell));
      },
      problemOf: resourceProblemOf,
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
    RESOURCE_BYTES_MAX,
    1,
  );
  private readonly upload = new UploadPanel(this.queue, "stored");
  private readonly uploadDialog = new UploadDialog();
  private readonly filters = new FilterFields(() => {
    this.begin();
  });
  private readonly selection = new Selection<Resource>();
  private readonly list = new ResourceList(
    {
      open: (resource) => {
        this.preview.open(resource);
      },
      turn: (resource, isRange) => {
        this.selection.turn(this.page.resources, resource.id, isRange);
        this.mark();
      },
    },
    this.selection,
  );
  private readonly preview = new ResourcePreview({
    shown: () => this.page.resources,
    labelled: (changed) => {
      this.label(changed);
    },
    closed: (resource) => {
      this.list.focusOn(resource.id);
      this.lookAgain(0);
    },
  });
  private readonly tabs = new Tabs("Status", STATUSES, PANEL, (status) => {
    this.status = status;
    this.begin();
  });
  private readonly acts = new ResourceActs({
    meant: () => this.meant,
    shown: () => this.page.resources,
    label: (changed) => {
      this.label(changed);
    },
    attempt: (act) => this.attempt(act),
    clear: () => {
      this.selection.clear();
    },
    changed: () => this.search(),
    say: this.announcer.say,
    warn: (text) => {
      this.notices.warn(text);
    },
  });
  private readonly toolbar = new Toolbar(
    [
      ["check", "Publish", () => void this.acts.publish()],
      ["tag", "Labels", () => void this.acts.editLabels()],
      ["layers", "Add to a dataset", () => void this.acts.addToDataset()],
      ["archive", "Archive", () => void this.acts.archive()],
      ["trash", "Delete", () => void this.acts.remove()],
    ],
    (isWanted) => {
      this.selection.set(this.page.resources, isWanted);
      this.mark();
    },
    () => void this.chooseAll(),
  );
  private readonly said = element("span", { class: "dim", role: "status" });
  private readonly hint = element("p", { class: "dim small hint" });
  private readonly empty = element("div", { class: "studies-empty", hidden: true });
  private readonly pager = new Pager(
    "Pages of resources",
    PAGE_RESOURCES,
    (step) => void this.turn(step),
  );
  private readonly main: HTMLElement;
  private status: Status = "inbox";
  private offset = 0;
  private page: ResourcePage = { resources: [], total: 0 };
  private asking: AbortController | null = null;
  private looking = 0;
  private saving: Promise<void> = Promise.resolve();

  constructor() {
    this.main = element(
      "main",
      { id: "main", tabindex: -1, class: "archive" },
      element(
        "div",
        { class: "archive-head" },
        element("h2", {}, "Resources"),
        this.said,
        element("span", { class: "spacer" }),
        ...this.intake.buttons(),
      ),
      this.hint,
      this.filters.root,
      this.tabs.root,
      element(
        "section",
        { class: "panel archive-list", id: PANEL, role: "tabpanel" },
        this.toolbar.root,
        this.list.root,
        this.empty,
        this.pager.root,
      ),
    );
  }

  async start(): Promise<void> {
    document.body.append(
      element("a", { class: "skip", href: "#main" }, "Skip to content"),
      pageBar("resources", this.help, this.account.root),
      this.main,
      element("div", { class: "dock" }, this.upload.root, this.notices.root),
      this.announcer.root,
      this.preview.dialog,
      this.help,
    );
    this.recall();
    this.mark();
    this.listen();
    await this.account.start();
    const { isSignedIn, name } = this.account.who;
    this.hint.textContent = isSignedIn
      ? `Resources of ${name}`
      : "Resources of this browser alone. Sign in to see those of an account.";
    await this.search();
  }

  private async take(found: readonly Found[]): Promise<void> {
    if (found.length === 0) {
      this.notices.warn("There was no file in it.");
      return;
    }
    if (document.querySelector("dialog[open]") !== null) return;
    const told = await this.uploadDialog.ask(found.length);
    if (told === null) return;
    for (const { file, path } of found) this.sent.set(file, { path, key: randomKey(), told });
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

  /** Search from the first page on, with nothing chosen. */
  private begin(): void {
    this.offset = 0;
    this.selection.clear();
    this.remember();
    void this.search();
  }

  /** Show what is searched for; what was shown before stays until then. */
  private async search(): Promise<void> {
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    this.main.setAttribute("aria-busy", "true");
    const { filters } = this.filters;
    try {
      await this.saving; // Labels that are being saved are not shown as they were.
      const found = findResources(filters, this.status, this.offset, asking.signal);
      const [page, counts, channels] = await Promise.all([
        found,
        countResources(filters, [this.status, found], asking.signal),
        listChannels(),
      ]);
      if (asking.signal.aborted) return;
      this.tabs.count(counts);
      this.filters.offer(channels);
      this.uploadDialog.offer(channels);
      if (page.resources.length === 0 && this.offset > 0) {
        this.offset = Math.max(0, this.offset - PAGE_RESOURCES);
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

  private show(page: ResourcePage, filters: ResourceFilters): void {
    this.page = page;
    const { resources, total } = page;
    this.selection.renew(resources);
    this.list.show(resources);
    this.said.textContent =
      this.pager.show(this.offset, resources.length, total) ||
      (total > 0 ? count(total, "resource") : "");
    this.toolbar.root.hidden = total === 0;
    this.empty.hidden = total > 0;
    const words = hasResourceFilters(filters)
      ? nothingMatches(() => {
          this.filters.clear();
        })
      : nothingYet(this.status, this.intake.buttons(true));
    fill(this.empty, ...words);
    this.mark();
  }

  private mark(): void {
    const { resources, total } = this.page;
    const isWhole = resources.length > 0 && resources.every((one) => this.selection.has(one.id));
    this.toolbar.show(this.selection.size, isWhole, resources.length, total);
    this.list.mark();
  }

  private fail(error: unknown): void {
    const problem = resourceProblemOf(error);
    if (this.page.resources.length > 0) {
      this.notices.problem(problem, { title: "Try again", run: () => void this.search() });
      return;
    }
    this.empty.hidden = false;
    this.toolbar.root.hidden = true;
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

  /** What is meant by a key: what is chosen, else the row that has the focus. */
  private get meant(): Resource[] {
    const { current } = this.list;
    if (this.selection.size > 0) return this.selection.all;
    return current === null ? [] : [current];
  }

  private async chooseAll(): Promise<void> {
    await this.attempt(async () => {
      this.selection.set(await findAllResources(this.filters.filters, this.status), true);
      this.announcer.say(`${count(this.selection.size, "resource")} chosen.`);
      this.mark();
    });
  }

  /** Show labels at once, and save them one change after the other. */
  private label(changed: readonly Resource[]): void {
    const renewed = new Map(changed.map((one) => [one.id, one]));
    const resources = this.page.resources.map((one) => renewed.get(one.id) ?? one);
    this.page = { ...this.page, resources };
    this.selection.renew(changed);
    this.list.show(resources);
    this.saving = this.saving.then(() => this.attempt(() => saveLabels(changed)));
  }

  private async attempt(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.notices.problem(resourceProblemOf(error));
    }
  }

  private async turn(step: number): Promise<void> {
    this.offset = Math.max(0, this.offset + step * PAGE_RESOURCES);
    this.remember();
    await this.search();
    scrollTo({ top: 0 });
    this.list.focusFirst();
    this.announcer.say(this.said.textContent);
  }

  /** The search outlives a reload, but is in no address: names may be those of patients. */
  private remember(): void {
    const { filters } = this.filters;
    history.replaceState({ filters, offset: this.offset, status: this.status }, "");
  }

  private recall(): void {
    const state = history.state as {
      filters?: Partial<ResourceFilters>;
      offset?: number;
      status?: Status;
    } | null;
    this.filters.filters = { ...NO_RESOURCE_FILTERS, ...state?.filters };
    this.offset = state?.offset ?? 0;
    this.status = state?.status ?? "inbox";
    this.tabs.show(this.status);
  }

  private listen(): void {
    const acts: Record<string, () => void> = {
      "?": () => {
        this.help.showModal();
      },
      o: this.intake.pickFiles,
      O: this.intake.pickFolder,
      "/": () => {
        this.filters.focus();
      },
      a: () => {
        this.selection.set(this.page.resources, !this.toolbar.box.checked);
        this.mark();
      },
      l: () => void this.acts.editLabels(),
      p: () => void this.acts.publish(),
      d: () => void this.acts.addToDataset(),
      e: () => void this.acts.archive(),
      Delete: () => void this.acts.remove(),
    };
    addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
      if (document.querySelector("dialog[open]") !== null) return;
      const act = acts[event.key];
      if (act === undefined) return;
      event.preventDefault();
      act();
    });
    addEventListener("beforeunload", (event) => {
      if (this.queue.progress.isBusy) event.preventDefault();
    });
    // What others did meanwhile is there when somebody comes back.
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.lookAgain(0);
    });
  }
}

/** Browsers offer `randomUUID` on secure origins only. */
function randomKey(): string {
  const random = crypto.getRandomValues(new Uint8Array(16));
  return [...random].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
