import { certificates, webAddress } from "@oncall-copilot/core/backend";
import { secret } from "@oncall-copilot/core/server";
import { z } from "zod";

/** `OPS`, or `~jdoe` for a personal one. */
const SPACE = /^~?[\w.:@-]+$/;

/** The environment variables that configure Confluence. */
export const confluenceVariables = {
  ONCALL_RUNBOOKS_CONFLUENCE_URL: webAddress()
    .optional()
    .describe("Confluence to answer from, Cloud or Data Center, its path included: https://example.atlassian.net/wiki"),
  ONCALL_RUNBOOKS_CONFLUENCE_SPACES: z
    .string()
    .transform((text) => [...new Set(text.split(",").map((key) => key.trim()))].filter((key) => key !== ""))
    .pipe(
      z
        .array(z.string().regex(SPACE, { error: "takes space keys, comma-separated" }))
        .min(1)
        .max(50),
    )
    .optional()
    .describe("keys of the spaces to look in, comma-separated: OPS,SRE; nothing outside of them is ever read"),
  ONCALL_RUNBOOKS_CONFLUENCE_TOKEN: secret()
    .optional()
    .describe("API token (Cloud, with an e-mail address), or personal access token (Data Center)"),
  ONCALL_RUNBOOKS_CONFLUENCE_EMAIL: z.string().optional().describe("e-mail address that the API token is of (Cloud)"),
  ONCALL_RUNBOOKS_CONFLUENCE_USERNAME: z.string().optional().describe("user name, with a password (Data Center)"),
  ONCALL_RUNBOOKS_CONFLUENCE_PASSWORD: secret().optional().describe("password, with a user name (Data Center)"),
  ONCALL_RUNBOOKS_CONFLUENCE_CA: certificates()
    .optional()
    .describe("the authorities to trust for it (PEM); usually given as ONCALL_RUNBOOKS_CONFLUENCE_CA_FILE"),
  ONCALL_RUNBOOKS_CONFLUENCE_WHOLE: z.coerce
    .number()
    .int()
    .min(1)
    .max(5_000)
    .default(500)
    .describe("spaces of up to so many pages together are read whole; larger ones are searched; default 500"),
  ONCALL_RUNBOOKS_CONFLUENCE_TIMEOUT_SECONDS: z.coerce
    .number()
    .positive()
    .max(120)
    .default(8)
    .describe("longest time that one of its answers may take; default 8"),
} as const;

const schema = z.object(confluenceVariables);
export type ConfluenceConfig = z.output<typeof schema>;
