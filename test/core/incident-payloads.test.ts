import { AlertError, type Incident, incidentFromPayload, readPayload } from "@oncall-copilot/core";
import { describe, expect, it } from "vitest";
import * as aws from "../support/alerts/aws.ts";
import { grafana, managedPrometheusJson, managedPrometheusText, pagerDuty } from "../support/alerts/senders.ts";

const one = (payload: unknown): Incident => {
  const { incidents } = readPayload(payload);
  expect(incidents).toHaveLength(1);
  const [incident] = incidents;
  if (!incident) throw new Error("no incident");
  return incident;
};
const names = (incident: Incident) => incident.subjects.map(({ name }) => name);

describe("Grafana's own alerting", () => {
  it("is read as Alertmanager's webhook is, with its dashboard", () => {
    expect(one(grafana())).toMatchObject({
      source: "grafana",
      alert: "StorefrontLatencyHigh",
      service: "storefront",
      started_at: "2026-11-23T07:21:02.179Z",
      annotations: { dashboard_url: "https://grafana.example/d/abc" },
    });
  });

  it("of the legacy kind is refused with what to use", () => {
    const legacy = { title: "[Alerting] x", ruleId: 1, ruleName: "x", state: "alerting", evalMatches: [] };
    expect(() => incidentFromPayload(legacy)).toThrow("legacy alerting");
  });
});

describe("Amazon's Prometheus over SNS", () => {
  it("is read when its template makes JSON, whose times are Go's and which has no version", () => {
    expect(one(aws.sns(managedPrometheusJson()))).toMatchObject({
      alert: "HighErrorRate",
      service: "storefront",
      started_at: "2026-11-23T07:21:02.179Z",
    });
  });

  it("is read when its template says nothing of the start: the time it was sent stands, and that is told", () => {
    const incident = one(aws.sns(managedPrometheusJson({ startsAt: undefined })));
    expect(incident.started_at).toBe("2026-11-23T07:21:30.000Z");
    expect(incident.notes).toEqual([expect.stringContaining("does not say when it began")]);
  });

  it("is read as the plain text that it sends by default, firing and resolved apart", () => {
    const { incidents } = readPayload(aws.sns(managedPrometheusText));
    expect(incidents.map(({ alert, status, service }) => [alert, status, service])).toEqual([
      ["HighErrorRate", "firing", "storefront"],
      ["HighLatency", "firing", "cart"],
      ["PodsDown", "resolved", "search"],
    ]);
    expect(incidents[0]).toMatchObject({
      summary: "errors at 30 %\nof all requests",
      url: "https://prometheus.example/graph?g0.expr=x",
      labels: { severity: "critical" },
    });
  });
});

