import { webAddress } from "@oncall-copilot/core/backend";
import { secret } from "@oncall-copilot/core/server";
import { z } from "zod";
import type { WarehouseConfig } from "../warehouse/config.ts";

const name = () => z.string().min(1).max(255);

/** The environment variables that configure Snowflake. */
export const snowflakeVariables = {
  ONCALL_HISTORY_SNOWFLAKE_ACCOUNT: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*$/, "takes an account identifier, such as myorg-myaccount")
    .optional()
    .describe("Snowflake account to answer from: myorg-myaccount; with ONCALL_HISTORY_TABLE"),
  ONCALL_HISTORY_SNOWFLAKE_URL: webAddress()
    .optional()
    .describe("its address where it is not https://ACCOUNT.snowflakecomputing.com: a private link"),
  ONCALL_HISTORY_SNOWFLAKE_USER: name().optional().describe("user of the key pair"),
  ONCALL_HISTORY_SNOWFLAKE_PRIVATE_KEY: secret()
    .optional()
    .describe("private key (PEM, PKCS #8); usually given as ONCALL_HISTORY_SNOWFLAKE_PRIVATE_KEY_FILE"),
  ONCALL_HISTORY_SNOWFLAKE_PASSPHRASE: secret().optional().describe("passphrase of the private key, if it has one"),
  ONCALL_HISTORY_SNOWFLAKE_TOKEN: secret().optional().describe("OAuth token, in place of a key pair"),
  ONCALL_HISTORY_SNOWFLAKE_TOKEN_FILE: name()
    .optional()
    .describe("file of the OAuth token, read again at each connection, so that it may be replaced"),
  ONCALL_HISTORY_SNOWFLAKE_ROLE: name().optional().describe("role to read with; default: the user's own"),
  ONCALL_HISTORY_SNOWFLAKE_WAREHOUSE: name().optional().describe("warehouse to run on; default: the user's own"),
  ONCALL_HISTORY_SNOWFLAKE_DATABASE: name().optional().describe("database, where ONCALL_HISTORY_TABLE names none"),
  ONCALL_HISTORY_SNOWFLAKE_SCHEMA: name().optional().describe("schema, where ONCALL_HISTORY_TABLE names none"),
  ONCALL_HISTORY_SNOWFLAKE_QUERY_TAG: z
    .string()
    .max(2_000)
    .default("oncall-history")
    .describe("QUERY_TAG of its statements; default oncall-history"),
  ONCALL_HISTORY_SNOWFLAKE_OCSP: z
    .enum(["fail-open", "off"])
    .default("fail-open")
    .describe(
      "whether certificates are checked for revocation: fail-open, or off where the checkers cannot be reached",
    ),
} as const;

const schema = z.object(snowflakeVariables);
export type SnowflakeConfig = z.output<typeof schema> & WarehouseConfig;
