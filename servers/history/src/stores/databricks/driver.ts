import type { DBSQLClient } from "@databricks/sql";
import { CouldNotLook } from "@oncall-copilot/core";
import { type Carrier, carryThrough } from "./transport.ts";

/** Below this one, the driver leaves parameters out without a word. `SPARK_CLI_SERVICE_PROTOCOL_V8` */
const MIN_PROTOCOL = 42_248;

const SILENT = { log: () => {} };

/** Loads the driver at its first use, and gives a client of it that logs nothing, reports nothing and asks through us alone. */
export async function connect(url: URL, carrier: Carrier): Promise<DBSQLClient> {
  const { DBSQLClient } = await import("@databricks/sql");
  const client = new DBSQLClient({ logger: SILENT });
  // Rows come in columns of plain values and with the answer itself, never from a storage that has to be reached as well.
  Object.assign(client.getConfig(), { arrowEnabled: false, useCloudFetch: false, useLZ4Compression: false });
  await client.connect({
    ...{ host: url.hostname, port: Number(url.port || 443), path: carrier.path },
    // Our transport puts the credential into each request.
    ...{ authType: "custom", provider: { authenticate: async () => ({}) } },
    telemetryEnabled: false,
    ...{ retryMaxAttempts: 1, retriesTimeout: 0 },
  });
  const provider = await client.getConnectionProvider();
  carryThrough(await provider.getThriftConnection(), carrier);
  await refuseOld(client, carrier);
  return client;
}

async function refuseOld(client: DBSQLClient, { names }: Carrier): Promise<void> {
  const driver = await client.getDriver();
  const open = driver.openSession.bind(driver);
  driver.openSession = async (request) => {
    const opened = await open(request);
    const { serverProtocolVersion: version, sessionHandle } = opened;
    if (version >= MIN_PROTOCOL) return opened;
    if (sessionHandle) await driver.closeSession({ sessionHandle }).catch(() => {});
    const cure = `set ${names.variables.url} to a SQL warehouse, or to compute on a current Databricks Runtime`;
    throw new CouldNotLook(
      "bad_response",
      `${names.name} speaks a protocol (0x${version.toString(16)}) that takes no parameters`,
      { cure },
    );
  };
}
