import { describe, expect, it } from "vitest";

import { groupsOf, labelsOf, shareOf, withLabel } from "../src/labels";

const one = { id: "1", labels: ["a", "b"] };
const two = { id: "2", labels: ["b"] };
const three = { id: "3", labels: ["b"] };

describe("labels of many", () => {
  it("are had by all, some or none of them", () => {
    expect(["a", "b", "c"].map((label) => shareOf(label, [one, two]))).toEqual([
      "some",
      "all",
      "none",
    ]);
  });

  it("are listed by name, numbers as numbers", () => {
    expect(labelsOf([{ id: "1", labels: ["T10", "T2"] }], [two])).toEqual(["b", "T2", "T10"]);
  });

  it("are said in one request for those that get the same", () => {
    expect(groupsOf([one, two, three])).toEqual([
      { labels: ["a", "b"], ids: ["1"] },
      { labels: ["b"], ids: ["2", "3"] },
    ]);
  });
});

it("a label is added once, and removed", () => {
  expect(withLabel(["c", "b"], "a", true)).toEqual(["a", "b", "c"]);
  expect(withLabel(["b"], "b", true)).toEqual(["b"]);
  expect(withLabel(["a", "b"], "b", false)).toEqual(["a"]);
});
