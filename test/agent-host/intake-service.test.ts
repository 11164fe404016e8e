import { type Catalog, incidentFromPayload, parseCatalog } from "@oncall-copilot/core";
import { describe, expect, it } from "vitest";
import { resolveService } from "../../agent-host/src/intake/resolve-service.ts";
import * as aws from "../support/alerts/aws.ts";
import { pagerDuty } from "../support/alerts/senders.ts";

const component = (name: string, annotations: Record<string, string> = {}, kind = "Component") =>
  JSON.stringify({ kind, metadata: { name, annotations }, spec: {} });
const catalogOf = (...entities: string[]): Promise<Catalog> => parseCatalog(entities.join("\n---\n"), "catalog");

/** `payments`, `search` and `checkout` are also a namespace, a cluster and a team; exporters are in it as platform teams put them. */
const catalog = await catalogOf(
  component("inventory"),
  component("checkout"),
  component("payments"),
  component("search"),
  component("storefront"),
  component("invoice-exporter"),
  component("kube-state-metrics", { "backstage.io/kubernetes-id": "kps-kube-state-metrics" }),
  component("node-exporter"),
  component("mysqld-exporter"),
  component("cluster-metrics"),
);

const found = (labels: Record<string, string>, within: Catalog = catalog) => {
  const alerts = [{ status: "firing", labels: { alertname: "Slow", ...labels }, startsAt: "2026-03-01T10:00:00Z" }];
  return resolveService(incidentFromPayload({ version: "4", status: "firing", alerts }), within);
};

/** What a ServiceMonitor puts on everything that kube-state-metrics says. */
const KSM = {
  endpoint: "http",
  instance: "10.2.3.4:8080",
  job: "kube-state-metrics",
  service: "kps-kube-state-metrics",
  prometheus: "monitoring/kps",
  namespace: "payments",
};

describe("an exporter's alert is about what was measured", () => {
  it.each([
    ["KubeDeploymentReplicasMismatch", { deployment: "inventory", container: "kube-state-metrics" }, "deployment"],
    ["KubeStatefulSetReplicasMismatch", { statefulset: "inventory" }, "statefulset"],
    ["KubeDaemonSetRolloutStuck", { daemonset: "inventory" }, "daemonset"],
    ["KubeHpaMaxedOut", { horizontalpodautoscaler: "inventory" }, "horizontalpodautoscaler"],
    ["KubeHpaMaxedOut", { hpa: "inventory-hpa" }, "hpa"],
    ["KubeJobFailed", { job_name: "inventory-28391230" }, "job_name"],
    ["KubeCronJobRunning", { cronjob: "inventory" }, "cronjob"],
    ["KubePodCrashLooping", { pod: "inventory-6d9f7c5b8d-x2x7q", container: "app", uid: "u" }, "pod"],
    ["KubePodCrashLooping", { pod: "inventory-0", container: "app", uid: "u" }, "pod"],
    ["KubePodNotReady", { pod: "inventory-7xk2w" }, "pod"],
    [
      "KubePodCrashLooping",
      { exported_pod: "inventory-6d9f7c5b8d-x2x7q", pod: "kps-kube-state-metrics-7c9f6d5b8d-k2k7q" },
      "exported_pod",
    ],
    ["KubePodCrashLooping", { exported_container: "inventory", container: "kube-state-metrics" }, "exported_container"],
    ["KubeReplicaSet", { replicaset: "inventory-6d9f7c5b8d" }, "replicaset"],
    [
      "KubePersistentVolumeFillingUp",
      { persistentvolumeclaim: "data-inventory-0", job: "kubelet", service: "kubelet" },
      "persistentvolumeclaim",
    ],
    ["KubeLabelled", { label_app_kubernetes_io_name: "inventory" }, "label_app_kubernetes_io_name"],
    [
      "KubeDeploymentReplicasMismatch",
      { deployment: "inventory", app_kubernetes_io_name: "kube-state-metrics" },
      "deployment",
    ],
  ])("%s %j", (alertname, labels, from) => {
    expect(found({ ...KSM, alertname, cluster: "search", team: "checkout", ...labels })).toMatchObject({
      service: "inventory",
      found: { from },
    });
  });

  it("and about nobody when that is not in the catalog, whoever measured it", () => {
    const ksm = { ...KSM, job: "cluster-metrics", service: "cluster-metrics" };
    expect(found({ ...KSM, deployment: "unheard-of" }).service).toBeNull();
    expect(found({ ...ksm, deployment: "unheard-of" }).service).toBeNull();
    expect(found({ ...ksm, pod: "unheard-of-6d9f7c5b8d-x2x7q", uid: "u" }).service).toBeNull();
    expect(found({ ...KSM, namespace: "payments" }).service).toBeNull();
    const mysql = {
      job: "mysqld-exporter",
      service: "mysqld-exporter",
      pod: "mysqld-exporter-6d9f7c5b8d-x2x7q",
      instance: "db:9104",
    };
    expect(found({ ...mysql, alertname: "MySQLSlowQueries" }).service).toBeNull();
    expect(
      found({ job: "node-exporter", instance: "10.0.0.1:9100", alertname: "NodeFilesystemFull" }).service,
    ).toBeNull();
  });

  it("unless it is about the exporter itself", () => {
    expect(found({ ...KSM, alertname: "TargetDown" }).service).toBe("kube-state-metrics");
    expect(found({ ...KSM, alertname: "KubeStateMetricsListErrors" }).service).toBe("kube-state-metrics");
    expect(found({ ...KSM, deployment: "kps-kube-state-metrics" }).service).toBe("kube-state-metrics");
    expect(found({ ...KSM, pod: "mysqld-exporter-6d9f7c5b8d-x2x7q", uid: "u" }).service).toBe("mysqld-exporter");
  });
});

