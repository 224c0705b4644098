import { describe, expect, it } from "vitest";

import { count, formatBytes, formatChange, formatClock, formatWait, sentence } from "../src/format";

describe("numbers as people read them", () => {
  it.each([
    [0, "0 bytes"],
    [1, "1 byte"],
    [999, "999 bytes"],
    [999.6, "1.0 KB"],
    [406_602, "407 KB"],
    [1_500, "1.5 KB"],
    [162_068_266, "162 MB"],
    [99_960_000, "100 MB"],
    [2_100_000_000, "2.1 GB"],
  ])("%d is %s", (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it("counts one and many", () => {
    expect([count(1, "file"), count(1200, "file"), count(2, "series", "series")]).toEqual([
      "1 file",
      "1,200 files",
      "2 series",
    ]);
  });

  it("counts down to zero and not below", () => {
    expect([3_600_000, 3_599_100, 61_000, 1, -5].map(formatClock)).toEqual([
      "1:00:00",
      "1:00:00",
      "01:01",
      "00:01",
      "00:00",
    ]);
  });

  it("says waits in words", () => {
    expect([400, 30_000, 120_000, 7_200_000].map(formatWait)).toEqual([
      "1 second",
      "30 seconds",
      "2 minutes",
      "2 hours",
    ]);
  });

  it("says how sizes changed", () => {
    expect([
      formatChange(200, 100),
      formatChange(100, 102),
      formatChange(1000, 1001),
      formatChange(0, 5),
    ]).toEqual(["50 % smaller", "2 % larger", "about the same size", ""]);
  });
});

it("a sentence begins large and has one stop", () => {
  expect(["", "it is full", "Is it?"].map(sentence)).toEqual(["", "It is full.", "Is it?"]);
});
