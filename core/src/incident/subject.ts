import { z } from "zod";
import { workloadOfPod } from "./pod-name.ts";

/**
 * What a name in an alert means: the service as the alert's author calls it, a workload, a pod, a container, an AWS resource, an
 * alarm that set off a composite one, or what Prometheus scraped, which for an exporter is not what the alert is about.
 */
export const SUBJECT_MEANS = [
  "tag", "service", "workload", "pod", "container", "resource", "alarm", "alarm_rule", "target", "other",
] as const; // biome-ignore format: a word list
export type SubjectMeans = (typeof SUBJECT_MEANS)[number];

/** One name that may be the service's, with where the alert says it. */
export const Subject = z.strictObject({
  name: z.string(),
  /** The label, dimension or tag that holds it. */
  from: z.string(),
  means: z.enum(SUBJECT_MEANS),
});
export type Subject = z.infer<typeof Subject>;

/** What Kubernetes calls the objects that run a service or scale it, best first; label names are compared without their prefixes. */
const WORKLOADS = [
  "deployment", "statefulset", "daemonset", "rollout", "horizontalpodautoscaler", "hpa", "scaledobject",
  "verticalpodautoscaler", "cronjob", "job_name", "workload", "owner_name", "created_by_name", "replicaset", "replicationcontroller",
  "poddisruptionbudget", "persistentvolumeclaim", "ingress",
]; // biome-ignore format: a word list

/** A service's own name, best first. Istio's are the callee's: its caller only feels it. */
const OWN_NAMES = [
  "service_name", "destination_service_name", "destination_workload", "destination_app", "service", "svc", "microservice",
  "application", "app", "app_kubernetes_io_name", "k8s_app", "component", "app_kubernetes_io_component", "container_label_com_docker_compose_service",
]; // biome-ignore format: a word list

/** OpenTelemetry's and Istio's names never come from a scrape. */
const NEVER_SCRAPED = new Set(["service_name", "destination_service_name", "destination_workload", "destination_app"]);

/** Labels that Prometheus puts on what it scrapes: with one of them, `service` or `app` may be the exporter's. */
const SCRAPED_BY = ["instance", "endpoint", "metrics_path", "job", "exported_job", "exported_instance", "exported_pod"];

/** Public exporters by what they measure; a team's own service may well be called `invoice-exporter`. */
const MEASURED =
  "node|windows|process|mysqld?|mariadb|postgres(?:ql)?|pg|pgbouncer|redis|valkey|memcached|kafka|zookeeper|rabbitmq|nats|activemq|elasticsearch|opensearch|mongo(?:db)?|cassandra|clickhouse|oracle(?:db)?|mssql|sql|nginx|apache|haproxy|envoy|php-?fpm|jmx|blackbox|snmp|ipmi|smartctl|dcgm|gpu|cloudwatch|yace|stackdriver|azure|aws|consul|vault|statsd|graphite|collectd|json|probe|ping|ssl|x509(?:-certificate)?|cert|domain|event|kubernetes-event|github|gitlab|jenkins|argo|rds|sqs|celery|bull|temporal|prometheus(?:-[a-z0-9]+)*";

/** Who measures others: what a target of this name says is hardly ever about itself. */
const EXPORTER = new RegExp(
  `(?:^|[-_/.])(?:(?:${MEASURED})[-_]exporter|kube-?state-?metrics|ksm|kubelet|cadvisor|apiserver|blackbox|pushgateway|telegraf|vmagent|alloy|grafana-agent|otelcol|(?:otel|opentelemetry)-collector|integrations)(?:$|[-_/.\\d])`,
  "i",
);

export const isExporter = (name: string): boolean => EXPORTER.test(name);

/** `k8s.deployment.name`, `kube_deployment`, `kubernetes_deployment_name` are `deployment`. */
function plainName(label: string): string {
  const name = label.toLowerCase().replace(/[^a-z0-9]+/g, "_");
  const bare = name.replace(/^(?:k8s|kubernetes|kube)_/, "");
  const known = [name, bare].find((one) => OWN_NAMES.includes(one) || WORKLOADS.includes(one));
  return known ?? (bare.replace(/_name$/, "") || bare);
}

interface Named {
  readonly label: string;
  readonly plain: string;
  readonly value: string;
}

/**
 * The names in an alert's labels that may be its service's, best first. What the measurement is about goes before what was scraped
 * for it: `deployment` and `pod` before the `service`, `job` and `container` that the exporter brings. Where nothing shows that it
 * was scraped, `service` is what the rule's author calls it, and comes first.
 */
export function subjectsOfLabels(labels: Readonly<Record<string, string>>): Subject[] {
  const named = Object.entries(labels)
    .filter(([, value]) => value !== "")
    .map(([label, value]): Named => ({ label, plain: plainName(label), value }));
  const has = (name: string) => named.some(({ plain }) => plain === name);
  const scraped = SCRAPED_BY.some(has);
  // With `exported_pod` there, a plain `pod` is the exporter's own (Prometheus without honor_labels).
  const shadowed = (name: string) => has(`exported_${name}`);
  const at = (name: string) => named.filter(({ plain }) => plain === name);
  const as =
    (means: SubjectMeans) =>
    (one: Named): Subject => ({ name: one.value, from: one.label, means });
  const exported = (name: string) => at(`exported_${name}`);

  const ownNames = (names: readonly string[]) => names.flatMap((name) => [...at(`label_${name}`), ...exported(name)]);
  const said = [
    ...ownNames(OWN_NAMES).map(as("service")),
    ...OWN_NAMES.filter((name) => NEVER_SCRAPED.has(name) || !scraped).flatMap((name) =>
      shadowed(name) ? [] : at(name).map(as("service")),
    ),
  ];
  const workloads = WORKLOADS.flatMap((name) => [...exported(name), ...(shadowed(name) ? [] : at(name))]).map(
    as("workload"),
  );
  const pods = [...exported("pod"), ...(shadowed("pod") ? [] : at("pod"))].map(as("pod"));
  // A pod that goes by what was scraped is its own exporter: what `service` or `app` says is then the service's own name.
  const runs = (name: string) => !isExporter(name) && pods.some((pod) => pod.name.startsWith(`${name}-`));
  const containers = [...exported("container"), ...(shadowed("container") ? [] : at("container"))]
    .filter(({ value }) => !isExporter(value))
    .map(as("container"));
  const targets = [
    ...(scraped ? OWN_NAMES.filter((name) => !NEVER_SCRAPED.has(name)).flatMap(at) : []),
    ...["pod", "container"].filter(shadowed).flatMap(at),
    ...exported("job"),
    ...at("job"),
  ].map(as("target"));
  const itself = targets.filter(({ name }) => runs(name)).map((one): Subject => ({ ...one, means: "service" }));
  const all = [...said, ...workloads, ...itself, ...pods, ...containers, ...targets];
  return all.filter(({ name }, index) => all.findIndex((other) => other.name === name) === index);
}

/** What an incident calls its service before anybody looked into the catalog, the same each time; null when only an exporter is named. */
export function serviceOfSubjects(subjects: readonly Subject[]): string | null {
  const [best] = subjects.filter(({ means }) => means !== "other" && means !== "alarm_rule");
  if (!best) return null;
  if (best.means === "target" && isExporter(best.name)) return null;
  return best.means === "pod" ? workloadOfPod(best.name) : best.name;
}
