/** Values of answers, read with care: what is none of the kind is empty. */

export function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

export function text(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

export function number(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}

/** Times come as ISO 8601, or as milliseconds or seconds since 1970. */
export function time(value: unknown): number {
  if (typeof value === "number") return value < 1e12 ? value * 1000 : value;
  const parsedTime = Date.parse(text(value));
  return Number.isNaN(parsedTime) ? 0 : parsedTime;
}
