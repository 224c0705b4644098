/** Labels of one resource or of many: what they have in common, and what a change makes of them. */

export interface Labelled {
  readonly id: string;
  readonly labels: readonly string[];
}

export type Share = "all" | "some" | "none";

/** Keys 1 to 9 stand for the first labels. */
export const LABEL_KEYS = 9;

/** Return whether all, some or none of them have a label. */
export function shareOf(label: string, labelled: readonly Labelled[]): Share {
  const having = labelled.filter((one) => one.labels.includes(label)).length;
  return having === 0 ? "none" : having === labelled.length ? "all" : "some";
}

/** Return all labels in use, by their names. */
export function labelsOf(...lists: readonly (readonly Labelled[])[]): string[] {
  const found = new Set(lists.flat().flatMap((one) => one.labels));
  return [...found].sort(new Intl.Collator("en", { numeric: true }).compare);
}

/** Return the labels after one is added or removed, sorted as the server sorts them. */
export function withLabel(labels: readonly string[], label: string, isWanted: boolean): string[] {
  const others = labels.filter((one) => one !== label);
  return (isWanted ? [...others, label] : others).sort();
}

/** Return which of them get the same labels, so that few requests say it for many. */
export function groupsOf(
  labelled: readonly Labelled[],
): { labels: readonly string[]; ids: string[] }[] {
  const groups = new Map<string, { labels: readonly string[]; ids: string[] }>();
  for (const { id, labels } of labelled) {
    const key = JSON.stringify(labels);
    const group = groups.get(key) ?? { labels, ids: [] };
    group.ids.push(id);
    groups.set(key, group);
  }
  return [...groups.values()];
}
