import { AlertError, alertFingerprint, incidentFromPayload } from "@oncall-copilot/core";
import { describe, expect, it } from "vitest";

const alert = (labels: Record<string, string>, more: object = {}) => ({
  status: "firing",
  labels,
  annotations: { summary: "slow" },
  startsAt: "2026-03-01T10:00:00.123Z",
  endsAt: "0001-01-01T00:00:00Z",
  generatorURL: "http://prometheus.example/graph",
  fingerprint: "aa",
  ...more,
});
const webhook = (alerts: object[], more: object = {}) => ({
  version: "4",
  groupKey: "{}",
  status: "firing",
  receiver: "oncall",
  externalURL: "http://am.example",
  alerts,
  ...more,
});

const event = (value: string, dimensions: Record<string, string> = { FunctionName: "resize" }) => ({
  "detail-type": "CloudWatch Alarm State Change",
  source: "aws.cloudwatch",
  account: "123456789012",
  time: "2026-03-01T10:00:05Z",
  region: "eu-west-1",
  resources: [],
  detail: {
    alarmName: "resize-errors-high",
    state: {
      value,
      reason: "Threshold Crossed: 1 datapoint [5.0] was greater than the threshold (1.0)",
      reasonData: '{"threshold":1.0}',
      timestamp: "2026-03-01T10:00:00.000+0000",
    },
    previousState: { value: "OK", timestamp: "2026-03-01T09:00:00.000+0000" },
    configuration: {
      description: "resize fails",
      metrics: [
        {
          id: "m1",
          metricStat: { metric: { namespace: "AWS/Lambda", name: "Errors", dimensions }, period: 60, stat: "Sum" },
        },
      ],
    },
  },
});

describe("an Alertmanager webhook", () => {
  it("becomes an incident led by its most severe, then earliest, firing alert", () => {
    const incident = incidentFromPayload(
      webhook([
        alert({ alertname: "Minor", service: "cart", severity: "warning" }, { startsAt: "2026-03-01T09:50:00Z" }),
        alert({ alertname: "Slow", service: "storefront", severity: "critical" }),
        alert(
          { alertname: "Gone", service: "search", severity: "critical" },
          { status: "resolved", startsAt: "2026-03-01T09:00:00Z" },
        ),
      ]),
    );
    expect(incident).toMatchObject({
      alert: "Slow",
      service: "storefront",
      status: "firing",
      started_at: "2026-03-01T10:00:00.123Z",
    });
    expect(incident.related.map((other) => other.alert)).toEqual(["Minor"]);
  });

  it("that is resolved makes a resolved incident", () => {
    const body = webhook([alert({ alertname: "Slow", service: "a" }, { status: "resolved" })], { status: "resolved" });
    expect(incidentFromPayload(body).status).toBe("resolved");
  });

  it("without the usual labels says what was missing", () => {
    const incident = incidentFromPayload(webhook([alert({ severity: "page" })]));
    expect(incident).toMatchObject({ alert: "unnamed alert", service: null });
    expect(incident.notes).toEqual(["the alert has no alertname label"]);
  });

  it("says when Alertmanager left alerts out", () => {
    expect(
      incidentFromPayload(webhook([alert({ alertname: "A", service: "a" })], { truncatedAlerts: 7 })).notes[0],
    ).toContain("left 7 alerts");
  });
});

describe("a CloudWatch event", () => {
  it("becomes an incident, with its dimensions as labels", () => {
    expect(incidentFromPayload(event("ALARM"))).toMatchObject({
      source: "cloudwatch",
      status: "firing",
      alert: "resize-errors-high",
      service: "resize",
      started_at: "2026-03-01T10:00:00.000Z",
      labels: { namespace: "AWS/Lambda", metric: "Errors", FunctionName: "resize" },
    });
  });

  it("back to OK is resolved; without data it fires and says that nothing crossed a threshold", () => {
    expect(incidentFromPayload(event("OK")).status).toBe("resolved");
    expect(incidentFromPayload(event("INSUFFICIENT_DATA")).notes[0]).toContain("insufficient data");
  });
});

describe("rubbish", () => {
  it.each([
    [null, "not a JSON object"],
    [[], "not a JSON object"],
    ["firing", "not a JSON object"],
    [{}, "not a known alert"],
    [{ version: "4", status: "firing", alerts: [] }, "the webhook has no alerts"],
    [{ version: "3", status: "firing", alerts: [alert({})] }, "version"],
    [webhook([{ ...alert({ alertname: "A" }), startsAt: "soon" }]), "alerts.0.startsAt"],
    [{ source: "aws.cloudwatch", "detail-type": "EC2 Instance State-change Notification" }, "detail-type"],
    [webhook(Array.from({ length: 1001 }, () => alert({}))), "more than 1000"],
  ])("is refused with what is wrong: %#", (payload, message) => {
    expect(() => incidentFromPayload(payload)).toThrow(AlertError);
    expect(() => incidentFromPayload(payload)).toThrow(message);
  });
});

describe("a fingerprint", () => {
  const base = {
    alert: "PodCrashLooping",
    service: "cart",
    labels: { alertname: "PodCrashLooping", namespace: "shop" },
  };
  it.each([
    ["pod", { pod: "cart-7d9f8b6c5d-x2x4z" }],
    ["instance", { instance: "10.0.0.7:8080" }],
    ["version", { version: "v1.4.2" }],
    ["severity", { severity: "critical" }],
    ["image", { image: "registry.example/cart:1.4.2" }],
  ])("is stable over %s", (_name, labels) => {
    expect(alertFingerprint({ ...base, labels: { ...base.labels, ...labels } })).toBe(alertFingerprint(base));
  });

  it("is stable over generated parts within other labels", () => {
    const of = (workload: string) => alertFingerprint({ ...base, labels: { workload } });
    expect(of("cart-7d9f8b6c5d-x2x4z")).toBe(of("cart-5c66d57d58-6mp2b"));
    expect(of("batch at 2026-03-01T10:00:00Z")).toBe(of("batch at 2026-04-02T11:30:00Z"));
    expect(of("shop 1.4.2")).toBe(of("shop v2.0.0"));
  });

  it("differs by alert, service and what identifies the trouble", () => {
    const all = [
      base,
      { ...base, alert: "Other" },
      { ...base, service: "search" },
      { ...base, labels: { ...base.labels, namespace: "bank" } },
      { ...base, service: null },
    ].map(alertFingerprint);
    expect(new Set(all).size).toBe(all.length);
  });
});
