/** Every request about sessions that the page makes, and the shapes of the answers. */

import { ROOT, type Sending, json, request, sendForm } from "./requests";
import { list, number, record, text, time } from "./values";
import { type Window, windowText } from "./windowing";

export interface Session {
  readonly id: string;
  readonly expiresMs: number;
}

export interface NamedFile {
  readonly name: string;
  readonly size: number;
  readonly viewUrl: string;
}

/** So many files of so many bytes. */
export interface Totals {
  readonly files: number;
  readonly size: number;
}

/** One frame of a series: the name of its file, and the number of the frame, from 1. */
export interface Slice {
  readonly name: string;
  readonly frame: number;
}

export interface Series {
  readonly id: string;
  readonly kind: "input" | "output";
  readonly title: string;
  /** The action that made a result. */
  readonly action: string;
  readonly modality: string;
  readonly rows: number;
  readonly columns: number;
  readonly size: number;
  readonly files: number;
  readonly slices: readonly Slice[];
  /** The window of the header, where there is one. */
  readonly window: Window | null;
  /** Millimetres between rows and between columns. */
  readonly spacing: readonly [number, number] | null;
}

export interface Found {
  readonly input: Totals;
  readonly output: Totals;
  readonly series: readonly Series[];
  /** Files that are no images or no DICOM. */
  readonly other: readonly { name: string; size: number; reason: string }[];
}

export const NOTHING_FOUND: Found = {
  input: { files: 0, size: 0 },
  output: { files: 0, size: 0 },
  series: [],
  other: [],
};

export interface ActionOption {
  readonly name: string;
  readonly type: "boolean" | "string" | "array";
  readonly default: string | boolean | readonly string[];
  readonly description: string;
  readonly choices: readonly string[];
  readonly form: string;
}

export interface ActionRow {
  readonly name: string;
  readonly options: readonly ActionOption[];
}

export interface Result {
  readonly success: boolean;
  readonly action: string;
  readonly log: string;
  readonly outputs: readonly NamedFile[];
  readonly failed: readonly { name: string; reason: string }[];
  readonly error: string;
}

export type JobState = "queued" | "running" | "done" | "failed" | "cancelled" | "timed_out";

export interface Job {
  readonly id: string;
  readonly action: string;
  readonly state: JobState;
  readonly startedMs: number;
  readonly finishedMs: number;
  readonly done: number;
  readonly total: number;
  readonly label: string;
  readonly result: Result | null;
}

export interface HeaderRow {
  readonly depth: number;
  readonly tag: string;
  readonly vr: string;
  readonly name: string;
  readonly value: string;
}

export async function createSession(): Promise<Session> {
  const answer = record(await json("POST", "api/session"));
  return { id: text(answer.session_id), expiresMs: time(answer.expires_at) };
}

export async function deleteSession(id: string): Promise<void> {
  await request("DELETE", `api/session/${id}`);
}

export async function findSeries(id: string): Promise<Found> {
  const answer = record(await json("GET", `api/series/${id}`));
  return {
    input: totals(answer.input),
    output: totals(answer.output),
    series: list(answer.series).map(seriesOf),
    other: list(answer.other).map((value) => {
      const one = record(value);
      return { name: text(one.name), size: number(one.size), reason: text(one.reason) };
    }),
  };
}

/** Return the SHA-256 digests of what is uploaded, so that it need not be sent again. */
export async function listDigests(id: string): Promise<Set<string>> {
  const answer = record(await json("GET", `api/series/${id}/digests`));
  return new Set(list(answer.digests).map(text));
}

export async function getSession(id: string): Promise<Session> {
  const answer = record(await json("GET", `api/session/${id}`));
  return { id: text(answer.session_id), expiresMs: time(answer.expires_at) };
}

/** Return the jobs of a session, oldest first. */
export async function listJobs(id: string): Promise<Job[]> {
  return list(record(await json("GET", `api/jobs/${id}`)).jobs).map(jobOf);
}

export async function listActions(): Promise<ActionRow[]> {
  const answer = await json("GET", "v1/actions");
  return list(Array.isArray(answer) ? answer : record(answer).actions).map((value) => {
    const row = record(value);
    return {
      name: text(row.name),
      options: list(row.options).map(optionOf),
    };
  });
}

/** Begin an action; `source` is what it works on. */
export async function startProcess(
  id: string,
  action: string,
  options: Record<string, unknown>,
  params: string,
  source: "input" | "output",
): Promise<Job> {
  const body = {
    action,
    ...(params === "" ? {} : { params }),
    ...(Object.keys(options).length === 0 ? {} : { options }),
    ...(source === "output" ? { input: "output" } : {}),
  };
  return jobOf(await json("POST", `api/process/${id}?async=1`, body));
}

export async function getJob(session: string, id: string): Promise<Job> {
  return jobOf(await json("GET", `api/jobs/${session}/${id}`));
}

export async function cancelJob(session: string, id: string): Promise<void> {
  await request("DELETE", `api/jobs/${session}/${id}`);
}

