import { describe, expect, it } from "vitest";
import { namesNotIn, nearestVariable, unknownVariables } from "../../core/src/server/config/unknown-variables.ts";

const KNOWN = ["ONCALL_CATALOG", "ONCALL_RECORDING", "ONCALL_LOGS_OPENSEARCH_URL", "ONCALL_LOGS_OPENSEARCH_INDEX"];
const told = (...names: readonly string[]) =>
  unknownVariables("oncall-logs", KNOWN, Object.fromEntries(names.map((name) => [name, "set"]))).map(
    ({ name, meant }) => `${name} -> ${meant}`,
  );

describe("a variable that a server does not know", () => {
  it.each([
    ["ONCALL_LOGS_OPENSEARCH_ULR", "ONCALL_LOGS_OPENSEARCH_URL"],
    ["ONCALL_OPENSEARCH_ULR", "ONCALL_LOGS_OPENSEARCH_URL"],
    ["ONCALL_OPENSEARCH_INDEX", "ONCALL_LOGS_OPENSEARCH_INDEX"],
    ["ONCALL_LOG_OPENSEARCH_URL", "ONCALL_LOGS_OPENSEARCH_URL"],
    ["ONCALL_CATALOGUE", "ONCALL_CATALOG"],
    ["ONCALL_LOGS_OPENSEARCH_ULR_FILE", "ONCALL_LOGS_OPENSEARCH_URL_FILE"],
    ["ONCALL_LOGS_ELASTICSEARCH_HOSTS", "undefined"],
  ])("is told with the name that was meant: %s", (name, meant) => {
    expect(told(name)).toEqual([`${name} -> ${meant}`]);
  });

  it("is none of its business where it looks like another server's, is empty, or stands for a file", () => {
    expect(
      told("ONCALL_METRICS_PROMETHEUS_URL", "ONCALL_SERVER_LOGS_URL", "ONCALL_CATALOG_FILE", "OPENSEARCH_URL"),
    ).toEqual([]);
    expect(namesNotIn(KNOWN, { ONCALL_LOGS_X: "" })).toEqual([]);
  });

  it("has no other name near when there is none", () => {
    expect(nearestVariable("ONCALL_LOGS_X", KNOWN, "ONCALL_LOGS_")).toBeUndefined();
  });
});
