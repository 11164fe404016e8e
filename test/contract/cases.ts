import type { Evidence } from "@oncall-copilot/core";
import type { BuiltServer } from "../support/mcp/servers.ts";
import type { Fixture } from "./fixture.ts";

export type Args = Readonly<Record<string, unknown>>;

/** What a case may look at to make up its arguments: the fixture, and what tools of the same server return. */
export interface World {
  readonly fixture: Fixture;
  ask(tool: string, args: Args): Promise<{ readonly evidence: readonly Evidence[] }>;
}

/** One tool's arguments for each outcome. `bad_request` needs none: any unknown service or argument is one. */
export interface ToolCase {
  /** The default call: nothing but what must be given. */
  readonly found: Args | ((world: World) => Promise<Args>);
  /** Something that is not there, or why this tool cannot find nothing. */
  readonly nothing: Args | { readonly never: string };
}

/** By server, then by tool. A new server adds its own here; the tests say so when it has not. */
const CASES: Readonly<Record<string, Readonly<Record<string, ToolCase>>>> = {
  logs: {
    read_logs: { found: { service: "pricing" }, nothing: { service: "newsletter" } },
  },
  metrics: {
    read_metrics: { found: { service: "storefront" }, nothing: { service: "newsletter" } },
  },
  runbooks: {
    read_runbook: {
      found: { service: "storefront", alert: "HighErrorRate" },
      nothing: { service: "newsletter", alert: "DiskFull" },
    },
  },
  history: {
    query_history: {
      found: { service: "storefront", alert: "HighErrorRate" },
      nothing: { service: "pricing-db", alert: "ReplicationLag", summary: "replica is far behind its primary" },
    },
  },
  git: {
    read_changes: {
      found: { service: "storefront" },
      nothing: { service: "newsletter", from: "-1h" },
    },
    read_file: {
      found: { service: "pricing", path: "services/pricing/prices.js" },
      nothing: { never: "a path that does not exist is a bad request with the nearest paths" },
    },
    open_pr: {
      found: proposal,
      nothing: { never: "it writes; what it cannot write it refuses" },
    },
  },
};

async function proposal({ fixture, ask }: World): Promise<Args> {
  const culprit = fixture.commits[2] ?? "";
  const { evidence } = await ask("read_changes", { service: "pricing", commit: culprit });
  const [commit] = evidence;
  if (!commit) throw new Error("read_changes gave no evidence of the culprit");
  return {
    service: "pricing",
    incident: "HighErrorRate-1772359200",
    title: 'Revert "pricing: ask for each line\'s price on its own"',
    claims: [
      {
        text: "pricing began to ask for each line's price on its own.",
        citations: [{ id: commit.id, quote: "ask for each line's price on its own" }],
      },
    ],
    evidence: [commit],
    revert: culprit,
  };
}

export function casesOf(server: BuiltServer): Readonly<Record<string, ToolCase>> {
  const cases = CASES[server.server];
  if (!cases) {
    throw new Error(
      `servers/${server.server} has no contract cases: add them to test/contract/cases.ts, and what they ask for to fixture.ts`,
    );
  }
  return cases;
}
