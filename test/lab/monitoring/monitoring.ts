import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { stringify } from "yaml";
import { freePort } from "../estate/ports.ts";
import { start, stop, untilReady } from "../estate/process.ts";
import { RULES } from "../paths.ts";
import type { Rule } from "../scenario.ts";
import { WebhookReceiver } from "./receiver.ts";

/** A real Prometheus and a real Alertmanager, on loopback. */
export interface Monitoring {
  readonly prometheusUrl: string;
  readonly receiver: WebhookReceiver;
  stop(): Promise<void>;
}

export interface MonitoringParts {
  readonly directory: string;
  /** Which pods there are, kept up to date. */
  readonly targetsFile: string;
  /** Where the cluster tells of replicas. */
  readonly clusterPort: number;
  /** In addition to the estate's own. */
  readonly rules: readonly Rule[];
  /** Who is paged besides the lab's own receiver. */
  readonly pages?: readonly Paged[];
}

/** A webhook that Alertmanager delivers pages to, with a bearer token out of a file. */
export interface Paged {
  readonly url: string;
  readonly tokenFile: string;
  /** Only this alert, so that what a loaded machine brings about pages nobody. */
  readonly alert: string;
}

export async function startMonitoring(parts: MonitoringParts): Promise<Monitoring> {
  const { directory } = parts;
  mkdirSync(directory, { recursive: true });
  const receiver = new WebhookReceiver();
  const receiverPort = await freePort();
  await receiver.listen(receiverPort);

  const alertmanagerPort = await freePort();
  const alertmanagerConfig = path.join(directory, "alertmanager.yml");
  writeFileSync(alertmanagerConfig, stringify(alertmanagerSettings(receiverPort, parts.pages ?? [])));
  const alertmanager = start({
    command: [
      "prometheus-alertmanager",
      `--config.file=${alertmanagerConfig}`,
      `--storage.path=${path.join(directory, "alertmanager")}`,
      `--web.listen-address=127.0.0.1:${alertmanagerPort}`,
      "--web.external-url=http://alertmanager.northwind.example:9093",
      "--cluster.listen-address=",
    ],
    cwd: directory,
    env: { PATH: process.env["PATH"] ?? "" },
    output: path.join(directory, "alertmanager.log"),
  });

  const prometheusPort = await freePort();
  const rulesFile = path.join(directory, "scenario-rules.yml");
  const groups = parts.rules.length === 0 ? [] : [{ name: "scenario", interval: "5s", rules: parts.rules }];
  writeFileSync(rulesFile, stringify({ groups }));
  const prometheusConfig = path.join(directory, "prometheus.yml");
  writeFileSync(prometheusConfig, stringify(prometheusSettings(alertmanagerPort, rulesFile, parts)));
  const prometheus = start({
    command: [
      "prometheus",
      `--config.file=${prometheusConfig}`,
      `--storage.tsdb.path=${path.join(directory, "prometheus")}`,
      `--web.listen-address=127.0.0.1:${prometheusPort}`,
      "--web.external-url=http://prometheus.northwind.example:9090",
      // Without it Alertmanager hears of an alert a minute late.
      "--rules.alert.resend-delay=1s",
    ],
    cwd: directory,
    env: { PATH: process.env["PATH"] ?? "" },
    output: path.join(directory, "prometheus.log"),
  });

  const prometheusUrl = `http://127.0.0.1:${prometheusPort}`;
  const stopAll = async (): Promise<void> => {
    await Promise.all([stop(prometheus), stop(alertmanager)]);
    receiver.close();
  };
  try {
    await untilReady(`http://127.0.0.1:${alertmanagerPort}/-/ready`, alertmanager, "Alertmanager");
    await untilReady(`${prometheusUrl}/-/ready`, prometheus, "Prometheus");
  } catch (error) {
    await stopAll();
    throw error;
  }
  return { prometheusUrl, receiver, stop: stopAll };
}

/** Tickets go nowhere here: only what pages somebody is delivered. */
function alertmanagerSettings(receiverPort: number, pages: readonly Paged[]): unknown {
  return {
    route: {
      receiver: "tickets",
      group_by: ["alertname", "service"],
      group_wait: "2s",
      group_interval: "1m",
      repeat_interval: "4h",
      routes: [
        ...pages.map(({ alert }) => ({
          receiver: `page-${alert}`,
          matchers: [`alertname="${alert}"`],
          continue: true,
        })),
        { receiver: "oncall-copilot", matchers: ['severity="page"'] },
      ],
    },
    receivers: [
      { name: "tickets" },
      {
        name: "oncall-copilot",
        webhook_configs: [{ url: `http://127.0.0.1:${receiverPort}/alerts`, send_resolved: true }],
      },
      ...pages.map(({ alert, url, tokenFile }) => ({
        name: `page-${alert}`,
        webhook_configs: [
          { url, send_resolved: true, http_config: { authorization: { credentials_file: tokenFile } } },
        ],
      })),
    ],
  };
}

function prometheusSettings(alertmanagerPort: number, rulesFile: string, parts: MonitoringParts): unknown {
  const { targetsFile, clusterPort } = parts;
  return {
    global: { scrape_interval: "5s", scrape_timeout: "4s", evaluation_interval: "5s" },
    rule_files: [RULES, rulesFile],
    alerting: { alertmanagers: [{ static_configs: [{ targets: [`127.0.0.1:${alertmanagerPort}`] }] }] },
    scrape_configs: [
      { job_name: "shop", file_sd_configs: [{ files: [targetsFile], refresh_interval: "5s" }] },
      { job_name: "cluster", honor_labels: true, static_configs: [{ targets: [`127.0.0.1:${clusterPort}`] }] },
    ],
  };
}
