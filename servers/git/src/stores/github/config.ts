import { certificates, commaSeparated, webAddress } from "@oncall-copilot/core/backend";
import { secret } from "@oncall-copilot/core/server";
import { z } from "zod";

/** A key as GitHub gives it; line ends may be written as `\n`, since many places take one line only. */
const privateKey = () =>
  z
    .string()
    .transform((text) => text.replaceAll("\\n", "\n").trim())
    .refine((text) => /^-----BEGIN (?:RSA )?PRIVATE KEY-----\n[\s\S]+-----END/.test(text), {
      error: "takes the PEM text of a private key",
    })
    .pipe(secret());

const number = (what: string) => z.string().regex(/^\d{1,15}$/, { error: `takes the ${what}, a number` });

/** `OWNER/NAME`, or `OWNER` alone. */
const FORK = /^[\w-]+(?:\/[\w.-]+)?$/;

/** The environment variables that configure GitHub. */
export const githubVariables = {
  ONCALL_GIT_GITHUB_URL: webAddress()
    .default("https://api.github.com")
    .describe("GitHub's API, or the address of an Enterprise Server; default https://api.github.com"),
  ONCALL_GIT_GITHUB_UPSTREAM_TOKEN: secret()
    .optional()
    .describe("fine-grained token that reads the upstreams and opens pull requests there; it must not be able to push"),
  ONCALL_GIT_GITHUB_UPSTREAM_APP_ID: number("App's id").optional().describe("or a GitHub App for that: its id"),
  ONCALL_GIT_GITHUB_UPSTREAM_APP_INSTALLATION_ID: number("installation's id").optional().describe("its installation"),
  ONCALL_GIT_GITHUB_UPSTREAM_APP_PRIVATE_KEY: privateKey().optional().describe("its private key (PEM)"),
  ONCALL_GIT_GITHUB_FORK_TOKEN: secret()
    .optional()
    .describe("fine-grained token that may write to the forks, and to nothing else"),
  ONCALL_GIT_GITHUB_FORK_APP_ID: number("App's id").optional().describe("or another GitHub App for that: its id"),
  ONCALL_GIT_GITHUB_FORK_APP_INSTALLATION_ID: number("installation's id").optional().describe("its installation"),
  ONCALL_GIT_GITHUB_FORK_APP_PRIVATE_KEY: privateKey().optional().describe("its private key (PEM)"),
  ONCALL_GIT_GITHUB_FORKS: z
    .string()
    .transform(commaSeparated)
    .pipe(z.array(z.string().regex(FORK, { error: "takes OWNER/NAME or OWNER, comma-separated" })).min(1))
    .optional()
    .describe("forks that open_pr writes to, comma-separated: OWNER/NAME, or OWNER to find its fork of each upstream"),
  ONCALL_GIT_GITHUB_LABELS: z
    .string()
    .transform(commaSeparated)
    .default([])
    .describe("labels for pull requests, comma-separated; they must exist"),
  ONCALL_GIT_GITHUB_WRITE_PAUSE_SECONDS: z.coerce
    .number()
    .min(0)
    .max(10)
    .default(1)
    .describe("pause between two writes; GitHub asks for 1, an Enterprise Server without limits needs none"),
  ONCALL_GIT_GITHUB_TIMEOUT_SECONDS: z.coerce
    .number()
    .positive()
    .max(120)
    .default(8)
    .describe("longest time that one request may take; default 8"),
  ONCALL_GIT_GITHUB_CA: certificates()
    .optional()
    .describe("the authorities to trust for it (PEM); usually given as ONCALL_GIT_GITHUB_CA_FILE"),
} as const;

const schema = z.object(githubVariables);
export type GitHubConfig = z.output<typeof schema>;

/** Which of the two credentials: one reads the upstream and opens pull requests there, the other writes to the fork. */
export type Part = "upstream" | "fork";
