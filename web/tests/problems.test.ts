import { describe, expect, it } from "vitest";

import { ServiceError, problemOf, refusal, retryAfter } from "../src/problems";

describe("errors in words", () => {
  it.each([0, 400, 401, 403, 404, 409, 413, 429, 500, 503, 504])("%d has words", (status) => {
    const problem = problemOf(new ServiceError(status, "the server's own sentence"));
    expect(problem.title).not.toBe("");
    expect(problem.advice).not.toBe("");
    expect(problem.detail).toBe("the server's own sentence");
  });

  it("knows which ones pass by themselves", () => {
    const passing = [0, 400, 404, 409, 413, 429, 500, 502, 503, 504].filter(
      (status) => problemOf(new ServiceError(status, "")).mayRetry,
    );
    expect(passing).toEqual([0, 409, 429, 500, 502, 503]);
  });

  it("treats statuses without words as their family", () => {
    expect(problemOf(new ServiceError(418, "")).title).toBe(
      problemOf(new ServiceError(400, "")).title,
    );
    expect(problemOf(new ServiceError(507, "")).mayRetry).toBe(true);
  });

  it("knows an ended session", () => {
    expect(problemOf(new ServiceError(404, "")).isGone).toBe(true);
  });

  it("says something of what nobody expected", () => {
    expect(problemOf(new TypeError("x")).detail).toBe("x");
    expect(problemOf("x").title).not.toBe("");
  });
});

describe("Retry-After", () => {
  it("is seconds or a date", () => {
    const now = Date.parse("2026-01-01T00:00:00Z");
    expect(retryAfter("12", now)).toBe(12_000);
    expect(retryAfter("Thu, 01 Jan 2026 00:00:30 GMT", now)).toBe(30_000);
    expect(retryAfter("Thu, 01 Jan 2025 00:00:30 GMT", now)).toBe(0);
    expect([retryAfter(null), retryAfter(""), retryAfter("soon")]).toEqual([0, 0, 0]);
  });
});

describe("files that cannot be sent", () => {
  it("are empty ones and those above the limit", () => {
    expect(refusal({ size: 0 }, 1e9)).toContain("empty");
    expect(refusal({ size: 524_288_000 }, 524_288_000)).toContain("524 MB");
    expect(refusal({ size: 500_000_000 }, 524_288_000)).toBe("");
  });
});