/** Return the elements of a file, nested ones after the one that holds them. */
export async function readHeaders(
  session: string,
  name: string,
): Promise<{ rows: HeaderRow[]; isCut: boolean }> {
  const answer = record(await json("GET", `api/headers/${session}/${encodeURIComponent(name)}`));
  const rows = list(answer.elements).map((value) => {
    const row = record(value);
    return {
      depth: number(row.depth),
      tag: text(row.tag),
      vr: text(row.vr),
      name: text(row.name),
      value: text(row.value),
    };
  });
  return { rows, isCut: answer.is_cut === true };
}

export function jobEventsUrl(session: string, id: string): string {
  return `${ROOT}api/jobs/${session}/${id}/events`;
}

export function downloadUrl(id: string, name: string): string {
  return `${ROOT}api/download/${id}/${encodeURIComponent(name)}`;
}

export function downloadAllUrl(id: string): string {
  return `${ROOT}api/download/${id}`;
}

/** Return the address of an output under its own media type: pictures, videos, text. */
export function viewUrl(id: string, name: string): string {
  return `${ROOT}api/view/${id}/${encodeURIComponent(name)}`;
}

/** Return the address of VolView with a file of a session. */
export function volviewUrl(view: string): string {
  return `${ROOT}volview/?urls=${encodeURIComponent(view)}`;
}

/** Return one frame as a picture. */
export async function getFrame(
  id: string,
  slice: Slice,
  window: Window | null,
  signal: AbortSignal,
): Promise<ImageBitmap> {
  const response = await request("GET", framePath(id, slice, window), { signal });
  return createImageBitmap(await response.blob());
}

/** Return the address of a frame, for a thumbnail. */
export function frameUrl(id: string, slice: Slice, window: Window | null): string {
  return ROOT + framePath(id, slice, window);
}

function framePath(id: string, slice: Slice, window: Window | null): string {
  const query = window === null ? "" : `?window=${windowText(window)}`;
  return `api/frames/${id}/${encodeURIComponent(slice.name)}/${slice.frame}${query}`;
}

/** Return an output as text, for a preview. */
export async function getText(id: string, name: string): Promise<string> {
  return (await request("GET", `api/view/${id}/${encodeURIComponent(name)}`)).text();
}

/** Send files in one request; `tell` hears how many bytes of how many are sent. */
export function upload(
  id: string,
  files: readonly File[],
  tell: (loaded: number, total: number) => void,
): Sending<string[]> {
  const form = new FormData();
  for (const file of files) form.append("files", file, file.name);
  // The server stores all files of a request, or none.
  return sendForm(`api/upload/${id}`, form, tell, () => files.map(() => ""));
}

/** Return a job out of the text of an event or an answer. */
export function jobOf(value: unknown): Job {
  const job = record(value);
  const progress = record(job.progress);
  const result = job.result;
  return {
    id: text(job.job_id),
    action: text(job.action),
    state: text(job.status) as JobState,
    startedMs: time(job.started_at),
    finishedMs: time(job.finished_at),
    done: number(progress.done),
    total: number(progress.total),
    label: text(progress.label),
    result: typeof result === "object" && result !== null ? resultOf(record(result)) : null,
  };
}

function seriesOf(value: unknown): Series {
  const one = record(value);
  const window = list(one.window).map(number);
  const spacing = list(one.spacing).map(number);
  return {
    id: text(one.id),
    kind: one.kind === "output" ? "output" : "input",
    title: text(one.title),
    action: text(one.action),
    modality: text(one.modality),
    rows: number(one.rows),
    columns: number(one.columns),
    size: number(one.size),
    files: list(one.files).length,
    slices: list(one.files).flatMap(slicesOf),
    window: pair(window) ? { center: window[0], width: window[1] } : null,
    spacing: pair(spacing) && spacing[0] > 0 && spacing[1] > 0 ? spacing : null,
  };
}

/** A file of a series is `[name, number of frames]`. */
function slicesOf(value: unknown): Slice[] {
  const [name, frames] = list(value);
  return Array.from({ length: number(frames) }, (_, index) => ({
    name: text(name),
    frame: index + 1,
  }));
}

function totals(value: unknown): Totals {
  const one = record(value);
  return { files: number(one.files), size: number(one.size) };
}

function optionOf(value: unknown): ActionOption {
  const one = record(value);
  const given = one.default;
  return {
    name: text(one.name),
    type: text(one.type) as ActionOption["type"],
    default: Array.isArray(given)
      ? given.map(text)
      : typeof given === "boolean"
        ? given
        : text(given),
    description: text(one.description),
    choices: list(one.choices).map(text),
    form: text(one.form),
  };
}

/** Return what a process answers. */
export function resultOf(one: Record<string, unknown>): Result {
  return {
    success: one.success === true,
    action: text(one.action),
    log: text(one.log),
    outputs: namedFiles(one.output_files),
    failed: list(one.failed).map((value) => {
      const failure = record(value);
      return { name: text(failure.name), reason: text(failure.reason) };
    }),
    error: text(one.error),
  };
}

function namedFiles(value: unknown): NamedFile[] {
  return list(value).map((item) => {
    const one = record(item);
    return { name: text(one.name), size: number(one.size), viewUrl: text(one.view_url) };
  });
}

function pair(values: number[]): values is [number, number] {
  return values.length === 2;
}
