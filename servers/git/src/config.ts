import { commonVariables } from "@oncall-copilot/core/server";
import { z } from "zod";
import { argocdVariables } from "./stores/argocd/config.ts";
import { githubVariables } from "./stores/github/config.ts";

const limit = (most: number) => z.coerce.number().int().positive().max(most);

/** Everything oncall-git reads from its environment. */
export const configSchema = z.object({
  ...commonVariables,
  ...argocdVariables,
  ...githubVariables,
  ONCALL_GIT_UPSTREAM: z.string().optional().describe("local repository to read instead of the recording's bundle"),
  ONCALL_GIT_BRANCH: z.string().default("main").describe("branch of the upstream that is deployed"),
  ONCALL_GIT_DEPLOYMENTS: z.string().optional().describe("NDJSON of deployments; default: the recording's"),
  ONCALL_GIT_FORK: z.string().optional().describe("local bare repository that open_pr writes to, made on first use"),
  ONCALL_GIT_WORKDIR: z.string().optional().describe("folder for unpacked bundles and the default fork"),
  ONCALL_GIT_MOST_FILES: limit(1_000).default(20).describe("most files a pull request may change"),
  ONCALL_GIT_MOST_LINES: limit(100_000).default(400).describe("most lines it may add and remove"),
  ONCALL_GIT_MOST_BYTES: limit(10_000_000).default(65_536).describe("most bytes its diff may have"),
});
export type Config = ReturnType<typeof configSchema.parse>;
