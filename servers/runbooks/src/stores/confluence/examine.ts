import { CouldNotLook } from "@oncall-copilot/core";
import type { ExamineOptions, Finding } from "@oncall-copilot/core/server";
import { dataFinding, type Examined, failureFinding } from "../examine.ts";
import { type Api, type Content, confluenceApi } from "./api.ts";
import { within } from "./cql.ts";
import type { OpenConfluence } from "./open.ts";

/** Newest pages that are asked what this account may do with them. */
const PAGES = 25;
/** Operations that change nothing. */
const READING = new Set(["read", "export", "use"]);

/** The check-up of Confluence. It only reads. */
export async function examineConfluence(
  { name: backend, http, base, spaces, hasCredential }: OpenConfluence,
  examined: Omit<Examined, "backend">,
  options: ExamineOptions,
): Promise<Finding[]> {
  const api = confluenceApi(http, backend, base, options.signal);
  const fine = (check: Finding["check"], message: string): Finding => ({ backend, check, status: "ok", message });
  let pages: readonly Content[];
  try {
    const cql = within(spaces, undefined, "lastmodified desc");
    ({ pages } = await api.search({ cql, expand: ["version", "space", "operations"], most: PAGES }));
  } catch (error) {
    if (!(error instanceof CouldNotLook)) throw error;
    if (error.reason === "forbidden")
      return [fine("reachable", "answers"), failureFinding(backend, "authenticated", error)];
    // The query names spaces and nothing else that can be wrong.
    if (error.status !== 400) return [failureFinding(backend, "reachable", error)];
    return [fine("reachable", "answers"), failureFinding(backend, "data", error)];
  }
  const findings = [fine("reachable", "answers"), await whoFinding(backend, api, hasCredential)];
  if (findings.some(({ status }) => status === "failure")) return findings;
  try {
    findings.push(await dataFinding({ ...examined, backend }, options));
  } catch (error) {
    if (!(error instanceof CouldNotLook)) throw error;
    findings.push(failureFinding(backend, "data", error));
  }
  return findings.at(-1)?.status === "failure" ? findings : [...findings, privilegeFinding(backend, pages)];
}

/** A token whose scopes are only those that are needed may not be told who it is. */
async function whoFinding(backend: string, api: Api, hasCredential: boolean): Promise<Finding> {
  const check = "authenticated";
  try {
    const { type, displayName, publicName } = await api.currentUser();
    if (type !== "anonymous") {
      return {
        backend,
        check,
        status: "ok",
        message: `accepts the credential, as ${displayName ?? publicName ?? "a user"}`,
      };
    }
  } catch (error) {
    if (!(error instanceof CouldNotLook)) throw error;
    if (error.reason !== "forbidden") return failureFinding(backend, check, error);
    return { backend, check, status: "ok", message: "accepts the credential; it does not say whose it is" };
  }
  const cure = "set ONCALL_RUNBOOKS_CONFLUENCE_TOKEN, on Cloud with ONCALL_RUNBOOKS_CONFLUENCE_EMAIL";
  return hasCredential
    ? {
        backend,
        check,
        status: "failure",
        message: "takes no notice of the credential: it answers as to anybody",
        cure,
      }
    : { backend, check, status: "warning", message: "is asked without a credential, and answers as to anybody", cure };
}

function privilegeFinding(backend: string, pages: readonly Content[]): Finding {
  const check = "privilege";
  const told = pages.flatMap(({ operations }) => operations ?? []);
  if (told.length === 0) {
    return { backend, check, status: "unknown", message: "does not say what this account may do with the pages" };
  }
  const writing = [
    ...new Set(
      told
        .filter(({ operation }) => !READING.has(operation))
        .map(({ operation, targetType }) => `${operation} ${targetType}`),
    ),
  ].sort();
  const of =
    pages.length === 1 ? "by the newest page of these spaces" : `by the ${pages.length} newest pages of these spaces`;
  if (writing.length === 0)
    return { backend, check, status: "ok", message: `lets this account read and nothing else, ${of}` };
  return {
    ...{ backend, check, status: "warning" },
    message: `lets this account do more than read (${writing.slice(0, 8).join(", ")}), ${of}`,
    cure: 'use an account whose only permission in these spaces is "View", as in "Least privilege" of the oncall-runbooks README',
  };
}
