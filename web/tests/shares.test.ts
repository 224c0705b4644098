import { describe, expect, it } from "vitest";

import { fractionsOf, splitsOf } from "../src/shares";

describe("percents of a split", () => {
  it("become fractions, without parts that get nothing", () => {
    expect(fractionsOf({ train: 80, val: 20, test: 0 })).toEqual({ train: 0.8, val: 0.2 });
    expect(fractionsOf({ train: 33.3, val: 33.3, test: 33.4 })).not.toBeNull();
  });

  it("are nothing where they are not 100 together, or none", () => {
    expect(fractionsOf({ train: 80, val: 10, test: 0 })).toBeNull();
    expect(fractionsOf({ train: 110, val: -10, test: 0 })).toBeNull();
    expect(fractionsOf({ train: NaN, val: 50, test: 50 })).toBeNull();
  });
});

it("splits are listed in their usual order, others after them", () => {
  expect(splitsOf({ b: 1, test: 2, a: 3, train: 4 }).map(({ name }) => name)).toEqual([
    "train",
    "test",
    "a",
    "b",
  ]);
});
