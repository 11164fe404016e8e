import { SERVICES, type ServiceFacts } from "../estate/estate.ts";

/** Where a service's image tag stands in the GitOps repository. */
export const tagFile = ({ name, language }: Pick<ServiceFacts, "name" | "language">): string =>
  language === "python" ? `apps/${name}/overlays/prod/kustomization.yaml` : `apps/${name}/values.yaml`;

/** Where its environment does. */
export const envFile = ({ name, language }: Pick<ServiceFacts, "name" | "language">): string =>
  language === "python" ? `apps/${name}/overlays/prod/deployment-patch.yaml` : `apps/${name}/values.yaml`;

export const START_TAG = "2026.40.1-0000000";

/** The GitOps repository as it was when all of it moved there: Helm values, Kustomize overlays, routes, policies. */
export function gitopsFiles(): Map<string, string> {
  const files = new Map<string, string>([
    [
      "README.md",
      "# deploy\n\nWhat runs in gke-north1. Argo CD syncs `main`. Java and Go: the chart `charts/service` with values; Python: Kustomize.\n",
    ],
    [
      "clusters/north1/applications.yaml",
      SERVICES.map(({ name }) => `- name: ${name}\n  path: apps/${name}\n`).join(""),
    ],
    ["charts/service/Chart.yaml", "apiVersion: v2\nname: service\nversion: 3.4.0\n"],
    ["iam/document-render.yaml", policy("document-render", "tickets/")],
    ["iam/reservations.yaml", policy("reservations", "exports/")],
  ]);
  for (const facts of SERVICES) {
    if (facts.name === "edge-gateway") {
      files.set("apps/edge-gateway/values.yaml", values(facts));
      files.set("apps/edge-gateway/routes.yaml", ROUTES);
    } else if (facts.language === "python") {
      files.set(tagFile(facts), kustomization(facts));
      files.set(envFile(facts), patch(facts));
      files.set(`apps/${facts.name}/base/deployment.yaml`, base(facts));
    } else files.set(tagFile(facts), values(facts));
    if (facts.mostReplicas !== undefined) files.set(`apps/${facts.name}/hpa.yaml`, hpa(facts));
  }
  return files;
}

const SECRETS: Readonly<Record<string, string>> = {
  "payments-bridge": "kvittra-credentials",
  notify: "postbud-credentials",
  reservations: "reservations-db-credentials",
  sailings: "timetable-db-credentials",
  "vessel-manifest": "manifest-db-credentials",
};

function values({ name, spec }: ServiceFacts): string {
  const env = Object.entries(spec.env)
    .map(([key, value]) => `  ${key}: "${value}"\n`)
    .join("");
  const secret = SECRETS[name];
  return `image:
  repository: registry.skerry.example/${name}
  tag: "${START_TAG}"
replicaCount: ${spec.replicas}
resources:
  requests: { cpu: "${spec.cores / 2}", memory: ${Math.round(spec.memoryMiB * 0.75)}Mi }
  limits: { cpu: "${spec.cores}", memory: ${spec.memoryMiB}Mi }
env:
  LOG_LEVEL: info
${env}${secret === undefined ? "" : `envFrom:\n  - secretRef: { name: ${secret} }\n`}probes:
  readiness: { path: /readyz, periodSeconds: 5, timeoutSeconds: 1 }
`;
}

const kustomization = ({ name }: ServiceFacts): string => `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - ../../base
images:
  - name: registry.skerry.example/${name}
    newTag: "${START_TAG}"
patches:
  - path: deployment-patch.yaml
`;

function patch({ name, spec }: ServiceFacts): string {
  const env = Object.entries({ LOG_FORMAT: "console", ...spec.env });
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  replicas: ${spec.replicas}
  template:
    spec:
      containers:
        - name: ${name}
          resources:
            limits: { cpu: "${spec.cores}", memory: ${spec.memoryMiB}Mi }
          env:
${env.map(([key, value]) => `            - { name: ${key}, value: "${value}" }\n`).join("")}`;
}

const base = ({ name }: ServiceFacts): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata:
      labels: { app: ${name} }
    spec:
      containers:
        - name: ${name}
          image: registry.skerry.example/${name}
          ports: [{ containerPort: 8000 }]
`;

const hpa = ({ name, spec, mostReplicas }: ServiceFacts): string => `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: ${name}
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: ${name} }
  minReplicas: ${spec.replicas}
  maxReplicas: ${mostReplicas}
  metrics:
    - type: Resource
      resource: { name: cpu, target: { type: Utilization, averageUtilization: 70 } }
`;

const policy = (name: string, prefix: string): string => `apiVersion: iam.cnrm.cloud.google.com/v1beta1
kind: IAMPolicyMember
metadata:
  name: ${name}-objects
spec:
  member: serviceAccount:${name}@skerry-prod.iam.gserviceaccount.com
  role: roles/storage.objectAdmin
  condition:
    title: own-prefix
    expression: resource.name.startsWith("projects/_/buckets/skerry-tickets/objects/${prefix}")
  resourceRef: { kind: StorageBucket, external: skerry-tickets }
`;

const ROUTES = `# The first route that fits is taken.
routes:
  - match: { prefix: /api/sailings }
    cluster: sailings
    timeout: 10s
  - match: { prefix: /api/quotes }
    cluster: fare-engine
    timeout: 10s
  - match: { prefix: /api/bookings }
    cluster: reservations
    timeout: 10s
  - match: { prefix: /api/members }
    cluster: loyalty
    timeout: 10s
`;
