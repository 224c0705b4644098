import { describe, expect, it } from "vitest";

import { dragged, nudged, windowText } from "../src/windowing";

const CT = { center: 40, width: 400 };

describe("window and level", () => {
  it("is wider to the right and brighter upwards", () => {
    expect(dragged(CT, 200, 0)).toEqual({ center: 40, width: 800 });
    expect(dragged(CT, 0, -64)).toEqual({ center: -60, width: 400 });
    expect(dragged(CT, 0, 0)).toEqual(CT);
  });

  it("never has a width of nothing", () => {
    expect(dragged(CT, -10_000, 0).width).toBeGreaterThan(0);
    expect(dragged({ center: 0.5, width: 1 }, -10_000, 0).width).toBeGreaterThan(0);
  });

  it("goes in shares of the width by keys", () => {
    expect(nudged(CT, 1, 0)).toEqual({ center: 40, width: 440 });
    expect(nudged(CT, 0, 1)).toEqual({ center: 20, width: 400 });
  });

  it("keeps digits where values are small, as in PET", () => {
    expect(nudged({ center: 2.5, width: 5 }, 1, 1)).toEqual({ center: 2.25, width: 5.5 });
  });

  it("is written as the server reads it", () => {
    expect(windowText(CT)).toBe("40,400");
    expect(windowText(null)).toBe("");
  });
});