describe("a CloudWatch alarm", () => {
  it("makes the same incident by EventBridge, by its Lambda action and by SNS, in whatever envelope", () => {
    const ways = [
      aws.event(),
      aws.lambdaAction(),
      aws.sns(aws.notification()),
      { Records: [{ EventSource: "aws:sns", Sns: aws.sns(aws.notification()) }] },
      aws.sqs(aws.event()),
      aws.sqs(aws.sns(aws.notification())),
      [aws.event()],
    ].map(one);
    for (const incident of ways) expect(incident).toEqual(ways[0]);
    expect(ways[0]).toMatchObject({
      source: "cloudwatch",
      service: "resize",
      alert: "resize-errors-high",
      status: "firing",
    });
  });

  it("that went back to OK is the incident that it was while it was on", () => {
    const on = one(aws.event());
    const off = one(
      aws.event({ state: "OK", at: "2026-11-23T07:40:00.000+0000", before: { value: "ALARM", at: aws.AT } }),
    );
    expect(off).toMatchObject({ status: "resolved", id: on.id, ended_at: "2026-11-23T07:40:00.000Z" });
  });

  it("is about what any of its metrics is about, not the first alone", () => {
    const incident = one(
      aws.event({
        metrics: [
          { id: "e1", expression: "m2/m1", returnData: true },
          aws.stat("m1", "AWS/Lambda", "Errors", {}),
          aws.stat("m2", "AWS/Lambda", "Errors", { FunctionName: "promotions" }),
        ],
      }),
    );
    expect(incident.service).toBe("promotions");
  });

  it("with an anomaly band is about the metric in the band", () => {
    const incident = one(
      aws.event({
        metrics: [
          aws.stat("m1", "AWS/ApplicationELB", "RequestCount", { LoadBalancer: "app/shop/50dc6c495c0c9188" }),
          {
            id: "ad1",
            expression: "ANOMALY_DETECTION_BAND(m1, 2)",
            label: "RequestCount (expected)",
            returnData: true,
          },
        ],
      }),
    );
    expect(names(incident)).toEqual(["app/shop/50dc6c495c0c9188"]);
  });

  it("on a Metrics Insights query is about what the query filters by, and one series of it about that series", () => {
    const query = `SELECT AVG(Errors) FROM SCHEMA("AWS/Lambda", FunctionName) WHERE FunctionName = 'resize' AND Stage = 'prod'`;
    expect(names(one(aws.event({ metrics: [{ id: "q1", expression: query }] })))).toEqual(["resize"]);
    expect(one(aws.contributor)).toMatchObject({ service: "offers", labels: { TableName: "offers" } });
  });

  it("puts the thing itself before what it shares with others", () => {
    const shared = {
      ClusterName: "shop",
      LoadBalancer: "app/shop/50",
      TargetGroup: "targetgroup/promo/9a",
      ServiceName: "promo",
    };
    expect(names(one(aws.event({ metrics: [aws.stat("m1", "AWS/ECS", "CPUUtilization", shared)] })))).toEqual([
      "promo",
      "targetgroup/promo/9a",
      "app/shop/50",
      "shop",
    ]);
  });

  it("is about what its tags name before anything else, and as bad as they say", () => {
    const tagged = {
      ...aws.event(),
      alarmTags: [
        { Key: "service", Value: "thumbnails" },
        { Key: "priority", Value: "P1" },
      ],
    };
    expect(one(tagged)).toMatchObject({ service: "thumbnails", severity: "P1", severity_level: "critical" });
    const asMap = { ...aws.lambdaAction(), alarmTags: { "oncall:service": "thumbnails" } };
    expect(one(asMap)).toMatchObject({ service: "thumbnails" });
  });

  it("that is composite names the alarms that set it off, by EventBridge and by SNS", () => {
    const subjects = [
      { name: "promotions-errors", from: "triggering alarm", means: "alarm" },
      { name: "promotions-errors", from: "alarm rule", means: "alarm_rule" },
      { name: "storefront-latency", from: "alarm rule", means: "alarm_rule" },
    ];
    expect(one(aws.composite()).subjects).toEqual(subjects);
    expect(one(aws.sns(aws.compositeNotification)).subjects).toEqual(subjects);
  });

  it.each([
    ["a suppressor's waiting period", aws.composite({ actionsSuppressedBy: "WaitPeriod" })],
    ["a mute rule", aws.event({ muteDetail: { mutedByArn: "arn:aws:cloudwatch:eu-west-1:1:alarm-mute-rule:night" } })],
  ])("that is held back by %s wakes nobody, and that is told", (_by, payload) => {
    const { incidents, ignored } = readPayload(payload);
    expect(incidents).toEqual([]);
    expect(ignored).toEqual([expect.stringContaining("are held back by")]);
    expect(() => incidentFromPayload(payload)).toThrow("held back");
  });
});

