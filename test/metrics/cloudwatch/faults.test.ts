import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { selfSigned } from "../../support/http/certificate.ts";
import { answer, type Fault, httpFaults } from "../../support/http/faults.ts";
import { closeServers, refusedAddress, sendJson, startServer } from "../../support/http/server.ts";
import { cleanupRecordings, component } from "../../support/recording.ts";
import { ask } from "../prometheus/pretend.ts";
import { answering, metricsServer, operationOf, refusing, stubCredential } from "./pretend.ts";

beforeEach(() => stubCredential());
afterEach(async () => {
  vi.unstubAllEnvs();
  await closeServers();
});
afterAll(cleanupRecordings);

const DEADLINE_MS = 6_000;
const PATIENCE = { ONCALL_METRICS_CLOUDWATCH_TIMEOUT_SECONDS: "0.4" };
const CATALOG = [component("storefront", [], { "oncall/cloudwatch.lambda": "storefront" })];
const good = answering({ value: (metric) => (metric.includes("Invocations") ? 600 : 6) });

const DENIED =
  "User: arn:aws:sts::123456789012:assumed-role/oncall/metrics is not authorized to perform: cloudwatch:GetMetricData because no identity-based policy allows the cloudwatch:GetMetricData action";

const FAULTS: readonly Fault[] = [
  ...httpFaults({
    url: "ONCALL_METRICS_CLOUDWATCH_ENDPOINT",
    credentials: "AWS_PROFILE",
    ca: "ONCALL_METRICS_CLOUDWATCH_CA_FILE",
    seconds: "0.4",
  }),
  {
    when: "does not allow the action (AccessDenied)",
    handler: refusing("AccessDenied", DENIED),
    reason: "forbidden",
    says: /does not let arn:aws:sts::123456789012:assumed-role\/oncall\/metrics call cloudwatch:GetMetricData.*IAM policy in the server's README \(cloudwatch:GetMetricData, /,
  },
  {
    when: "does not allow the action in XML, as its older protocol has it",
    handler: (_, response) => {
      const error = `<Error><Type>Sender</Type><Code>AccessDenied</Code><Message>${DENIED}</Message></Error>`;
      response.writeHead(403, { "content-type": "text/xml" }).end(`<ErrorResponse>${error}</ErrorResponse>`);
    },
    reason: "forbidden",
    says: /call cloudwatch:GetMetricData \(AccessDenied\)/,
  },
  {
    when: "gets a token that has expired",
    handler: refusing("ExpiredToken", "The security token included in the request is expired"),
    reason: "forbidden",
    says: /the credential has expired \(ExpiredToken\); renew it: AWS_PROFILE/,
  },
  {
    when: "does not know the access key",
    handler: refusing("InvalidClientTokenId", "The security token included in the request is invalid.", 403),
    reason: "forbidden",
    says: /did not accept the credential \(InvalidClientTokenId\); set AWS_PROFILE/,
  },
  {
    when: "finds that the secret is another",
    handler: refusing("SignatureDoesNotMatch", "The request signature we calculated does not match", 403),
    reason: "forbidden",
    says: /did not accept the credential \(SignatureDoesNotMatch\)/,
  },
  {
    when: "finds the signature from another time",
    handler: refusing("SignatureDoesNotMatch", "Signature expired: 20260301T101500Z is now earlier than", 403),
    reason: "forbidden",
    says: /of another time.*set this machine's clock/,
  },
  {
    when: "throttles",
    handler: refusing("Throttling", "Rate exceeded"),
    reason: "rate_limited",
    says: /too many requests \(Throttling\); wait a minute/,
  },
  {
    when: "does not take the question",
    handler: refusing("ValidationError", "The parameter StartTime must be less than EndTime"),
    reason: "bad_response",
    says: /refused the question \(ValidationError: The parameter StartTime/,
  },
  {
    when: "sends times that are none",
    handler: answer(JSON.stringify({ MetricDataResults: [{ Id: "m0", Timestamps: ["yesterday"], Values: [1] }] })),
    reason: "bad_response",
    says: /another shape than CloudWatch/,
  },
  {
    when: "sends values that are no numbers",
    handler: answer(JSON.stringify({ MetricDataResults: [{ Id: "m0", Timestamps: [1772358900], Values: [{}] }] })),
    reason: "bad_response",
    says: /another shape than CloudWatch/,
  },
];

describe("read_metrics of a CloudWatch that", () => {
  it.each(FAULTS)("$when could not look, and names backend, cause and cure in time", async (fault) => {
    const { url } = await startServer(fault.handler, fault.tls);
    const env = { ...PATIENCE, ...(fault.isLong ? { ONCALL_METRICS_CLOUDWATCH_TIMEOUT_SECONDS: "4" } : {}) };
    const server = await metricsServer(url, env, CATALOG);
    const { isError, structured } = await ask(server, { service: "storefront" }, DEADLINE_MS);
    expect(structured["message"]).toMatch(fault.says);
    expect(structured).toMatchObject({ outcome: "could_not_look", reason: fault.reason });
    expect(structured["message"]).toContain(`CloudWatch at ${url}`);
    expect(isError).toBe(true);
    await server.close?.();
  });

  it("refuses the connection could not look", async () => {
    const server = await metricsServer(await refusedAddress(), {}, CATALOG);
    const { structured } = await ask(server, { service: "storefront" }, DEADLINE_MS);
    expect(structured).toMatchObject({ outcome: "could_not_look", reason: "unreachable" });
    expect(structured["message"]).toMatch(/refused the connection; see whether it is up, and check ONCALL_METRICS_/);
  });

  it("is asked without any credential could not look, and says where one may come from", async () => {
    stubCredential({});
    const { url, received } = await startServer(good);
    const { structured } = await ask(await metricsServer(url, {}, CATALOG), { service: "storefront" });
    expect(structured).toMatchObject({ outcome: "could_not_look", reason: "forbidden" });
    expect(structured["message"]).toMatch(/no AWS credential to ask with .*AWS_PROFILE.*aws sts get-caller-identity/);
    expect(received).toEqual([]);
  });

  it.each(["the variable of ours", "AWS_CA_BUNDLE"])(
    "shows a certificate of the authority in %s is believed",
    async (where) => {
      const tls = selfSigned();
      const { url } = await startServer(good, tls);
      const { bundle } = await import("./ca-bundle.ts");
      if (where === "AWS_CA_BUNDLE") vi.stubEnv("AWS_CA_BUNDLE", await bundle(tls.cert));
      const env: Record<string, string> = where === "AWS_CA_BUNDLE" ? {} : { ONCALL_METRICS_CLOUDWATCH_CA: tls.cert };
      const server = await metricsServer(url, env, CATALOG);
      expect((await ask(server, { service: "storefront" })).structured).toMatchObject({ outcome: "found" });
      await server.close?.();
    },
  );

  it.each([
    ["cuts the connection", (response: Parameters<typeof sendJson>[0]) => void response.destroy()],
    [
      "throttles",
      (response: Parameters<typeof sendJson>[0]) => sendJson(response, 400, { __type: "ThrottlingException" }),
    ],
  ])("%s once is asked again, and answers", async (_, fail) => {
    let count = 0;
    const { url, received } = await startServer((request, response) => {
      if (operationOf(request) === "GetMetricData" && ++count === 1) return fail(response);
      good(request, response);
    });
    const { structured } = await ask(await metricsServer(url, {}, CATALOG), { service: "storefront" });
    expect(structured).toMatchObject({ outcome: "found" });
    expect(received.filter((request) => operationOf(request) === "GetMetricData")).toHaveLength(2);
  });

  it("hangs costs one wait, and the next call hardly any", async () => {
    const { url } = await startServer(() => {});
    const server = await metricsServer(url, PATIENCE, CATALOG);
    await ask(server, { service: "storefront" });
    const second = await ask(server, { service: "storefront" });
    const third = await ask(server, { service: "storefront" });
    expect(second.structured).toMatchObject({ outcome: "could_not_look" });
    expect(third.structured["message"]).toMatch(/is not asked for now, after failures in a row: .*did not answer/);
  });

  it("hangs is let go of when the call is cancelled", async () => {
    let open = 0;
    const { url, received } = await startServer((_, response) => {
      open++;
      response.once("close", () => open--);
    });
    const { structured } = await ask(await metricsServer(url, {}, CATALOG), { service: "storefront" }, 800);
    expect(structured).toMatchObject({ outcome: "could_not_look", reason: "timed_out" });
    expect(received.length).toBeGreaterThan(0);
    await expect.poll(() => open).toBe(0);
  });

  it("has a clock that differs from ours says so as a gap", async () => {
    const { url } = await startServer((request, response) => {
      response.setHeader("date", new Date(Date.now() - 120_000).toUTCString());
      good(request, response);
    });
    const { structured } = await ask(await metricsServer(url, {}, CATALOG), { service: "storefront" });
    expect(structured["gaps"]).toContainEqual(
      expect.stringMatching(/this machine's clock is 12[01] s ahead of the one/),
    );
  });

  it("lets metrics be read and not alarms still tells the metrics, and names the gap and the missing right", async () => {
    const denied = DENIED.replaceAll("GetMetricData", "DescribeAlarmHistory");
    const { url } = await startServer((request, response) => {
      const isHistory = operationOf(request) === "DescribeAlarmHistory";
      (isHistory ? refusing("AccessDenied", denied) : good)(request, response);
    });
    const { structured } = await ask(await metricsServer(url, {}, CATALOG), { service: "storefront" });
    expect(structured).toMatchObject({ outcome: "found" });
    expect(structured["gaps"]).toContainEqual(
      expect.stringMatching(/^could not look at alarms: .*call cloudwatch:DescribeAlarmHistory/),
    );
  });
});
