import { briefly, CouldNotLook } from "@oncall-copilot/core";
import { type HttpClient, HttpRefusal } from "@oncall-copilot/core/backend";
import type { z } from "zod";
import {
  type Application,
  ApplicationListShape,
  ApplicationShape,
  CanIShape,
  FailureShape,
  ManagedResourcesShape,
  type Node,
  type ResourceDiff,
  ResourceTreeShape,
  UserInfoShape,
  VersionShape,
} from "./shapes.ts";

/** Where an application is; what is empty is left to Argo CD. */
export interface ApplicationName {
  readonly name: string;
  readonly namespace: string;
  readonly project: string;
}

/** The parts of Argo CD's REST API that are asked, each with a GET. */
export interface ArgoCd {
  /** `Argo CD at https://argocd.example` */
  readonly name: string;
  /** This machine's clock less Argo CD's in milliseconds, as far as its answers have told. */
  readonly skewMs: () => number | undefined;
  application(wanted: ApplicationName, abort: AbortSignal): Promise<Application>;
  /** Names of the applications with these labels that the token may get. */
  select(selector: string, wanted: Omit<ApplicationName, "name">, abort: AbortSignal): Promise<ApplicationName[]>;
  /** What each resource should be and is; of one resource when it is given. */
  managedResources(
    wanted: ApplicationName,
    only: ResourceName | undefined,
    abort: AbortSignal,
  ): Promise<ResourceDiff[]>;
  /** Every resource and what it brought forth, with its health. */
  resourceTree(wanted: ApplicationName, abort: AbortSignal): Promise<Node[]>;
  version(abort: AbortSignal): Promise<string>;
  userInfo(abort: AbortSignal): Promise<z.output<typeof UserInfoShape>>;
  /** Undefined where this version of Argo CD does not know the resource or action. */
  canI(resource: string, action: string, object: string, abort: AbortSignal): Promise<boolean | undefined>;
  close(): void;
}

export interface ResourceName {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** Argo CD's own words are for a person to read, not for pages of them. */
const inShort = (words: string) => briefly(words, 200);

/** Leaves out what is told twice: the deprecated diff above all. */
const DIFF_FIELDS = ["group", "kind", "namespace", "name", "targetState", "liveState"]
  .concat(["normalizedLiveState", "predictedLiveState"])
  .map((field) => `items.${field}`)
  .join(",");

const TREE_FIELDS = ["group", "kind", "namespace", "name", "health"].map((field) => `nodes.${field}`).join(",");

export function argoCd(name: string, http: HttpClient): ArgoCd {
  let skewMs: number | undefined;
  const get = async <T extends z.ZodType>(shape: T, path: string, query: object, abort: AbortSignal) => {
    const given = Object.entries(query).filter(([, value]) => value !== "");
    const answer = await http.ask({ path, query: new URLSearchParams(given), abort });
    skewMs = answer.skewMs ?? skewMs;
    const parsed = shape.safeParse(answer.json);
    if (parsed.success) return parsed.data;
    const where = parsed.error.issues[0]?.path.join(".") || "the whole answer";
    const cure = "check that ONCALL_GIT_ARGOCD_URL is Argo CD's API server, path prefix included";
    throw new CouldNotLook(
      "bad_response",
      `${name} answered in another shape than Argo CD: ${where} is not as it should be`,
      { cure },
    );
  };
  const pathOf = (wanted: ApplicationName) => `/api/v1/applications/${encodeURIComponent(wanted.name)}`;
  const placeOf = ({ namespace, project }: Omit<ApplicationName, "name">) => ({ appNamespace: namespace, project });
  return {
    name,
    skewMs: () => skewMs,
    application: (wanted, abort) =>
      get(ApplicationShape, pathOf(wanted), placeOf(wanted), abort).catch((error: unknown) => {
        throw unseen(name, wanted, error);
      }),
    select: async (selector, wanted, abort) => {
      const fields = "items.metadata.name,items.metadata.namespace,items.spec.project";
      const query = { selector, ...placeOf(wanted), fields };
      const { items } = await get(ApplicationListShape, "/api/v1/applications", query, abort);
      return items.map(({ metadata, spec }) => ({ ...metadata, project: spec?.project ?? "" }));
    },
    managedResources: async (wanted, only, abort) => {
      const query = { ...placeOf(wanted), ...only, fields: DIFF_FIELDS };
      return (await get(ManagedResourcesShape, `${pathOf(wanted)}/managed-resources`, query, abort)).items;
    },
    resourceTree: async (wanted, abort) => {
      const query = { ...placeOf(wanted), fields: TREE_FIELDS };
      return (await get(ResourceTreeShape, `${pathOf(wanted)}/resource-tree`, query, abort)).nodes;
    },
    version: async (abort) => (await get(VersionShape, "/api/version", {}, abort)).Version,
    userInfo: (abort) => get(UserInfoShape, "/api/v1/session/userinfo", {}, abort),
    canI: async (resource, action, object, abort) => {
      const place = object.split("/").map(encodeURIComponent).join("/");
      try {
        const { value } = await get(CanIShape, `/api/v1/account/can-i/${resource}/${action}/${place}`, {}, abort);
        return value === "yes";
      } catch (error) {
        if (error instanceof HttpRefusal && error.status === 400) return undefined;
        throw error;
      }
    },
    close: () => http.close(),
  };
}

/** Argo CD answers for what is not there as for what may not be seen, unless the project is given too. */
function unseen(name: string, wanted: ApplicationName, error: unknown): unknown {
  if (!(error instanceof HttpRefusal) || (error.status !== 403 && error.status !== 404)) return error;
  if (FailureShape.safeParse(jsonOrNothing(error.body)).data === undefined) return error;
  const [namespace, project] = [wanted.namespace, wanted.project].map((part) => (part === "" ? undefined : part));
  const which = [
    wanted.name,
    ...(namespace ? [`in the namespace ${namespace}`] : []),
    ...(project ? [`of the project ${project}`] : []),
  ].join(" ");
  const cure =
    "check argocd/app-name, argocd/app-namespace and argocd/project-name in ONCALL_CATALOG, and give the token's role applications, get (the server's README)";
  return new CouldNotLook(
    "forbidden",
    `${name} has no application ${which}, or does not let this credential see it (${error.status})`,
    { cure, cause: error },
  );
}

/** Says a refusal in Argo CD's own words, where it gives some. */
export function explainRefusal(name: string): (refusal: HttpRefusal) => CouldNotLook | undefined {
  return ({ status, body }) => {
    const failure = FailureShape.safeParse(jsonOrNothing(body)).data;
    const says = inShort(failure?.message || failure?.error || "");
    if (says === "") return undefined;
    if (status === 401) {
      const cure = "set ONCALL_GIT_ARGOCD_TOKEN to one that is valid";
      return new CouldNotLook("forbidden", `${name} did not accept the credential (401); ${cure} (it says: ${says})`, {
        tryNext: [cure],
      });
    }
    if (status !== 500) return undefined;
    return new CouldNotLook("bad_response", `${name} failed (500, ${says}); its own log says why`);
  };
}

function jsonOrNothing(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}
