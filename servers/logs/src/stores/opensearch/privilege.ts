import { CouldNotLook } from "@oncall-copilot/core";
import type { Finding } from "@oncall-copilot/core/server";
import type { Client } from "@opensearch-project/opensearch";
import { z } from "zod";
import type { OpenSearchParts } from "../opensearch.ts";
import { asked } from "./carried-client.ts";

type Told = Omit<Finding, "backend">;

/** What the security plugin says of whoever asks: https://docs.opensearch.org/latest/security/api/authentication/auth-info/ */
const AuthInfo = z.looseObject({
  user_name: z.string().nullish(),
  roles: z.array(z.string()),
  backend_roles: z.array(z.string()).nullish(),
});

/** What Elasticsearch answers to "may I?" with. */
const HasPrivileges = z.looseObject({
  username: z.string().nullish(),
  cluster: z.record(z.string(), z.boolean()),
  index: z.record(z.string(), z.record(z.string(), z.boolean())),
});

const CURE = 'give it the role oncall_logs_reader alone, as "Least privilege" in the README of oncall-logs has it';

/** Roles that come with the security plugin and do more than read logs, with what more that is. */
const MIGHTY: Readonly<Record<string, string>> = {
  all_access: "write, delete and administer everything",
  security_manager: "change users and roles",
  security_rest_api_access: "change users and roles",
  security_rest_api_full_access: "change users and roles",
  kibana_server: "write Dashboards' own indices",
  kibana_user: "write Dashboards' saved objects",
  logstash: "write and create indices",
  manage_snapshots: "take and restore snapshots",
  readall: "read every index",
  readall_and_monitor: "read every index",
};
/** Every user of the demo configuration has it: it opens an index of their own name. */
const HARMLESS = new Set(["own_index"]);

/** What Elasticsearch is asked about: each can be granted without the others. */
const RIGHTS = ["index", "create", "create_doc", "delete", "write", "create_index", "delete_index", "manage"];
/** Most indices that are asked about one by one. */
const MAX_INDICES = 500;

/** What the credential could do beyond reading logs, as far as OpenSearch or Elasticsearch itself says so. */
export async function examinePrivilege(
  client: Client,
  parts: OpenSearchParts,
  indices: readonly string[],
  abort: AbortSignal,
): Promise<Told> {
  try {
    const info = await ask(
      client,
      parts.name,
      { method: "GET", path: "/_plugins/_security/authinfo" },
      AuthInfo,
      abort,
    );
    if (info !== undefined) return ofRoles(info);
    const names = namesToAsk(parts.index, indices);
    const body = { cluster: ["manage", "manage_security"], index: [{ names, privileges: RIGHTS }] };
    const path = "/_security/user/_has_privileges";
    const may = await ask(client, parts.name, { method: "POST", path, body }, HasPrivileges, abort);
    if (may !== undefined) return ofPrivileges(may, parts.index, indices);
  } catch (error) {
    if (abort.aborted || !(error instanceof CouldNotLook)) throw error;
    const message = `could not be asked what the credential may do: ${error.message}`;
    return { check: "privilege", status: "unknown", message, cure: CURE };
  }
  if (parts.isSigned) {
    const message = "IAM decides what the credential may do, and this domain cannot be asked";
    const cure = "compare its policy with the one in the README of oncall-logs";
    return { check: "privilege", status: "unknown", message, cure };
  }
  const message = "has no security of its own: whoever reaches it can write and delete";
  return {
    check: "privilege",
    status: "warning",
    message,
    cure: "turn its security plugin on, and give this server oncall_logs_reader",
  };
}

/**
 * A pattern is granted only where all that it could match is, so each index is asked about too. A data stream is granted
 * by its own name, not by those of the indices behind it.
 */
function namesToAsk(pattern: string, indices: readonly string[]): string[] {
  const each = indices.slice(0, MAX_INDICES);
  const streams = each.flatMap((index) => /^\.ds-(.+)-\d{4}\.\d{2}\.\d{2}-\d{6,}$/.exec(index)?.[1] ?? []);
  return [...new Set([...pattern.split(","), ...streams, ...each])];
}

/** What a distribution answers about a path that it does not have. */
const NO_SUCH_PATH: ReadonlySet<number | undefined> = new Set([400, 404, 405]);

/** Undefined where this distribution has no such path. */
async function ask<S extends z.ZodType>(
  client: Client,
  name: string,
  request: { readonly method: string; readonly path: string; readonly body?: object },
  schema: S,
  abort: AbortSignal,
): Promise<z.output<S> | undefined> {
  try {
    const answer = await asked<unknown>(name, client.transport.request({ ...request }), abort);
    const read = schema.safeParse(answer);
    if (read.success) return read.data;
    throw new CouldNotLook("bad_response", `${name} answered ${request.path} in a shape that is not known`);
  } catch (error) {
    if (error instanceof CouldNotLook && NO_SUCH_PATH.has(error.status)) return undefined;
    throw error;
  }
}

function ofRoles({ user_name, roles }: z.output<typeof AuthInfo>): Told {
  const who = user_name ?? "the credential";
  const mighty = roles.filter((role) => Object.hasOwn(MIGHTY, role));
  if (mighty.length > 0) {
    const powers = [...new Set(mighty.map((role) => MIGHTY[role]))].join(", ");
    const message = `${who} has the role ${mighty.join(" and ")}: it can ${powers}`;
    return { check: "privilege", status: "warning", message, cure: CURE };
  }
  const own = roles.filter((role) => !HARMLESS.has(role));
  const named = own.length === 0 ? "no role" : `the role ${own.join(" and ")}`;
  const message = `${who} has ${named}; OpenSearch tells nobody but its administrators what a role of your own allows`;
  return {
    check: "privilege",
    status: "unknown",
    message,
    cure: `compare it with oncall_logs_reader in the README of oncall-logs`,
  };
}

function ofPrivileges(
  { username, cluster, index }: z.output<typeof HasPrivileges>,
  pattern: string,
  indices: readonly string[],
): Told {
  const who = username ?? "the credential";
  const granted = (rights: Readonly<Record<string, boolean>>) =>
    Object.entries(rights).flatMap(([right, has]) => (has ? [right] : []));
  const inIndices = new Set(Object.values(index).flatMap(granted));
  const powers = [...granted(cluster).map((right) => `${right} (cluster)`), ...inIndices];
  if (powers.length > 0)
    return { check: "privilege", status: "warning", message: `${who} can also ${powers.join(", ")}`, cure: CURE };
  if (indices.length > 0 && indices.every((one) => Object.hasOwn(index, one)))
    return { check: "privilege", status: "ok", message: `${who} can read, and not write, delete or manage` };
  const some = indices.filter((one) => Object.hasOwn(index, one)).length;
  const of = some === 0 ? `${pattern} as a whole only` : `${some} of the ${indices.length} indices of ${pattern}`;
  const message = `what ${who} may do was told of ${of}: it may still write, delete or manage an index of it`;
  return { check: "privilege", status: "unknown", message, cure: CURE };
}
