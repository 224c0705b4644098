/** The actions in words for people: what each will do to what is there now. */

import type { IconName } from "./element";
import { count } from "./format";
import type { ActionOption, ActionRow } from "./service";

/** What an action would work on. */
export interface Facts {
  readonly files: number;
  readonly series: number;
  readonly frames: number;
}

export interface Card {
  readonly name: string;
  readonly title: string;
  readonly icon: IconName;
  /** What it is good for, in some words. */
  readonly hint: string;
  readonly sentence: (facts: Facts, chosen: Chosen) => string;
}

/** What the user chose, by the names of options; what is as usual is not there. */
export type Chosen = Readonly<Record<string, string | boolean | readonly string[]>>;

const CARDS: readonly Card[] = [
  {
    name: "merge",
    title: "Merge",
    icon: "layers",
    hint: "Slices into one file",
    sentence: ({ files, series }) =>
      `Joins ${count(files, "slice file")} into one multi-frame file` +
      `${series > 1 ? ` for each of ${series} series` : ""}. ` +
      "Pixels stay exactly as they are, and Split undoes it.",
  },
  {
    name: "split",
    title: "Split",
    icon: "split",
    hint: "One file a frame",
    sentence: ({ files, frames }) =>
      frames > files
        ? `Makes single-frame files of multi-frame ones: ${count(frames, "file")} at most. ` +
          "Pixels and attributes come out as they were."
        : "Makes single-frame files of multi-frame ones. There is none here so far.",
  },
  {
    name: "compress_lossless",
    title: "Compress",
    icon: "compress",
    hint: "Nothing is lost",
    sentence: ({ files }, { codec }) =>
      `Encodes the pixels of ${count(files, "file")} as ${codecTitle(codec)}, then decodes and ` +
      "compares each frame: every pixel stays identical.",
  },
  {
    name: "compress_lossy",
    title: "Lossy",
    icon: "compress",
    hint: "Much smaller",
    sentence: ({ files }, { codec }) =>
      `Encodes ${count(files, "file")} as ${codecTitle(codec)} with a loss that is measured, ` +
      "marked in each file. Keep the originals for diagnosis.",
  },
  {
    name: "decompress",
    title: "Decompress",
    icon: "expand",
    hint: "For old programs",
    sentence: ({ files }) =>
      `Decodes ${count(files, "file")} to plain pixels, which every program can read. ` +
      "The files get larger.",
  },
  {
    name: "anonymize",
    title: "Anonymize",
    icon: "shield",
    hint: "Identity taken out",
    sentence: ({ files }, { profile }) =>
      profile === "none"
        ? `Changes in ${count(files, "file")} only what your lines below say. ` +
          "The files are not marked as de-identified."
        : `Takes everything out of ${count(files, "file")} that identifies people (DICOM PS3.15), ` +
          "and searches each result for what was there. What may show burnt-in text is held back.",
  },
  {
    name: "export_png",
    title: "Pictures",
    icon: "image",
    hint: "PNG a frame",
    sentence: ({ frames }) =>
      `Makes ${count(frames, "PNG picture")}, in the window of the series or in one that you give.`,
  },
  {
    name: "export_video",
    title: "Video",
    icon: "film",
    hint: "MP4 a series",
    sentence: ({ series }) =>
      `Makes one MP4 video${series > 1 ? ` for each of ${series} series` : ""}, slice after ` +
      "slice, that plays everywhere.",
  },
  {
    name: "dicomdir",
    title: "DICOMDIR",
    icon: "disc",
    hint: "Index for a disc",
    sentence: ({ files }) =>
      `Makes an index of ${count(files, "file")}, and a zip with it and the files under legal ` +
      "names, ready for a disc.",
  },
  {
    name: "headers",
    title: "Headers",
    icon: "text",
    hint: "As text files",
    sentence: ({ files }) =>
      `Writes every element of ${count(files, "file")} into a text file each. ` +
      "These texts hold the names of patients.",
  },
  {
    name: "info",
    title: "File facts",
    icon: "info",
    hint: "Shown here",
    sentence: ({ files }) => `Shows the main facts of ${count(files, "file")} here. Makes no file.`,
  },
  {
    name: "summary",
    title: "Summary",
    icon: "list",
    hint: "Counted here",
    sentence: ({ files }) =>
      `Counts patients, studies, series and frames in ${count(files, "file")}. Makes no file.`,
  },
];

