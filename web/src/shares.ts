/** Parts of a dataset: how large they are, and percents as they are written in fields. */

import { number, record } from "./values";

export interface Split {
  readonly name: string;
  readonly count: number;
}

export const USUAL_SPLITS = [
  ["train", 80],
  ["val", 10],
  ["test", 10],
] as const;

/** Return fractions of the parts that get anything; null: they are not 100 % together. */
export function fractionsOf(
  percents: Readonly<Record<string, number>>,
): Record<string, number> | null {
  const entries = Object.entries(percents).filter(([, percent]) => percent !== 0);
  const sum = entries.reduce((total, [, percent]) => total + percent, 0);
  if (entries.some(([, percent]) => !(percent > 0)) || Math.abs(sum - 100) > 1e-6) return null;
  return Object.fromEntries(entries.map(([name, percent]) => [name, percent / 100]));
}

/** Return how many resources are in each split, in their usual order. */
export function splitsOf(value: unknown): Split[] {
  const usual = ["train", "val", "test"];
  const rank = ({ name }: Split) => (usual.includes(name) ? usual.indexOf(name) : usual.length);
  return Object.entries(record(value))
    .map(([name, count]) => ({ name, count: number(count) }))
    .sort((one, other) => rank(one) - rank(other) || one.name.localeCompare(other.name));
}
