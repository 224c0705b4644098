/** Every request about datasets, and the shapes of the answers. */

import { ServiceError } from "./problems";
import { ROOT, json, request } from "./requests";
import { type Split, splitsOf } from "./shares";
import { list, number, record, text, time } from "./values";

export interface Dataset {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly resources: number;
  readonly updatedMs: number;
  /** Of the newest snapshot; 0: there is none. */
  readonly version: number;
  /** What a snapshot would be now: the newest one where nothing changed since. */
  readonly nextVersion: number;
}

/** A snapshot: it never changes. */
export interface Version {
  readonly id: string;
  readonly version: number;
  readonly sha256: string;
  readonly resources: number;
  readonly size: number;
  readonly createdMs: number;
  readonly splits: readonly Split[];
}

/** What a dataset is made from: these, or all that have this in common. */
export type Choice =
  | { readonly resource_ids: readonly string[] }
  | {
      readonly channel: string;
      readonly labels: readonly string[];
      readonly status: string;
      readonly all_labels: true;
    };

const MOST = 1000;

export async function listDatasets(): Promise<Dataset[]> {
  const answer = record(await json("GET", `datasets?limit=${MOST}`));
  return list(answer.data).map(datasetOf);
}

export async function createDataset(
  name: string,
  description: string,
  choice: Choice,
): Promise<Dataset> {
  return datasetOf(await json("POST", "datasets", { name, description, ...choice }));
}

export async function addToDataset(id: string, choice: Choice): Promise<void> {
  const body = "resource_ids" in choice ? { resource_ids_to_add: choice.resource_ids } : choice;
  await request("POST", `datasets/${id}/resources`, { body });
}

export async function removeDataset(id: string): Promise<void> {
  await request("DELETE", `datasets/${id}`);
}

/** Return the snapshots, the newest first. */
export async function listVersions(id: string): Promise<Version[]> {
  const answer = record(await json("GET", `datasets/${id}/versions`));
  const versions = list(answer.data).map(versionOf);
  return versions.sort((one, other) => other.version - one.version);
}

/** Make a snapshot of what a dataset is now; `tell` hears how many resources of how many are in. */
export function makeVersion(
  id: string,
  tell: (done: number, total: number) => void,
): Promise<void> {
  const events = new EventSource(`${ROOT}datasets/${id}/download/dicom?version=latest`);
  const made = new Promise<void>((resolve, reject) => {
    events.addEventListener("message", (event: MessageEvent<string>) => {
      const said = record(JSON.parse(event.data));
      if (text(said.zip) !== "") resolve();
      else tell(number(said.processedImages), number(said.totalImages));
    });
    // Also a sentence of the server comes as an event of this name, with data.
    events.addEventListener("error", (event) => {
      const said = event instanceof MessageEvent ? text(event.data) : "";
      reject(new ServiceError(said === "" ? 0 : 400, said));
    });
  });
  return made.finally(() => {
    events.close();
  });
}

/** Put every resource into one of the splits, patients never into two. */
export async function splitDataset(
  id: string,
  fractions: Readonly<Record<string, number>>,
  seed: number,
): Promise<void> {
  await request("POST", `datasets/${id}/splits`, { body: { fractions, seed } });
}

/** Return how many resources are in each split now, and how many in none. */
export async function countSplits(dataset: Dataset): Promise<Split[]> {
  const counts = new Map<string, number>();
  const found = list(await json("GET", `datasets/${dataset.id}/splits`));
  for (const value of found) {
    const name = text(record(value).split_name);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return splitsOf(Object.fromEntries(counts));
}

export function versionUrl(version: Version): string {
  return `${ROOT}datasets/download/${version.id}`;
}

function datasetOf(value: unknown): Dataset {
  const one = record(value);
  return {
    id: text(one.id),
    name: text(one.name),
    description: text(one.description),
    resources: number(one.total_resource),
    updatedMs: time(one.updated_at),
    version: number(one.version),
    nextVersion: number(one.last_version),
  };
}

function versionOf(value: unknown): Version {
  const one = record(value);
  return {
    id: text(one.id),
    version: number(one.version),
    sha256: text(one.sha256),
    resources: number(one.resource_count),
    size: number(one.size),
    createdMs: time(one.created_at),
    splits: splitsOf(one.splits),
  };
}
