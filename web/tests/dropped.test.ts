import { describe, expect, it } from "vitest";

import { isIgnored } from "../src/dropped";

describe("what desktops leave in folders", () => {
  it.each([".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX", ".git"])(
    "%s is left out",
    (name) => {
      expect(isIgnored(name)).toBe(true);
    },
  );

  it.each(["DICOMDIR", "IM000001", "0001.dcm", "a.b"])("%s is taken", (name) => {
    expect(isIgnored(name)).toBe(false);
  });
});
