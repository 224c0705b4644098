/** Every request about resources, and the shapes of the answers. */

import { sentence } from "./format";
import { groupsOf } from "./labels";
import { ServiceError } from "./problems";
import { ROOT, type Sending, json, request, sendForm } from "./requests";
import { type ResourceFilters, STATUSES, type Status, resourceQuery } from "./resource_query";
import { list, number, record, text, time } from "./values";

export interface Resource {
  readonly id: string;
  /** As it was uploaded, perhaps with folders. */
  readonly path: string;
  readonly name: string;
  readonly mimetype: string;
  readonly size: number;
  readonly status: Status;
  readonly channel: string;
  readonly modality: string;
  readonly labels: readonly string[];
  readonly createdMs: number;
  readonly createdBy: string;
  /** Empty for what is no DICOM. */
  readonly study: string;
  readonly series: string;
  readonly instance: string;
  readonly frames: number;
  /** Why a file that seems to be DICOM is not shown as such. */
  readonly note: string;
  readonly sha256: string;
}

export interface ResourcePage {
  readonly resources: readonly Resource[];
  readonly total: number;
}

export interface Channel {
  readonly name: string;
  readonly count: number;
}

/** What somebody says of files that they upload. */
export interface Told {
  readonly channel: string;
  readonly labels: readonly string[];
  readonly publish: boolean;
}

export const PAGE_RESOURCES = 50;
/** What the server takes as one file by default; it may be told less or more. */
export const RESOURCE_BYTES_MAX = 34_359_738_368;

const AT_ONCE_MAX = 1000;
/** Ids in an address, which must not become too long. */
const IN_ADDRESS_MAX = 100;
const TEXT_BYTES = 20_000;

/** Return a page of what fits; `status` is one, or several with commas. */
export async function findResources(
  filters: ResourceFilters,
  status: string,
  offset: number,
  signal?: AbortSignal,
  limit = PAGE_RESOURCES,
): Promise<ResourcePage> {
  const query = resourceQuery(filters, status, new Date());
  query.set("offset", String(offset));
  query.set("limit", String(limit));
  const asked = await request("GET", `resources?${query.toString()}`, signal ? { signal } : {});
  const answer = record(await asked.json());
  const resources = list(record(list(answer.data)[0]).resources).map(resourceOf);
  return { resources, total: number(answer.totalCount) };
}

/** Return all that fit. */
export async function findAllResources(
  filters: ResourceFilters,
  status: Status,
): Promise<Resource[]> {
  const found: Resource[] = [];
  for (;;) {
    const page = await findResources(filters, status, found.length, undefined, AT_ONCE_MAX);
    found.push(...page.resources);
    if (page.resources.length === 0 || found.length >= page.total) return found;
  }
}

/** Return how many fit in each status; `known`: of one that was asked for already. */
export async function countResources(
  filters: ResourceFilters,
  known: readonly [Status, Promise<ResourcePage>],
  signal: AbortSignal,
): Promise<Record<Status, number>> {
  const counts = await Promise.all(
    STATUSES.map(async ([status]) => {
      const asked = known[0] === status ? known[1] : findResources(filters, status, 0, signal, 1);
      return [status, (await asked).total] as const;
    }),
  );
  return Object.fromEntries(counts) as Record<Status, number>;
}

export async function listChannels(): Promise<Channel[]> {
  const answer = record(await json("GET", `resources/channels?resources=0&limit=${AT_ONCE_MAX}`));
  return list(answer.data).map((value) => {
    const one = record(value);
    return { name: text(one.channel_name), count: Number(text(one.resource_count)) };
  });
}

/** Publish what is in the inbox; return how many were. */
export async function publish(ids: readonly string[]): Promise<number> {
  let published = 0;
  for (const some of batches(ids, AT_ONCE_MAX)) {
    const answer = record(await json("POST", "resources/bulk-publish", { resource_ids: some }));
    published += list(answer.published).length;
  }
  return published;
}

