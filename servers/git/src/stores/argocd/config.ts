import { certificates, webAddress } from "@oncall-copilot/core/backend";
import { secret } from "@oncall-copilot/core/server";
import { z } from "zod";

/** The environment variables that configure Argo CD. */
export const argocdVariables = {
  ONCALL_GIT_ARGOCD_URL: webAddress()
    .optional()
    .describe("Argo CD to ask for deployments, drift and health; path prefix (--rootpath) included"),
  ONCALL_GIT_ARGOCD_TOKEN: secret().optional().describe("token of a project role or account that may get applications"),
  ONCALL_GIT_ARGOCD_CA: certificates()
    .optional()
    .describe("the authorities to trust for it (PEM); usually given as ONCALL_GIT_ARGOCD_CA_FILE"),
  ONCALL_GIT_ARGOCD_TIMEOUT_SECONDS: z.coerce
    .number()
    .positive()
    .max(120)
    .default(8)
    .describe("longest time that one of its answers may take; default 8"),
} as const;

const schema = z.object(argocdVariables);
export type ArgoCdConfig = z.output<typeof schema>;
