/** Numbers as people read them. */

const UNITS = ["bytes", "KB", "MB", "GB", "TB"] as const;

/** Return a size in units of 1000, as file managers show it: `406.6 KB`. */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${unit === 0 && value === 1 ? "byte" : (UNITS[unit] ?? "")}`;
}

/** Return `1 file`, `2 files`, `1,200 files`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString("en-US")} ${number === 1 ? one : many}`;
}

/** Return a time to go as `59:07`, or `1:00:00` from an hour on. */
export function formatClock(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60].map((n) =>
    String(n).padStart(2, "0"),
  );
  const hours = Math.floor(seconds / 3600);
  return hours > 0 ? [hours, ...parts].join(":") : parts.join(":");
}

/** Return a time in words: `about 3 minutes`. */
export function formatWait(milliseconds: number): string {
  const seconds = Math.max(1, Math.round(milliseconds / 1000));
  if (seconds < 90) return count(seconds, "second");
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? count(minutes, "minute") : count(Math.round(minutes / 60), "hour");
}

/** Return how sizes changed: `43 % smaller`, `2 % larger`, `the same size`. */
export function formatChange(before: number, after: number): string {
  if (before <= 0) return "";
  const percent = Math.round((after / before - 1) * 100);
  if (percent === 0) return "about the same size";
  return percent < 0 ? `${-percent} % smaller` : `${percent} % larger`;
}

/** Return what the server says, which begins small and ends without a stop, as a sentence. */
export function sentence(said: string): string {
  if (said === "") return "";
  return `${said.charAt(0).toUpperCase()}${said.slice(1)}${/[.!?]$/.test(said) ? "" : "."}`;
}