export async function archive(ids: readonly string[]): Promise<void> {
  for (const some of batches(ids, AT_ONCE_MAX))
    await request("POST", "resources/bulk-archive", { body: { resource_ids: some } });
}

export async function removeResources(ids: readonly string[]): Promise<void> {
  for (const some of batches(ids, IN_ADDRESS_MAX))
    await request("DELETE", `resources?resource_ids=${some.join(",")}`);
}

/** Give resources the labels that they have here. */
export async function saveLabels(resources: readonly Resource[]): Promise<void> {
  for (const { labels, ids } of groupsOf(resources))
    for (const some of batches(ids, AT_ONCE_MAX))
      await request("PUT", "resources/tags", { body: { resource_ids: some, labels } });
}

/** Send one file; `key` is the same when it is sent again, so that it becomes one resource. */
export function uploadResource(
  file: File,
  path: string,
  key: string,
  told: Told,
  tell: (loaded: number, total: number) => void,
): Sending<string[]> {
  const form = new FormData();
  form.append("source", "web");
  form.append("source_filepath", path);
  if (told.channel !== "") form.append("channel", told.channel);
  for (const [index, label] of told.labels.entries()) form.append(`labels[${index}]`, label);
  form.append("bypass_inbox", String(told.publish));
  form.append("resource", file, file.name);
  return sendForm("resources", form, tell, () => [""], [200, 201], { "Idempotency-Key": key });
}

/** Return the beginning of a text file, and whether there is more. */
export async function readText(resource: Resource): Promise<{ said: string; isCut: boolean }> {
  const headers = { Range: `bytes=0-${TEXT_BYTES - 1}` };
  try {
    const answer = await request("GET", filePath(resource), { headers });
    return { said: await answer.text(), isCut: resource.size > TEXT_BYTES };
  } catch (error) {
    if (error instanceof ServiceError && error.status === 416) return { said: "", isCut: false };
    throw error;
  }
}

export function fileUrl(resource: Resource): string {
  return ROOT + filePath(resource);
}

/** Return the address of one frame of a DICOM resource as a picture; frames count from 0. */
export function resourceFrameUrl(resource: Resource, frameIndex: number): string {
  return `${ROOT}resources/${resource.id}/frames/${frameIndex}`;
}

export function isDicom(resource: Resource): boolean {
  return resource.instance !== "";
}

/** Return the address of a small picture; "" where there is none. */
export function smallPictureUrl(resource: Resource): string {
  const { study, series, instance, note, mimetype, size } = resource;
  if (isDicom(resource))
    return note === ""
      ? `${ROOT}dicom-web/studies/${study}/series/${series}/instances/${instance}` +
          "/thumbnail?viewport=96,96&accept=image/jpeg"
      : "";
  return mimetype.startsWith("image/") && size < SMALL_BYTES_MAX ? fileUrl(resource) : "";
}

const SMALL_BYTES_MAX = 2_000_000;

function filePath(resource: Resource): string {
  return `resources/${resource.id}/file`;
}

function batches<T>(all: readonly T[], most: number): T[][] {
  const count = Math.ceil(all.length / most);
  return Array.from({ length: count }, (_, index) => all.slice(index * most, (index + 1) * most));
}

export function resourceOf(value: unknown): Resource {
  const one = record(value);
  const path = text(one.filename);
  return {
    id: text(one.id),
    path,
    name: path.slice(path.lastIndexOf("/") + 1) || path,
    mimetype: text(one.mimetype),
    size: number(one.size),
    status: text(one.status) as Status,
    channel: text(one.channel),
    modality: text(one.modality),
    labels: list(one.labels).map(text),
    createdMs: time(one.created_at),
    createdBy: text(one.created_by),
    study: text(one.study_uid),
    series: text(one.series_uid),
    instance: text(one.instance_uid),
    frames: number(one.frames),
    note: sentence(text(one.note)),
    sha256: text(one.sha256),
  };
}
