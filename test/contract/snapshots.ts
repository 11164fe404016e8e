import { join } from "node:path";
import { ROOT, SERVERS_ROOT } from "../support/mcp/servers.ts";

/** Where the contract's snapshots lie: here, or beside the servers of another root. */
export const SNAPSHOTS = SERVERS_ROOT === ROOT ? "__snapshots__" : join(SERVERS_ROOT, "snapshots");
