/** How a queue of files becomes requests: of many small files few, of large files one each. */

export interface Sized {
  readonly size: number;
}

/** The documents advise 20-50 files a request; what a lost connection repeats stays small. */
export const BATCH_FILES = 40;
export const BATCH_BYTES = 48_000_000;

/** Return the next files for one request, from the front of the queue; never none of some. */
export function nextBatch<T extends Sized>(
  queue: readonly T[],
  filesMax = BATCH_FILES,
  bytesMax = BATCH_BYTES,
): T[] {
  const batch: T[] = [];
  let bytes = 0;
  for (const file of queue) {
    if (batch.length > 0 && (batch.length >= filesMax || bytes + file.size > bytesMax)) break;
    batch.push(file);
    bytes += file.size;
  }
  return batch;
}

/**
 * Return how much of each file is sent when `loaded` of `total` bytes of its request are: 0 to 1.
 * The form around the files is small and spread over all of them.
 */
export function sharesOf(files: readonly Sized[], loaded: number, total: number): number[] {
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  let left = total > 0 ? (loaded / total) * bytes : 0;
  return files.map((file) => {
    const share = file.size > 0 ? Math.min(1, Math.max(0, left / file.size)) : left >= 0 ? 1 : 0;
    left -= file.size;
    return share;
  });
}

/** Return the wait before a request is tried again: 1, 2, 4 ... 30 seconds, a little random. */
export function retryDelay(attempt: number, random = Math.random()): number {
  return Math.min(30_000, 1000 * 2 ** attempt) * (0.75 + random / 2);
}
