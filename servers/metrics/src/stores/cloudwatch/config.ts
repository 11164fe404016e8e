import { certificates, webAddress } from "@oncall-copilot/core/backend";
import { z } from "zod";
import { ownSignals } from "./own-signals.ts";

const REGION = /^[a-z]{2}(?:-[a-z]+)+-\d$/;

const json = z.string().transform((text, context) => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    context.addIssue({ code: "custom", message: "is no JSON" });
    return z.NEVER;
  }
});

/** The environment variables that configure CloudWatch. Its credential is AWS' own business: AWS_PROFILE and the like. */
export const cloudWatchVariables = {
  ONCALL_METRICS_CLOUDWATCH_REGION: z
    .string()
    .regex(REGION, { error: "takes a region such as eu-west-1" })
    .optional()
    .describe("AWS region whose CloudWatch to answer from, with ONCALL_CATALOG; the credential comes from AWS_*"),
  ONCALL_METRICS_CLOUDWATCH_ENDPOINT: webAddress()
    .optional()
    .describe("its address where that is not the region's own: a VPC endpoint, FIPS"),
  ONCALL_METRICS_CLOUDWATCH_CA: certificates()
    .optional()
    .describe(
      "the authorities to trust for it (PEM), in place of AWS_CA_BUNDLE; usually given as ONCALL_METRICS_CLOUDWATCH_CA_FILE",
    ),
  ONCALL_METRICS_CLOUDWATCH_SIGNALS: json
    .pipe(ownSignals)
    .optional()
    .describe("signals out of metrics that you publish yourself (JSON); see the README"),
  ONCALL_METRICS_CLOUDWATCH_SETTLE_SECONDS: z.coerce
    .number()
    .int()
    .min(0)
    .max(900)
    .default(60)
    .describe("how long after its end a period may still be incomplete and is left out; default 60"),
  ONCALL_METRICS_CLOUDWATCH_TIMEOUT_SECONDS: z.coerce
    .number()
    .positive()
    .max(120)
    .default(8)
    .describe("longest time that one of its requests may take; default 8"),
} as const;

const schema = z.object(cloudWatchVariables);
export type CloudWatchConfig = z.output<typeof schema>;
