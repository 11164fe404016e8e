import { createServer, type Server } from "node:http";
import { SERVICES } from "../topology.ts";
import type { Autoscaler } from "./autoscaler.ts";
import type { Pods } from "./pods.ts";

/** What kube-state-metrics would tell of replicas, for Prometheus to scrape. */
export class ClusterMetrics {
  readonly #server: Server;

  constructor(pods: Pods, autoscaler: Autoscaler) {
    this.#server = createServer((_request, response) => response.end(render(pods, autoscaler)));
  }

  listen(port: number): Promise<void> {
    return new Promise((resolve) => this.#server.listen(port, "127.0.0.1", resolve));
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

function render(pods: Pods, autoscaler: Autoscaler): string {
  let out = "";
  const sample = (name: string, service: string, value: number): void => {
    out += `${name}{service="${service}",namespace="shop"} ${value}\n`;
  };
  for (const service of SERVICES) sample("kube_deployment_status_replicas_ready", service, pods.of(service).length);
  for (const [service, { desired, max }] of autoscaler.scales) {
    sample("kube_horizontalpodautoscaler_status_desired_replicas", service, desired);
    sample("kube_horizontalpodautoscaler_spec_max_replicas", service, max);
  }
  return out;
}
