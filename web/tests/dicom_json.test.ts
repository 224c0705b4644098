import { describe, expect, it } from "vitest";

import {
  NO_FILTERS,
  hasFilters,
  personName,
  readDate,
  readTime,
  studyQuery,
} from "../src/dicom_json";

const TODAY = new Date(2024, 2, 1);

function name(groups: Record<string, string>): unknown {
  return personName({ "00100010": { vr: "PN", Value: [groups] } }, "00100010");
}

function query(filters: Partial<typeof NO_FILTERS>): Record<string, string> {
  return Object.fromEntries(studyQuery({ ...NO_FILTERS, ...filters }, 0, 50, TODAY));
}

describe("names of people", () => {
  it("are read as people write them", () => {
    expect(name({ Alphabetic: "Doe^Jane^Q^Dr.^PhD" })).toEqual({
      name: "Dr. Doe, Jane Q, PhD",
      other: "",
    });
  });

  it("have the letters of the country beside ours", () => {
    expect(
      name({ Alphabetic: "Yamada^Tarou", Ideographic: "山田^太郎", Phonetic: "やまだ^たろう" }),
    ).toEqual({ name: "Yamada, Tarou", other: "山田 太郎" });
    expect(name({ Alphabetic: "Hong^Gildong", Phonetic: "홍^길동" })).toEqual({
      name: "Hong, Gildong",
      other: "홍 길동",
    });
    expect(name({ Ideographic: "洪^吉洞" })).toEqual({ name: "洪 吉洞", other: "" });
  });

  it("may be missing, odd or markup", () => {
    expect(personName({}, "00100010")).toEqual({ name: "", other: "" });
    expect(personName({ "00100010": { Value: ["x"] } }, "00100010").name).toBe("");
    expect(name({ Alphabetic: "<b>^" })).toEqual({ name: "<b>", other: "" });
  });
});

describe("dates and times", () => {
  it.each([
    ["20240131", "31 Jan 2024"],
    ["2024.01.31", "31 Jan 2024"],
    ["20241301", "20241301"],
    ["", ""],
  ])("%s is %s", (date, read) => {
    expect(readDate(date)).toBe(read);
  });

  it("of day are hours and minutes", () => {
    expect([readTime("101500.25"), readTime("10"), readTime("")]).toEqual(["10:15", "", ""]);
  });
});

describe("searches", () => {
  it("without filters ask for everything, a page at a time", () => {
    expect(query({})).toEqual({ limit: "50", offset: "0" });
  });

  it("find names by words, other texts by any part, unless wildcards are written", () => {
    expect(query({ name: " Doe, Jane ", id: "12", accession: "A*" })).toMatchObject({
      PatientName: "Doe  Jane",
      fuzzymatching: "true",
      PatientID: "*12*",
      AccessionNumber: "A*",
    });
  });

  it.each([
    [{ days: "0" }, "20240301"],
    [{ days: "6" }, "20240224-20240301"],
    [{ days: "between", from: "2024-01-31", to: "" }, "20240131-"],
    [{ days: "between", from: "", to: "2024-01-31" }, "-20240131"],
    [{ days: "between", from: "2024-02-01", to: "2024-01-31" }, "20240131-20240201"],
    [{ days: "between" }, undefined],
  ])("of dates %o are %s", (filters, date) => {
    expect(query(filters).StudyDate).toBe(date);
  });

  it("know whether they leave anything out", () => {
    expect(hasFilters(NO_FILTERS)).toBe(false);
    expect(hasFilters({ ...NO_FILTERS, from: "2024-01-31" })).toBe(false);
    expect(hasFilters({ ...NO_FILTERS, days: "between", from: "2024-01-31" })).toBe(true);
    expect(hasFilters({ ...NO_FILTERS, modality: "CT" })).toBe(true);
  });
});
