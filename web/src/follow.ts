/** Jobs as they happen: server-sent events, and polling where those do not come through. */

import { ServiceError, problemOf } from "./problems";
import { type Job, type Result, getJob, jobEventsUrl, resultOf } from "./service";

export interface Listener {
  progress: (done: number, total: number, label: string) => void;
  line: (line: string) => void;
  /** `result` is null only where a job was lost. */
  ended: (state: Job["state"], result: Result | null) => void;
  lost: (error: unknown) => void;
}

const POLL_MS = 1000;
const POLL_MS_MAX = 10_000;
/** Proxies may hold events back: after so much silence we ask. */
const SILENCE_MS = 20_000;

/** Whether nothing more will happen to a job. */
export function isEnded(state: Job["state"]): boolean {
  return state !== "queued" && state !== "running";
}

/** Follow a job to its end; returns how to stop listening. */
export function follow(session: string, id: string, listener: Listener): () => void {
  let isOver = false;
  let timer = 0;
  let wait = POLL_MS;
  const events = new EventSource(jobEventsUrl(session, id));

  const stop = () => {
    isOver = true;
    clearTimeout(timer);
    events.close();
  };
  const askLater = () => {
    clearTimeout(timer);
    const isStreaming = events.readyState === EventSource.OPEN;
    timer = window.setTimeout(() => void ask(), isStreaming ? SILENCE_MS : wait);
  };
  const ask = async () => {
    try {
      const job = await getJob(session, id);
      wait = POLL_MS;
      if (stopped()) return;
      if (isEnded(job.state)) {
        stop();
        listener.ended(job.state, job.result);
        return;
      }
      listener.progress(job.done, job.total, job.label);
    } catch (error) {
      if (stopped()) return;
      if (!problemOf(error).mayRetry) {
        stop();
        listener.lost(error);
        return;
      }
      wait = Math.min(POLL_MS_MAX, wait * 2);
    }
    askLater();
  };
  const stopped = () => isOver;
  const on = (kind: string, take: (data: Record<string, unknown>) => void) => {
    events.addEventListener(kind, (event) => {
      if (isOver) return;
      askLater();
      take(dataOf((event as MessageEvent<string>).data));
    });
  };

  on("progress", ({ done, total, label }) => {
    listener.progress(
      Number(done ?? 0),
      Number(total ?? 0),
      typeof label === "string" ? label : "",
    );
  });
  on("log", ({ line, text }) => {
    const said = line ?? text;
    if (typeof said === "string") listener.line(said);
  });
  on("result", (data) => {
    // The result says what was made; the job says how it ended.
    const result = resultOf(data);
    if (result.success) {
      stop();
      listener.ended("done", result);
    } else void ask();
  });
  on("gone", () => {
    stop();
    listener.lost(new ServiceError(404, ""));
  });
  // The browser connects again by itself; until it does, we ask.
  events.addEventListener("error", askLater);
  askLater();
  return stop;
}

function dataOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
