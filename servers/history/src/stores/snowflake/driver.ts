import { devNull } from "node:os";
import type { SnowflakeLogger } from "snowflake-sdk";

export type Driver = typeof import("snowflake-sdk");

/**
 * What the driver does unasked when it is loaded or connects: asking the cloud's metadata services where it runs, loading a native
 * library that only telemetry speaks of, sending the shape of the configuration, and keeping what it learns of certificates in a
 * folder of the user's. That folder is one that cannot be made; it then keeps it in memory.
 */
const UNASKED = {
  SNOWFLAKE_DISABLE_PLATFORM_DETECTION: "true",
  SNOWFLAKE_DISABLE_MINICORE: "true",
  SF_TELEMETRY_DISABLE_CONNECTION_SHAPE: "true",
  SF_OCSP_RESPONSE_CACHE_DIR: `${devNull}/none`,
};

/**
 * Longest that it waits for those who know which certificates were revoked, in milliseconds: of its own accord it waits so long that a
 * call is over before, where they cannot be reached. It then goes on without them.
 */
const PATIENCE = {
  SF_OCSP_TEST_OCSP_RESPONSE_CACHE_SERVER_TIMEOUT: "1000",
  SF_OCSP_TEST_OCSP_RESPONDER_TIMEOUT: "1000",
};

const nothing = () => {};
const SILENT: SnowflakeLogger = { error: nothing, warn: nothing, info: nothing, debug: nothing, trace: nothing };

/** Turns off its log, which goes to stdout and to a file in the working directory unless it is told otherwise. */
export function silence(driver: Driver): void {
  driver.configure({ logLevel: "OFF", customLogger: SILENT, additionalLogToConsole: false });
}

let loading: Promise<Driver> | undefined;

/** Loads the driver at its first use, silent and sending nothing but what it is asked to. */
export function loadDriver(): Promise<Driver> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Driver> {
  Object.assign(process.env, UNASKED, PATIENCE);
  const { default: driver } = (await import("snowflake-sdk")) as unknown as { default: Driver };
  silence(driver);
  return driver;
}