describe("PagerDuty's v3 webhook", () => {
  it("is the alert of its sender when that lies in it", () => {
    const details = { firing: managedPrometheusText.split("Alerts Resolved")[0], num_firing: "2" };
    const { incidents } = readPayload(pagerDuty({ body: { type: "incident_body", details } }));
    expect(incidents.map(({ alert, started_at }) => [alert, started_at])).toEqual([
      ["HighErrorRate", "2026-11-23T07:21:05.000Z"],
      ["HighLatency", "2026-11-23T07:21:05.000Z"],
    ]);
    expect(one(pagerDuty({ alerts: [{ body: { cef_details: { details: aws.event() } } }] })).alert).toBe(
      "resize-errors-high",
    );
  });

  it("is the incident alone when it does not, which is told", () => {
    const incident = one(pagerDuty({}));
    expect(incident).toMatchObject({
      source: "pagerduty",
      alert: "storefront is slow",
      service: "Storefront (prod)",
      severity: "P1",
      severity_level: "critical",
      started_at: "2026-11-23T07:21:05.000Z",
      url: "https://shop.pagerduty.com/incidents/PGR0VU2",
    });
    expect(incident.notes).toEqual([expect.stringContaining("carries no alert of its own")]);
    expect(incident.subjects.map(({ name }) => name)).toContain("PF9KMXH");
  });

  it("resolves what it triggered, whatever the payload inside says", () => {
    const resolved = one(pagerDuty({}, "incident.resolved", "2026-11-23T08:00:00Z"));
    expect(resolved).toMatchObject({
      status: "resolved",
      id: one(pagerDuty({})).id,
      ended_at: "2026-11-23T08:00:00.000Z",
    });
    const inside = pagerDuty({ body: { details: aws.event() } }, "incident.resolved");
    expect(one(inside).status).toBe("resolved");
  });

  it.each(["incident.acknowledged", "incident.priority_updated", "pagey.ping", "service.updated"])(
    "of the type %s is no alert",
    (type) => {
      expect(readPayload(pagerDuty({}, type))).toEqual({ incidents: [], ignored: [`PagerDuty's ${type}`] });
    },
  );
});

describe("several alerts in one payload", () => {
  it("are an incident each, those that are over included", () => {
    const body = grafana();
    const [alert] = body.alerts;
    const over = {
      ...alert,
      status: "resolved",
      labels: { alertname: "B", service: "b" },
      endsAt: "2026-11-23T08:30:00Z",
    };
    const { incidents } = readPayload({ ...body, alerts: [alert, over] });
    expect(incidents.map(({ status, ended_at }) => [status, ended_at])).toEqual([
      ["firing", null],
      ["resolved", "2026-11-23T08:30:00.000Z"],
    ]);
    expect(incidentFromPayload({ ...body, alerts: [alert, over] }).related).toEqual([]);
  });

  it("are read as Prometheus itself sends them, too", () => {
    const bare = [
      {
        labels: { alertname: "A", service: "a" },
        annotations: {},
        startsAt: "2026-03-01T10:00:00Z",
        endsAt: "2026-03-01T10:05:00Z",
      },
      {
        labels: { alertname: "B", service: "b" },
        annotations: {},
        startsAt: "2026-03-01T10:00:00Z",
        endsAt: "2199-03-01T10:05:00Z",
      },
    ];
    expect(readPayload(bare).incidents.map(({ status }) => status)).toEqual(["resolved", "firing"]);
  });
});

describe("an envelope", () => {
  it("of SNS that is no notification is no alert", () => {
    const { ignored } = readPayload({ ...aws.sns("x"), Type: "SubscriptionConfirmation", Token: "t" });
    expect(ignored).toEqual([expect.stringContaining("SubscriptionConfirmation")]);
  });

  it.each([
    [aws.sns("the weather is fine"), "neither JSON nor Alertmanager's text"],
    [aws.sns('{"hello":"world"}'), "not a known alert"],
    [aws.sqs("x".repeat(10)), "neither JSON"],
    [aws.sns({ AlarmName: "x", NewStateValue: "LATER" }), "NewStateValue"],
    [{ messages: [{ event: "incident.trigger" }] }, "v2 webhook"],
  ])("of something else is refused with what it is: %#", (payload, message) => {
    expect(() => readPayload(payload)).toThrow(AlertError);
    expect(() => readPayload(payload)).toThrow(message);
  });

  it("within envelopes without end is refused", () => {
    const nest = (depth: number): unknown => (depth === 0 ? aws.event() : aws.sns(nest(depth - 1)));
    expect(() => readPayload(nest(9))).toThrow("envelopes");
  });
});
