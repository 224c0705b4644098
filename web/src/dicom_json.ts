/** Values of DICOM JSON (PS3.18 F) as people read them, and searches as QIDO-RS takes them. */

import { list, number, record, text } from "./values";

export interface PersonName {
  /** `Yamada, Tarou` */
  readonly name: string;
  /** The same person in the letters of the country: `山田 太郎`. */
  readonly other: string;
}

/** Return the first value of an element as text. */
export function textOf(dataset: Record<string, unknown>, tag: string): string {
  return text(valuesOf(dataset, tag)[0]);
}

export function numberOf(dataset: Record<string, unknown>, tag: string): number {
  return number(valuesOf(dataset, tag)[0]);
}

export function valuesOf(dataset: Record<string, unknown>, tag: string): unknown[] {
  return list(record(dataset[tag]).Value);
}

/** Return a person's name; what has no letters of ours comes first as it is. */
export function personName(dataset: Record<string, unknown>, tag: string): PersonName {
  const groups = record(valuesOf(dataset, tag)[0]);
  const [name = "", other = ""] = ["Alphabetic", "Ideographic", "Phonetic"]
    .map((group) => readName(text(groups[group])))
    .filter(Boolean);
  return { name, other };
}

/** `Family^Given^Middle^Prefix^Suffix` as `Prefix Family, Given Middle, Suffix`. */
function readName(group: string): string {
  const [family = "", given = "", middle = "", prefix = "", suffix = ""] = group
    .split("^")
    .map((part) => part.trim());
  const first = [prefix, family].filter(Boolean).join(" ");
  const second = [given, middle].filter(Boolean).join(" ");
  // Names that are not written in our letters have no comma.
  const comma = /[\u1100-\u11ff\u3000-\u9fff\uac00-\ud7af]/.test(group) ? " " : ", ";
  return [first, second, suffix].filter(Boolean).join(comma);
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Return `20240131` as `31 Jan 2024`; what is no date as it is. */
export function readDate(date: string): string {
  const found = /^(\d{4})[.-]?(\d\d)[.-]?(\d\d)$/.exec(date);
  const month = MONTHS[Number(found?.[2]) - 1];
  return found === null || month === undefined
    ? date
    : `${Number(found[3])} ${month} ${found[1] ?? ""}`;
}

/** Return `101500.25` as `10:15`. */
export function readTime(time: string): string {
  const found = /^(\d\d):?(\d\d)/.exec(time);
  return found === null ? "" : `${found[1] ?? ""}:${found[2] ?? ""}`;
}

export interface Filters {
  readonly name: string;
  readonly id: string;
  readonly description: string;
  readonly accession: string;
  readonly modality: string;
  /** A number of days until today, `between` for the two dates, or nothing. */
  readonly days: string;
  /** `2024-01-31`, as date fields have it. */
  readonly from: string;
  readonly to: string;
}

export const NO_FILTERS: Filters = {
  name: "",
  id: "",
  description: "",
  accession: "",
  modality: "",
  days: "",
  from: "",
  to: "",
};

export function hasFilters(filters: Filters): boolean {
  const { from, to, days, ...others } = filters;
  return (
    Object.values(others).some((value) => value.trim() !== "") ||
    (days === "between" ? from + to !== "" : days !== "")
  );
}

/** Return the query of QIDO-RS for studies. */
export function studyQuery(
  filters: Filters,
  offset: number,
  limit: number,
  today: Date,
): URLSearchParams {
  const query = new URLSearchParams({ limit: String(limit), offset: String(offset) });
  const name = filters.name.replace(/[,^]/g, " ").trim();
  if (name !== "") {
    // Words that names begin with, in any order, letters and accents as one likes.
    query.set("PatientName", name);
    query.set("fuzzymatching", "true");
  }
  for (const [attribute, value] of [
    ["PatientID", filters.id],
    ["StudyDescription", filters.description],
    ["AccessionNumber", filters.accession],
  ] as const)
    if (value.trim() !== "") query.set(attribute, anywhere(value));
  if (filters.modality !== "") query.set("ModalitiesInStudy", filters.modality);
  const [from, to] = datesOf(filters, today);
  if (from + to !== "") query.set("StudyDate", from === to ? from : `${from}-${to}`);
  return query;
}

/** Somebody who writes wildcards means them; others mean any part of the value. */
function anywhere(value: string): string {
  const plain = value.trim();
  return /[*?]/.test(plain) ? plain : `*${plain}*`;
}

function datesOf({ days, from, to }: Filters, today: Date): [string, string] {
  if (days === "") return ["", ""];
  if (days === "between") {
    const [first, last] = [digits(from), digits(to)];
    return last !== "" && first > last ? [last, first] : [first, last];
  }
  const first = new Date(today);
  first.setDate(first.getDate() - Number(days));
  return [dayOf(first), dayOf(today)];
}

function digits(date: string): string {
  return date.replaceAll("-", "");
}

function dayOf(date: Date): string {
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()]
    .map((part, index) => String(part).padStart(index === 0 ? 4 : 2, "0"))
    .join("");
}
