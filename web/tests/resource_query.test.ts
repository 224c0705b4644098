import { describe, expect, it } from "vitest";

import {
  NO_RESOURCE_FILTERS,
  type ResourceFilters,
  hasResourceFilters,
  resourceQuery,
  splitLabels,
} from "../src/resource_query";

const NOW = new Date(2026, 0, 31, 15, 30);
const asked = (filters: Partial<ResourceFilters>) =>
  Object.fromEntries(resourceQuery({ ...NO_RESOURCE_FILTERS, ...filters }, "inbox", NOW));

describe("the query of a search", () => {
  it("says nothing but the status where nothing is searched", () => {
    expect(asked({})).toEqual({ status: "inbox" });
    expect(hasResourceFilters(NO_RESOURCE_FILTERS)).toBe(false);
  });

  it("finds words of a name in their order, anywhere", () => {
    expect(asked({ name: " knee  left " })).toMatchObject({ filename: "*knee*left*" });
  });

  it("wants every label", () => {
    const tags = '{"items":["a","b c"],"filterType":"intersection"}';
    expect(asked({ labels: "a, b c,," })).toMatchObject({ tags });
  });

  it("counts days where the person is", () => {
    const from = new Date(2026, 0, 25).toISOString();
    expect(asked({ days: "6" })).toEqual({ status: "inbox", from });
  });

  it("takes the last day as a whole", () => {
    const between = { days: "between", from: "2026-01-02", to: "2026-01-31" };
    expect(asked(between)).toEqual({
      status: "inbox",
      from: new Date(2026, 0, 2).toISOString(),
      to: new Date(2026, 1, 1).toISOString(),
    });
    expect(asked({ days: "between" })).toEqual({ status: "inbox" });
  });

  it("passes channel, type and modality on as they are", () => {
    const said = { channel: "a&b", kind: "image/*", modality: "MR" };
    expect(asked(said)).toMatchObject({ channel_name: "a&b", mimetype: "image/*", modality: "MR" });
  });
});

it("days between nothing and nothing are no search", () => {
  expect(hasResourceFilters({ ...NO_RESOURCE_FILTERS, days: "between" })).toBe(false);
  expect(hasResourceFilters({ ...NO_RESOURCE_FILTERS, days: "6" })).toBe(true);
});

it("labels are separated by commas, each once", () => {
  expect(splitLabels(" a,b , a,, c d")).toEqual(["a", "b", "c d"]);
});
