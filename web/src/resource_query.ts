/** What resources are searched by, and how a request says it. */

export type Status = "inbox" | "published" | "archived";

export const STATUSES = [
  ["inbox", "Inbox"],
  ["published", "Published"],
  ["archived", "Archived"],
] as const satisfies readonly (readonly [Status, string])[];

/** Every status, as a query says it. */
export const ANY_STATUS = STATUSES.map(([status]) => status).join(",");

/** Types as people call them, and what the server knows them by; `*` is anything. */
export const KINDS = [
  ["", "Any type"],
  ["application/dicom", "DICOM"],
  ["*nifti*", "NIfTI"],
  ["image/*", "Pictures"],
  ["video/*", "Videos"],
  ["text/*", "Text"],
] as const;

export interface ResourceFilters {
  readonly name: string;
  readonly channel: string;
  readonly labels: string;
  readonly kind: string;
  readonly modality: string;
  readonly days: string;
  readonly from: string;
  readonly to: string;
}

export const NO_RESOURCE_FILTERS: ResourceFilters = {
  name: "",
  channel: "",
  labels: "",
  kind: "",
  modality: "",
  days: "",
  from: "",
  to: "",
};

export function hasResourceFilters(filters: ResourceFilters): boolean {
  const { days, from, to, ...rest } = filters;
  if (days === "between" ? from !== "" || to !== "" : days !== "") return true;
  return Object.values(rest).some((one) => one.trim() !== "");
}

/** Return the query of a search; `status` is one or several, `now` decides what is today. */
export function resourceQuery(
  filters: ResourceFilters,
  status: string,
  now: Date,
): URLSearchParams {
  const query = new URLSearchParams({ status });
  const words = filters.name.trim().split(/\s+/).filter(Boolean);
  if (words.length > 0) query.set("filename", `*${words.join("*")}*`);
  if (filters.channel !== "") query.set("channel_name", filters.channel);
  if (filters.kind !== "") query.set("mimetype", filters.kind);
  if (filters.modality.trim() !== "") query.set("modality", filters.modality.trim());
  const items = splitLabels(filters.labels);
  if (items.length > 0) query.set("tags", JSON.stringify({ items, filterType: "intersection" }));
  const { from, to } = span(filters, now);
  if (from !== null) query.set("from", from.toISOString());
  if (to !== null) query.set("to", to.toISOString());
  return query;
}

/** Return labels out of a text with commas, each once, in their order. */
export function splitLabels(text: string): string[] {
  const labels = text.split(",").map((label) => label.trim());
  return [...new Set(labels.filter(Boolean))];
}

/** Return the days that are meant, as this person counts them: from the first, before the second. */
function span(filters: ResourceFilters, now: Date): { from: Date | null; to: Date | null } {
  if (filters.days === "between")
    return { from: midnight(filters.from, 0), to: midnight(filters.to, 1) };
  if (filters.days === "") return { from: null, to: null };
  const days = Number(filters.days);
  return { from: new Date(now.getFullYear(), now.getMonth(), now.getDate() - days), to: null };
}

function midnight(day: string, after: number): Date | null {
  const [year, month, date] = day.split("-").map(Number);
  if (year === undefined || month === undefined || date === undefined) return null;
  return new Date(year, month - 1, date + after);
}