describe("a service's own alert", () => {
  it.each([
    [{ service: "storefront", deployment: "payments" }, "service"],
    [
      { service: "storefront", job: "storefront", instance: "10.0.0.1:8080", pod: "storefront-6d9f7c5b8d-x2x7q" },
      "service",
    ],
    [{ job: "storefront", instance: "10.0.0.1:8080" }, "job"],
    [{ job: "shop/storefront", instance: "a" }, "job"],
    [{ service_name: "storefront", job: "shop/inventory" }, "service_name"],
    [{ app: "storefront", team: "checkout" }, "app"],
    [{ service: "storefront", pod: "web-6d9f7c5b8d-x2x7q", job: "web", instance: "a" }, "service"],
    [{ pod: "web-6d9f7c5b8d-x2x7q", container: "storefront" }, "container"],
    [{ "k8s.deployment.name": "storefront" }, "k8s.deployment.name"],
    [{ kube_deployment: "storefront" }, "kube_deployment"],
    [
      { destination_service_name: "storefront", source_workload: "inventory", job: "istio-mesh", instance: "a" },
      "destination_service_name",
    ],
    [{ deployment: "prod-storefront-v2" }, "deployment"],
    [{ shop_component: "storefront", namespace: "payments" }, "shop_component"],
    [{ service: "invoice-exporter", pod: "invoice-exporter-6d9f7c5b8d-x2x7q", instance: "a", job: "x" }, "service"],
  ])("is found by what names it: %j", (labels, from) => {
    const expected = "service" in labels && labels.service === "invoice-exporter" ? "invoice-exporter" : "storefront";
    expect(found(labels as Record<string, string>)).toMatchObject({ service: expected, found: { from } });
  });

  it.each([
    ["namespace"],
    ["cluster"],
    ["team"],
    ["exported_namespace"],
    ["owner"],
    ["environment"],
    ["grafana_folder"],
    ["kubernetes_namespace"],
  ])("is not found by where it is or whose: %s", (label) => {
    expect(found({ [label]: "payments" }).service).toBeNull();
  });

  it("is not guessed when two labels of the team's own name two", () => {
    expect(found({ from_app_x: "storefront", to_app_x: "search" }).service).toBeNull();
  });
});

