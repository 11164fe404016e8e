/** Alerts as Grafana, Amazon's Prometheus and PagerDuty send them. */

export const grafana = () => ({
  receiver: "oncall",
  status: "firing",
  orgId: 1,
  alerts: [
    {
      status: "firing",
      labels: { alertname: "StorefrontLatencyHigh", grafana_folder: "Shop", service: "storefront" },
      annotations: { summary: "storefront slow" },
      startsAt: "2026-11-23T08:21:02.17907674+01:00",
      endsAt: "0001-01-01T00:00:00Z",
      generatorURL: "https://grafana.example/alerting/grafana/x/view",
      fingerprint: "57c6d9296de2ad39",
      silenceURL: "https://grafana.example/alerting/silence/new",
      dashboardURL: "https://grafana.example/d/abc",
      panelURL: "",
      values: { A: 2.7 },
      valueString: "[ var='A' labels={} value=2.7 ]",
    },
  ],
  groupLabels: { alertname: "StorefrontLatencyHigh" },
  commonLabels: {},
  commonAnnotations: {},
  externalURL: "https://grafana.example/",
  version: "1",
  groupKey: '{}:{alertname="StorefrontLatencyHigh"}',
  truncatedAlerts: 0,
  title: "[FIRING:1] StorefrontLatencyHigh",
  state: "alerting",
  message: "**Firing**",
});

/** What Amazon's documented template makes: no version, and times as Go prints them. */
export const managedPrometheusJson = (more: object = {}) => ({
  receiver: "default",
  status: "firing",
  alerts: [
    {
      status: "firing",
      labels: { alertname: "HighErrorRate", service: "storefront", severity: "critical" },
      annotations: { summary: "errors at 30 %" },
      startsAt: "2026-11-23 07:21:02.179 +0000 UTC",
      endsAt: "0001-01-01 00:00:00 +0000 UTC",
      generatorURL: "/graph?g0.expr=x",
      fingerprint: "abc123",
      ...more,
    },
  ],
  groupLabels: { alertname: "HighErrorRate" },
  commonLabels: { alertname: "HighErrorRate" },
  commonAnnotations: {},
});

/** Alertmanager's `sns.default.message`, which is all that Amazon's sends unless it is given a template. */
export const managedPrometheusText = `errors at 30 % of all requests
Alerts Firing:
Labels:
 - alertname = HighErrorRate
 - service = storefront
 - severity = critical
Annotations:
 - summary = errors at 30 %
of all requests
Source: https://prometheus.example/graph?g0.expr=x
Labels:
 - alertname = HighLatency
 - service = cart
 - severity = warning
Annotations:
 - summary = slow = very
Source: https://prometheus.example/graph?g0.expr=y

Alerts Resolved:
Labels:
 - alertname = PodsDown
 - service = search
Annotations:
Source: https://prometheus.example/graph?g0.expr=z
`;

export const pagerDuty = (data: object, type = "incident.triggered", at = "2026-11-23T07:21:06.000Z") => ({
  event: {
    id: "01DEN4HPBQAAAG05V5QQYBRZMF",
    event_type: type,
    resource_type: "incident",
    occurred_at: at,
    agent: null,
    client: { name: "Monitoring Service", url: "https://monitoring.example" },
    data: {
      id: "PGR0VU2",
      type: "incident",
      self: "https://api.pagerduty.com/incidents/PGR0VU2",
      html_url: "https://shop.pagerduty.com/incidents/PGR0VU2",
      number: 2,
      status: "triggered",
      incident_key: "d3640fbd41094207a1c11e58e46b1662",
      created_at: "2026-11-23T07:21:05Z",
      title: "storefront is slow",
      service: {
        id: "PF9KMXH",
        summary: "Storefront (prod)",
        type: "service_reference",
        self: "https://api.pagerduty.com/services/PF9KMXH",
        html_url: null,
      },
      priority: { id: "PSO75BM", summary: "P1", type: "priority_reference" },
      urgency: "high",
      ...data,
    },
  },
});
