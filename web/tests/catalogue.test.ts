import { describe, expect, it } from "vitest";

import { cardsFor, linesOf, optionHelp, optionsToSend, shownOptions } from "../src/catalogue";
import type { ActionOption, ActionRow } from "../src/service";

const option = (name: string, more: Partial<ActionOption> = {}): ActionOption => ({
  name,
  type: "string",
  default: "",
  description: "a sentence",
  choices: [],
  form: "",
  ...more,
});
const row = (name: string, ...options: ActionOption[]): ActionRow => ({ name, options });

describe("the cards", () => {
  it("are those that the server has, in our order", () => {
    const found = cardsFor([row("summary"), row("merge"), row("unknown"), row("split")]);
    expect(found.map(({ card }) => card.name)).toEqual(["merge", "split", "summary"]);
  });

  it("leave options of the command line out", () => {
    const options = [option("codec"), option("in_place"), option("key_file")];
    expect(shownOptions(row("x", ...options)).map(({ name }) => name)).toEqual(["codec"]);
  });

  it("say what will happen, for one and for many", () => {
    const [merge] = cardsFor([row("merge")]);
    const say = (files: number, series: number) =>
      merge?.card.sentence({ files, series, frames: files }, {});
    expect(say(400, 1)).toMatch(/^Joins 400 slice files into one multi-frame file\. /);
    expect(say(400, 2)).toContain("for each of 2 series");
  });
});

describe("what a request carries", () => {
  const compress = row(
    "compress_lossless",
    option("codec", { choices: ["j2k", "jpegls"] }),
    option("recompress", { type: "boolean", default: false }),
    option("retain", { type: "array", default: [] }),
  );

  it("is only what differs from the usual", () => {
    expect(optionsToSend(compress, {})).toEqual({});
    expect(optionsToSend(compress, { codec: "", recompress: false, retain: [] })).toEqual({});
    expect(optionsToSend(compress, { codec: "jpegls", recompress: true })).toEqual({
      codec: "jpegls",
      recompress: true,
    });
  });

  it("always has the profile of anonymize, which must be meant", () => {
    const anonymize = row("anonymize", option("profile", { default: "basic" }));
    expect(optionsToSend(anonymize, {})).toEqual({ profile: "basic" });
    expect(optionsToSend(anonymize, { profile: "none" })).toEqual({ profile: "none" });
  });
});

describe("words", () => {
  it("are sentences without switches", () => {
    const help = optionHelp(
      option("x", { description: "only what --params says; may be repeated" }),
    );
    expect(help).toBe("Only what your lines say.");
  });

  it("come as lines without blanks", () => {
    expect(linesOf(" a \n\n b\n")).toEqual(["a", "b"]);
  });
});
