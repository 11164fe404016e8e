import { checkClaim, EvidenceKey, mintEvidence, unsupportedFigures } from "@oncall-copilot/core";
import { describe, expect, it } from "vitest";

const errors = "promotions error_ratio 0.231, usually 0.004; 57x; turned 2026-03-01T09:58:15Z";
const lines = "3/12 pods, 412 lines in the window, 0 before; first 10:02:13Z, last 10:06:59Z";
const latency =
  "latency_p99_seconds turned up 2026-11-23T07:20:30Z: 2.81 in the median; usually 0.285 (IQR 0.216), 9.9x";

describe("what a sensible person writes holds:", () => {
  it.each([
    ["errors rose from 0.4 % to 23 %", errors],
    ["errors rose from 0.004 to 0.231 (23.1 %)", errors],
    ["it is about 60 times as high", errors],
    ["more than 20 % of the requests fail", errors],
    ["it turned at 09:58:15 UTC", errors],
    ["since 09:58Z", errors],
    ["since 2026-03-01T09:58Z", errors],
    ["on 1 March 2026 at 09:58", errors],
    ["it turned at 10:58+01:00", errors],
    ["3 of 12 pods", lines],
    ["a quarter of the pods", lines],
    ["25 % of the pods", lines],
    ["over 400 lines", lines],
    ["hundreds of lines", lines],
    ["0.4k lines", lines],
    ["from 10:02-10:06", lines],
    ["between 10:02 and 10:06 UTC", lines],
    ["its p99 rose to 2.8 s, which is 2,810 ms", latency],
    ["a 2.8-second 99th percentile", latency],
    ["ten times as high, against 0.285 s", latency],
    ["errors doubled", "error_ratio 0.4, usually 0.2; 2x"],
    ["1.5 million rows, 1.5M in short", "1500000 rows"],
    ["twenty pods", "20 pods"],
    ["since 11:53: every ticket fails", "turned up 2026-11-11T11:53:00Z: 1"],
    ["the release of 07:57:38: since then", "deployed 2026-11-11T07:57:38.008Z"],
    ["5-10 s, at 120/s", "5 s to 10 s, requests_per_second 120"],
    ["max_connections=10", "max_connections: 10"],
    ["it waited for 90 s", "took 1m30s"],
    ["a timeout of 5 s", "TIMEOUT_MS=5000"],
    ["a lifetime of 20,000 ms", "CACHE_TTL_MS, 20_000"],
    ["12us", "12µs"],
    ["it returns 503s", "status=503"],
    ["v1.4.2 of it", "image promotions:1.4.2"],
    ["1.4.2 of it", "image v1.4.2"],
    ["10.0.0.7:8080 refused it", "connect to 10.0.0.7:8080"],
    ["all of them fail: 100 %", "error_ratio turned up 2026-11-23T07:20:30Z: 1; usually 0"],
  ])("%s <- %s", (claim, quote) => {
    expect(unsupportedFigures(claim, [quote])).toEqual([]);
  });
});

describe("what a quote does not say does not hold:", () => {
  it.each([
    ["a ratio as a percentage", "0.5 % fail", "error_ratio 0.5"],
    ["a bare 1 as a percentage", "100 % fail", "1 commit"],
    ["things counted as a percentage", "300 % fail", "3 pods"],
    ["things counted as a duration", "for 3 hours", "3 pods"],
    ["things counted as a scaled duration", "for 86400 s", "1 commit"],
    ["things counted as bytes", "3 GB", "3 pods"],
    ["a percentage as things", "23 pods fail", "error 23 %"],
    ["another unit than the signal's", "after 5 s", "latency_ms 5"],
    ["thousands for ones", "5 k lines", "5 lines"],
    ["millions for minutes", "5M lines", "for 5m"],
    ["a piece of a time as a count", "58 pods", errors],
    ["a piece of a date as a count", "2026 pods", errors],
    ["a piece of an address as a ratio", "10 % fail", "10.0.0.7"],
    ["the end of a time", "at 9:58", "turned 2026-03-01T19:58:15Z"],
    ["minutes and seconds as a time", "at 58:15", errors],
    ["a time of another zone", "at 09:58 CET", errors],
    ["a time of another half of the day", "at 09:58 pm", errors],
    ["a time with another offset", "at 09:58+02:00", errors],
    ["a time on another day", "on 2026-03-02 at 09:58", errors],
    ["a longer address", "10.0.0.7 refused it", "connect to 10.0.0.77"],
    ["a longer port", "10.0.0.7:80 refused it", "connect to 10.0.0.7:8080"],
    ["a longer version", "v1.4.2 broke it", "image v1.4.21"],
    ["the middle of a commit", "3f2a9c1 broke it", "commit aa3f2a9c1d"],
    ["a piece of a name", "pod x-1 fails", "pod max-12"],
    ["superscripts", "10⁶ errors", "106 errors"],
    ["a Roman figure", "Ⅻ pods", "4 pods"],
    ["an id that a number cannot hold", "trace 99999999999999999999", "trace 99999999999999999998"],
    ["a factor in words", "errors quadrupled", "2x"],
    ["a fold in words", "a tenfold rise", "2x"],
    ["a share in words", "half of all requests fail", errors],
    ["a percentage in words", "five percent fail", errors],
    ["too many by a hedge", "more than 25 % fail", errors],
    ["too few by a hedge", "nearly 400 lines", lines],
    ["a property of every object", "5constructor", "5 %"],
  ])("%s", (_what, claim, quote) => {
    expect(unsupportedFigures(claim, [quote])).not.toEqual([]);
  });

  it("a date of one quote with a time of another", () => {
    expect(unsupportedFigures("on 2026-03-01 at 10:02", ["since 2026-03-01", "10:02:13Z"])).not.toEqual([]);
  });
});

describe("a catalog's names", () => {
  it("hide no figure when they read as one themselves", () => {
    expect(unsupportedFigures("12 pods and 99 %", ["x"], ["1", "2", "9"])).toEqual(["12", "99"]);
  });

  it("are taken out as whole names only", () => {
    expect(unsupportedFigures("api2 has 77 pods, api21 too", ["77 pods"], ["api2"])).toEqual(["api21"]);
  });
});

describe("a claim that is no sentence", () => {
  it("does not hold however long it is, and costs little to refuse", () => {
    const key = new EvidenceKey(Buffer.alloc(32, 1));
    const evidence = mintEvidence(key, "l", { text: "boom at noon", url: "u", at: "t", about: [], shows: [] });
    const claim = { text: "12 ".repeat(100_000), supports: [{ id: evidence.id, quote: "boom" }], contradicts: [] };
    const { claim: held, failures } = checkClaim(claim, new Map([[evidence.id, evidence]]), key);
    expect(held).toBeUndefined();
    expect(JSON.stringify(failures).length).toBeLessThan(500);
  });
});

describe("the time to check figures", () => {
  const pieces = [")", ".", "-", "0", "a-", "1,", "1-", "1h", "12:34:", "2026-", "five ", "3 of ", "~", "a_", " "];
  it.each(pieces)("grows no faster than a text of %j", (piece) => {
    const text = `${piece.repeat(60_000 / piece.length)}a`;
    unsupportedFigures(text, ["error_ratio 0.5"]);
    unsupportedFigures("at 5:30 3f2a9c1 failed 5 times", [text]);
  });
});