describe("names that the catalog's annotations declare", () => {
  const annotated = catalogOf(
    component("promotions", {
      "oncall/prometheus-service": "promo-svc",
      "oncall/cloudwatch.lambda": "shop-prod-promo-fn-9XJ2",
      "oncall/cloudwatch.alb": "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/shop/50dc6c495c0c9188",
      "oncall/cloudwatch.ecs": "prod/promo-task",
      "pagerduty.com/service-id": "PF9KMXH",
    }),
    component("offers-db", { "oncall/cloudwatch.rds": "shop-offers-1" }, "Resource"),
    component("cart", { "oncall/cloudwatch.sqs": "shared-queue" }),
    component("search", { "oncall/cloudwatch.sqs": "shared-queue", "aws.com/lambda-function-name": "search-fn" }),
  );
  const alarm = async (dimensions: Record<string, string>) =>
    resolveService(
      incidentFromPayload(aws.event({ metrics: [aws.stat("m1", "AWS/X", "Errors", dimensions)] })),
      await annotated,
    );

  it.each([
    [{ FunctionName: "shop-prod-promo-fn-9XJ2" }, "promotions", "FunctionName"],
    [{ LoadBalancer: "app/shop/50dc6c495c0c9188" }, "promotions", "LoadBalancer"],
    [{ ClusterName: "prod", ServiceName: "promo-task" }, "promotions", "ServiceName"],
    [{ DBInstanceIdentifier: "shop-offers-1" }, "offers-db", "DBInstanceIdentifier"],
    [{ FunctionName: "search-fn" }, "search", "FunctionName"],
  ])("are known to an alarm on %j", async (dimensions, service, from) => {
    expect(await alarm(dimensions as Record<string, string>)).toMatchObject({
      service,
      found: { by: "dimension", from },
      note: null,
    });
  });

  it("are known to Alertmanager's and PagerDuty's alerts", async () => {
    expect(found({ service: "promo-svc" }, await annotated).service).toBe("promotions");
    expect(resolveService(incidentFromPayload(pagerDuty({})), await annotated).service).toBe("promotions");
  });

  it("tell nothing where several declare the same", async () => {
    expect((await alarm({ QueueName: "shared-queue" })).service).toBeNull();
  });
});

describe("a composite alarm", () => {
  const names = catalogOf(component("promotions"), component("storefront"));

  it("is about whom the alarm that set it off names", async () => {
    expect(resolveService(incidentFromPayload(aws.composite()), await names)).toMatchObject({
      service: "promotions",
      found: { by: "triggering_alarm", value: "promotions-errors" },
    });
  });

  it("is about nobody when only its rule is known and names two", async () => {
    expect(resolveService(incidentFromPayload(aws.composite({ reasonData: "" })), await names).service).toBeNull();
  });
});

describe("a rule of the catalog", () => {
  const rules = catalogOf(
    component("promotions", { "oncall/alerts": "alertname=Shop*, namespace=shop; alertname=batch-*" }),
    component("storefront", { "oncall/alerts": 'region="eu-west-1", alertname=resize-*' }),
    component("cart", { "oncall/alerts": "alertname=both" }),
    component("search", { "oncall/alerts": "alertname=both" }),
  );

  it("goes before what the alert names itself", async () => {
    expect(found({ alertname: "ShopSlow", namespace: "shop", service: "cart" }, await rules)).toEqual({
      service: "promotions",
      found: { by: "rule", from: "oncall/alerts", value: "alertname=Shop*, namespace=shop" },
      note: null,
    });
    expect(found({ alertname: "batch-late" }, await rules).service).toBe("promotions");
    expect(resolveService(incidentFromPayload(aws.event()), await rules).service).toBe("storefront");
  });

  it("needs all its labels to fit, and tells nothing where two claim an alert", async () => {
    expect(found({ alertname: "ShopSlow", namespace: "bank" }, await rules).service).toBeNull();
    expect(found({ alertname: "both" }, await rules).service).toBeNull();
  });
});