/** Options that mean something on a command line only, or are fixed here. */
const HIDDEN = new Set([
  "in_place",
  "json",
  "write",
  "copy",
  "parent",
  "key_file",
  "crosswalk",
  "name_template",
  "type",
  "container",
  "template",
  "params",
  "detect_text",
]);

const CODECS: Readonly<Record<string, string>> = {
  "": "JPEG 2000",
  j2k: "JPEG 2000",
  htj2k: "High-Throughput JPEG 2000",
  jpegls: "JPEG-LS",
  "jpeg-lossless": "JPEG Lossless",
  rle: "RLE",
  jpegxl: "JPEG XL",
  deflate: "deflate",
};

const TITLES: Readonly<Record<string, string>> = {
  accept: "Pass on anyway",
  accept_burned_in: "Pass on images that may show text",
  annotations: "Write patient and date into the picture",
  bits: "Bits of a sample",
  clean: "Clean instead of remove",
  codec: "Codec",
  fps: "Frames a second",
  original_uids: "Give back the original UIDs",
  overlays: "Draw overlays",
  profile: "Profile",
  psnr: "Quality in dB",
  quality: "Quality, 0 to 100",
  ratio: "Times smaller",
  recompress: "Also what is compressed with loss",
  regions: "Rectangles to make black",
  retain: "Keep",
  set: "Set attributes",
  sop_class: "Kind of file",
  window: "Window",
};

/** Values of options that take several of a known set. */
const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  retain: [
    "uids",
    "device-identity",
    "institution-identity",
    "patient-characteristics",
    "full-dates",
    "modified-dates",
    "safe-private",
  ],
  clean: ["descriptors", "structured-content", "graphics", "pixel-data"],
  accept: ["document", "structured-text", "presentation-text", "raw-data"],
};

/** What the page calls the choices of an option, where their own names say little. */
const CHOICES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  codec: CODECS,
  profile: { basic: "Basic profile (PS3.15)", none: "Only what my lines say" },
  sop_class: {
    enhanced: "Enhanced",
    legacy: "Legacy Converted Enhanced",
    multiframe: "Without functional groups",
  },
};

/** Return the cards that the server has rows for, in our order. */
export function cardsFor(rows: readonly ActionRow[]): { card: Card; row: ActionRow }[] {
  const byName = new Map(rows.map((row) => [row.name, row]));
  return CARDS.flatMap((card) => {
    const row = byName.get(card.name);
    return row === undefined ? [] : [{ card, row }];
  });
}

/** Return the options that a form shows. */
export function shownOptions(row: ActionRow): ActionOption[] {
  return row.options.filter((option) => !HIDDEN.has(option.name));
}

export function optionTitle(name: string): string {
  const plain = name.replaceAll("_", " ");
  return TITLES[name] ?? plain.charAt(0).toUpperCase() + plain.slice(1);
}

export function choiceTitle(option: string, choice: string): string {
  return CHOICES[option]?.[choice] ?? choice;
}

/** Return the known values of an option that takes several; none: any text. */
export function membersOf(option: string): readonly string[] {
  return MEMBERS[option] ?? [];
}

/** Return the sentence of an option as the page says it: without words of the command line. */
export function optionHelp(option: ActionOption): string {
  const plain = option.description
    .replace(/; may be repeated$/, "")
    .replace(/--params says/g, "your lines say");
  const first = plain.replace(/^an option of PS3\.15: .*/, "Options of PS3.15.");
  return `${first.charAt(0).toUpperCase()}${first.slice(1)}${/[.!]$/.test(first) ? "" : "."}`;
}

/** Return the title of an action. */
export function actionTitle(name: string): string {
  return CARDS.find((card) => card.name === name)?.title ?? name;
}

/**
 * Return what the request carries: only what differs from the usual, but always the profile, so
 * that `anonymize` without lines is one that was meant.
 */
export function optionsToSend(row: ActionRow, chosen: Chosen): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  for (const option of row.options) {
    const value = chosen[option.name];
    const isUsual =
      value === undefined ||
      value === "" ||
      value === option.default ||
      (Array.isArray(value) && value.length === 0);
    if (!isUsual) options[option.name] = value;
  }
  if (row.name === "anonymize") options.profile = chosen.profile ?? "basic";
  return options;
}

/** Return the lines that people wrote into a field for several values. */
export function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

function codecTitle(codec: Chosen[string] | undefined): string {
  return (typeof codec === "string" ? CODECS[codec] : undefined) ?? "JPEG 2000";
}
