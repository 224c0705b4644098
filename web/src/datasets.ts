/** Every request about datasets, and the shapes of the answers. */

import { ROOT, json, request } from "./requests";
import type { Status } from "./resource_query";
import { list, number, record, text, time } from "./values";

export interface Dataset {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly resources: number;
  readonly updatedMs: number;
  /** Of the newest snapshot; 0: there is none. */
  readonly lastVersion: number;
}

/** A snapshot: it never changes. */
export interface Version {
  readonly version: number;
  readonly sha256: string;
  readonly resources: number;
  readonly size: number;
  readonly createdMs: number;
  readonly splits: readonly Split[];
}

export interface Split {
  readonly name: string;
  readonly count: number;
}

/** What a dataset is made from. */
export type Choice =
  | { readonly resource_ids: readonly string[] }
  | { readonly channel?: string; readonly labels?: readonly string[]; readonly status?: Status };

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

export async function addToDataset(id: string, ids: readonly string[]): Promise<void> {
  await request("POST", `datasets/${id}/resources`, { body: { resource_ids_to_add: ids } });
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

export async function makeVersion(id: string): Promise<Version> {
  return versionOf(await json("POST", `datasets/${id}/versions`, {}));
}

/** Put every resource into one of the splits, patients never into two. */
export async function splitDataset(
  id: string,
  fractions: Readonly<Record<string, number>>,
  seed: number,
): Promise<void> {
  await request("POST", `datasets/${id}/splits`, { body: { fractions, seed } });
}

/** Return the address of the events of the preparation of a zip. */
export function preparationUrl(id: string, version: number): string {
  return `${ROOT}datasets/${id}/download/dicom?version=${version === 0 ? "latest" : version}`;
}

export function datasetZipUrl(token: string): string {
  return `${ROOT}datasets/download/${encodeURIComponent(token)}`;
}

function datasetOf(value: unknown): Dataset {
  const one = record(value);
  return {
    id: text(one.id),
    name: text(one.name),
    description: text(one.description),
    resources: number(one.total_resource),
    updatedMs: time(one.updated_at),
    lastVersion: number(one.last_version),
  };
}

function versionOf(value: unknown): Version {
  const one = record(value);
  return {
    version: number(one.version),
    sha256: text(one.sha256),
    resources: number(one.resource_count),
    size: number(one.size),
    createdMs: time(one.created_at),
    splits: splitsOf(one.splits),
  };
}

/** Return how many resources are in each split, in their usual order. */
export function splitsOf(value: unknown): Split[] {
  const usual = ["train", "val", "test"];
  const rank = ({ name }: Split) => (usual.includes(name) ? usual.indexOf(name) : usual.length);
  return Object.entries(record(value))
    .map(([name, count]) => ({ name, count: number(count) }))
    .sort((one, other) => rank(one) - rank(other) || one.name.localeCompare(other.name));
}
