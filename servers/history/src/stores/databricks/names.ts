import type { BackendNames } from "@oncall-copilot/core/backend";

/** What the messages about Databricks say of it. */
export interface DatabricksNames extends BackendNames {
  /** As people read it: `main.ops.incidents`. */
  readonly table: string;
  /** `SQL warehouse 0123456789abcdef`, or whatever the HTTP path leads to. */
  readonly compute: string;
}

export const PREFIX = "ONCALL_HISTORY_DATABRICKS_";

export const VARIABLES: BackendNames["variables"] = {
  url: `${PREFIX}URL and _HTTP_PATH`,
  credentials: `${PREFIX}TOKEN, or _CLIENT_ID and _CLIENT_SECRET,`,
  ca: `${PREFIX}CA_FILE`,
};
