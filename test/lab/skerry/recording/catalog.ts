import { stringify } from "yaml";
import { RESOURCES, SERVICES } from "../estate/estate.ts";
import { GITOPS } from "../plan/plan.ts";

const SHARED: Readonly<Record<string, string>> = {
  "skerry/booking": "build.gradle.kts",
  "skerry/pricing": "pyproject.toml",
  "skerry/platform-go": "go.mod, internal/kit/**",
};

/** catalog.yaml, as the platform's Backstage has it. */
export function catalogText(): string {
  const resources = new Set(RESOURCES.map(({ name }) => name));
  const reference = (name: string): string => `${resources.has(name) ? "resource" : "component"}:default/${name}`;
  const services = SERVICES.map(({ name, description, repository, paths, owner, language, dependsOn }) => ({
    ...{ apiVersion: "backstage.io/v1alpha1", kind: "Component" },
    metadata: {
      ...{ name, description },
      annotations: {
        "github.com/project-slug": repository,
        "oncall/paths": paths,
        ...(SHARED[repository] === undefined ? {} : { "oncall/shared-paths": SHARED[repository] }),
        ...(repository === GITOPS
          ? {}
          : { "oncall/deploy-repository": GITOPS, "oncall/deploy-paths": `apps/${name}/**, iam/${name}.yaml` }),
        ...{
          "argocd/app-name": name,
          "backstage.io/kubernetes-id": name,
          "backstage.io/kubernetes-namespace": "skerry",
        },
      },
      tags: [language],
    },
    spec: {
      ...{ type: "service", lifecycle: "production", owner: `group:default/${owner}`, system: "skerry" },
      dependsOn: [...dependsOn, "general-pool"].map(reference),
    },
  }));
  const library = {
    ...{ apiVersion: "backstage.io/v1alpha1", kind: "Component" },
    metadata: {
      ...{ name: "skerry-http", description: "The HTTP client of the Python services" },
      annotations: {
        "github.com/project-slug": "skerry/platform-libs",
        "oncall/paths": "skerry_http/**, pyproject.toml",
      },
    },
    spec: { type: "library", lifecycle: "production", owner: "group:default/pricing", system: "skerry" },
  };
  const leaned = RESOURCES.map(({ name, type, description }) => ({
    ...{ apiVersion: "backstage.io/v1alpha1", kind: "Resource", metadata: { name, description } },
    spec: { type, owner: "group:default/platform", system: "skerry" },
  }));
  return [...services, library, ...leaned].map((entity) => `---\n${stringify(entity, { lineWidth: 140 })}`).join("");
}
