import type { AlertmanagerWebhook } from "./alertmanager.ts";

type TextAlert = AlertmanagerWebhook["alerts"][number];

/** A pair of Alertmanager's own text template (`__text_alert_list`): ` - alertname = Slow`. */
const PAIR = /^\s*-\s+([^=\s][^=]*?)\s+=\s?(.*)$/;
const PART = /^\s*(Labels|Annotations):\s*$/;
const SOURCE = /^\s*Source:\s*(.*)$/;
/** `Alerts Firing:`, and Grafana's `**Firing**`. */
const STATE = /^\s*(?:\*\*(Firing|Resolved)\*\*|Alerts (Firing|Resolved):)\s*$/;
/** What Grafana appends to an alert. */
const EXTRA = /^\s*(?:Value|Silence|Dashboard|Panel):\s/;

/**
 * The alerts in the plain text that Alertmanager's and Grafana's default templates make for SNS, PagerDuty and mail: Amazon Managed
 * Prometheus sends nothing else unless it is told to. It has no times. `state` is of alerts above which none stands.
 */
export function alertsInText(text: string, state: TextAlert["status"] = "firing"): TextAlert[] {
  const alerts: TextAlert[] = [];
  let status = state;
  let into: "labels" | "annotations" | null = null;
  let last: string | null = null;
  for (const line of text.split(/\r?\n/)) {
    const alert = alerts.at(-1);
    const said = STATE.exec(line);
    const part = PART.exec(line)?.[1];
    const source = SOURCE.exec(line)?.[1];
    const pair = PAIR.exec(line);
    if (said) {
      status = (said[1] ?? said[2]) === "Resolved" ? "resolved" : "firing";
      into = null;
    } else if (part === "Labels") {
      alerts.push({ status, labels: {}, annotations: {} });
      into = "labels";
      last = null;
    } else if (part === "Annotations" && alert) {
      into = "annotations";
      last = null;
    } else if (source !== undefined && alert && into !== null) {
      alert.generatorURL = source;
      into = null;
    } else if (into === null || !alert || EXTRA.test(line)) {
      // between two alerts
    } else if (pair) {
      last = pair[1] ?? "";
      alert[into][last] = pair[2] ?? "";
    } else if (last !== null) {
      alert[into][last] = `${alert[into][last] ?? ""}\n${line}`.trimEnd();
    }
  }
  return alerts.filter(({ labels }) => Object.keys(labels).length > 0);
}
