/** How the page asks the server: addresses, requests, uploads, refusals. */

import { ServiceError, retryAfter } from "./problems";
import { record, text } from "./values";

/** Where the server is: the page may lie under a prefix of a proxy. */
export const ROOT = location.pathname.replace(/app(\/(studies|resources|datasets))?\/?$/, "");

const TIMEOUT_MS = 60_000;

/** Something that is sent: what comes of it, and how to stop it. */
export interface Sending<T> {
  readonly finished: Promise<T>;
  readonly stop: () => void;
}

/** Send a body; `read` makes a value of the answer with one of the statuses that are good. */
export function sendForm<T>(
  path: string,
  body: FormData | Blob,
  tell: (loaded: number, total: number) => void,
  read: (answer: unknown) => T,
  good: readonly number[] = [200],
  headers: Readonly<Record<string, string>> = {},
): Sending<T> {
  const sender = new XMLHttpRequest(); // `fetch` tells no progress of what it sends
  const finished = new Promise<T>((resolve, reject) => {
    const lost = () => {
      reject(new ServiceError(0, ""));
    };
    sender.open("POST", ROOT + path);
    for (const [name, value] of Object.entries(headers)) sender.setRequestHeader(name, value);
    sender.upload.addEventListener("progress", (event) => {
      tell(event.loaded, event.total);
    });
    sender.addEventListener("error", lost);
    sender.addEventListener("timeout", lost);
    sender.addEventListener("abort", lost);
    sender.addEventListener("load", () => {
      const answer = parsed(sender.responseText);
      if (good.includes(sender.status)) resolve(read(answer));
      else
        reject(
          new ServiceError(
            sender.status,
            messageOf(answer),
            retryAfter(sender.getResponseHeader("Retry-After")),
          ),
        );
    });
    sender.send(body);
  });
  return {
    finished,
    stop: () => {
      sender.abort();
    },
  };
}

export async function json(method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await request(method, path, { body });
  return response.json();
}

export interface Asking {
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function request(
  method: string,
  path: string,
  { body, signal, headers = {} }: Asking = {},
): Promise<Response> {
  const late = AbortSignal.timeout(TIMEOUT_MS);
  let response: Response;
  try {
    response = await fetch(ROOT + path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers: { ...(body === undefined ? {} : JSON_HEADERS), ...headers },
      signal: signal === undefined ? late : AbortSignal.any([signal, late]),
      credentials: "same-origin",
    });
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new ServiceError(0, "");
  }
  if (!response.ok)
    throw new ServiceError(
      response.status,
      messageOf(parsed(await response.text())),
      retryAfter(response.headers.get("Retry-After")),
    );
  return response;
}

const JSON_HEADERS = { "Content-Type": "application/json" };

function messageOf(value: unknown): string {
  const answer = record(value);
  return text(answer.error) || text(answer.detail) || text(answer.message);
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return {};
  }
}
