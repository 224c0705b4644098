/** What went wrong, in words that say what to do next. */

import { formatBytes, formatWait } from "./format";

/** An answer that is none of the 2xx; `status` 0: no answer came at all. */
export class ServiceError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly retryAfterMs = 0,
  ) {
    super(message);
    this.name = "ServiceError";
  }
}

export interface Problem {
  readonly title: string;
  readonly advice: string;
  /** What the server said, where that helps. */
  readonly detail: string;
  /** Whether the same request may succeed later. */
  readonly mayRetry: boolean;
  /** The session is gone: only a new one helps. */
  readonly isGone: boolean;
}

interface Row {
  title: string;
  advice: string;
  mayRetry?: boolean;
  isGone?: boolean;
}

const ROWS: Record<number, Row> = {
  0: {
    title: "The connection is lost",
    advice: "Nothing that was stored is lost. We go on as soon as the server answers again.",
    mayRetry: true,
  },
  400: { title: "The server could not do this", advice: "Change the options or the files." },
  401: {
    title: "This page has been open for too long",
    advice: "Reload it to go on.",
    isGone: true,
  },
  403: { title: "This is not allowed here", advice: "Ask whoever runs this server." },
  404: {
    title: "This session has ended",
    advice: "Its files are deleted. Start a new one; your own files are untouched.",
    isGone: true,
  },
  409: {
    title: "Another job of this session comes first",
    advice: "Wait until it is done.",
    mayRetry: true,
  },
  413: {
    title: "That is more than this server takes at once",
    advice: "Leave some files out, or split the largest.",
  },
  429: { title: "Too many requests", advice: "We try again by ourselves.", mayRetry: true },
  500: {
    title: "The server made a mistake",
    advice: "Try again; nothing that was stored is lost.",
    mayRetry: true,
  },
  502: {
    title: "The server does not answer",
    advice: "We try again by ourselves.",
    mayRetry: true,
  },
  503: {
    title: "The server is full at the moment",
    advice: "We try again by ourselves.",
    mayRetry: true,
  },
  504: {
    title: "This took longer than the server allows",
    advice: "Try it with fewer files; what was done so far is kept.",
  },
};

/** What is other words where studies are meant and no session. */
const ARCHIVE_ROWS: Record<number, Row> = {
  ...ROWS,
  0: {
    title: "The server does not answer",
    advice: "Nothing that was stored is lost. Try again when it is there.",
    mayRetry: true,
  },
  429: { title: "Too many requests", advice: "Wait a moment, then try again.", mayRetry: true },
  502: { title: "The server does not answer", advice: "Try again in a moment.", mayRetry: true },
  503: {
    title: "The server is full at the moment",
    advice: "Try again in a moment.",
    mayRetry: true,
  },
  401: { title: "You are signed out", advice: "Reload the page, and sign in again." },
  403: {
    title: "The key that signed in may not do this",
    advice: "Sign in with one that may.",
  },
  404: {
    title: "This is not in the archive any more",
    advice: "Somebody may have deleted it meanwhile.",
  },
  409: { title: "The archive refuses this", advice: "Other files are there under the same UID." },
  413: {
    title: "That is more than this server takes at once",
    advice: "Whoever runs the server can raise the limit.",
  },
};

/** What is other words where resources and datasets are meant. */
const RESOURCE_ROWS: Record<number, Row> = {
  ...ARCHIVE_ROWS,
  400: { title: "The server could not do this", advice: "Change what was asked for." },
  404: {
    title: "This is not there any more",
    advice: "Somebody may have deleted it meanwhile.",
  },
  409: { title: "The server refuses this", advice: "Choose another name, or try again." },
};

/** Return what to tell about an error of resources and datasets. */
export function resourceProblemOf(error: unknown): Problem {
  return problemOf(error, RESOURCE_ROWS);
}

/** Return what to tell about an error of the archive. */
export function archiveProblemOf(error: unknown): Problem {
  return problemOf(error, ARCHIVE_ROWS);
}

/** Return what to tell about an error, whatever was thrown. */
export function problemOf(error: unknown, rows: Readonly<Record<number, Row>> = ROWS): Problem {
  if (!(error instanceof ServiceError))
    return {
      title: "Something unexpected happened",
      advice: "Reload the page; your files on the server stay.",
      detail: error instanceof Error ? error.message : "",
      mayRetry: false,
      isGone: false,
    };
  const row = rows[error.status] ?? rows[error.status >= 500 ? 500 : 400];
  return {
    title: row?.title ?? "",
    advice: row?.advice ?? "",
    detail: error.message,
    mayRetry: row?.mayRetry ?? false,
    isGone: row?.isGone ?? false,
  };
}

/** Return how long to wait where the server says so, in milliseconds; 0 where it does not. */
export function retryAfter(header: string | null, now = Date.now()): number {
  if (header === null || header.trim() === "") return 0;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}

/** Return why a file cannot be sent at all, or nothing. */
export function refusal(file: { size: number }, requestBytesMax: number): string {
  if (file.size === 0) return "The file is empty.";
  // The form around the file takes some hundred bytes of the request.
  if (file.size > requestBytesMax - 1024)
    return `Larger than the ${formatBytes(requestBytesMax)} that one upload may have.`;
  return "";
}

/** Return the sentence of a countdown to the next try. */
export function retrySentence(milliseconds: number): string {
  return `Trying again in ${formatWait(milliseconds)}.`;
}
