import { describe, expect, it } from "vitest";

import { Selection } from "../src/selection";

const shown = ["a", "b", "c", "d"].map((id) => ({ id, name: id }));

describe("a selection", () => {
  it("is turned one by one", () => {
    const selection = new Selection();
    selection.turn(shown, "b", false);
    selection.turn(shown, "c", false);
    selection.turn(shown, "b", false);
    expect(selection.ids).toEqual(["c"]);
  });

  it("is turned from the last one to this one, in both directions", () => {
    const selection = new Selection();
    selection.turn(shown, "d", false);
    selection.turn(shown, "b", true);
    expect(new Set(selection.ids)).toEqual(new Set(["b", "c", "d"]));
    selection.turn(shown, "d", true);
    expect(selection.size).toBe(0);
  });

  it("begins at one where the last one is not shown", () => {
    const selection = new Selection();
    selection.turn([{ id: "z" }], "z", false);
    selection.turn(shown, "c", true);
    expect(selection.ids).toEqual(["z", "c"]);
  });

  it("knows the newest of what is chosen", () => {
    const selection = new Selection<{ id: string; name: string }>();
    selection.turn(shown, "a", false);
    selection.renew([{ id: "a", name: "new" }, ...shown.slice(1)]);
    expect(selection.all).toEqual([{ id: "a", name: "new" }]);
  });
});
