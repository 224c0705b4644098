import { describe, expect, it } from "vitest";

import { nextBatch, retryDelay, sharesOf } from "../src/batches";

const files = (...sizes: number[]) => sizes.map((size) => ({ size }));

describe("a queue in batches", () => {
  it("takes at most so many files", () => {
    expect(nextBatch(files(...Array<number>(100).fill(1)))).toHaveLength(40);
  });

  it("takes no more bytes than it should, but never nothing", () => {
    expect(nextBatch(files(6, 5, 1), 10, 10)).toEqual(files(6));
    expect(nextBatch(files(99, 1), 10, 10)).toEqual(files(99));
    expect(nextBatch([])).toEqual([]);
  });

  it("takes every file exactly once", () => {
    const queue = files(...Array.from({ length: 333 }, (_, k) => (k * 7919) % 20));
    const taken: { size: number }[] = [];
    while (taken.length < queue.length) taken.push(...nextBatch(queue.slice(taken.length), 20, 50));
    expect(taken).toEqual(queue);
  });
});

describe("the progress of each file of a request", () => {
  it("goes from the first to the last", () => {
    expect(sharesOf(files(100, 100, 200), 150, 400)).toEqual([1, 0.5, 0]);
    expect(sharesOf(files(100, 100), 1000, 1000)).toEqual([1, 1]);
  });

  it("leaves the form around the files out of account", () => {
    expect(sharesOf(files(100, 100), 300, 600)).toEqual([1, 0]);
  });

  it("knows empty files and requests", () => {
    expect(sharesOf(files(0, 10), 0, 0)).toEqual([1, 0]);
  });
});

describe("the wait before another try", () => {
  it("doubles up to half a minute, and varies by a quarter", () => {
    expect([0, 1, 2, 10].map((attempt) => retryDelay(attempt, 0.5))).toEqual([
      1000, 2000, 4000, 30_000,
    ]);
    expect(retryDelay(0, 0)).toBe(750);
    expect(retryDelay(0, 1)).toBe(1250);
  });
});
