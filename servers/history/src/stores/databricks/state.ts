import { CouldNotLook } from "@oncall-copilot/core";
import type { HttpClient } from "@oncall-copilot/core/backend";
import { z } from "zod";
import type { Bearer } from "./credential.ts";
import type { DatabricksNames } from "./names.ts";

/** https://docs.databricks.com/api/workspace/warehouses/get */
const Warehouse = z.object({ state: z.string(), name: z.string().optional() });

export interface State {
  /** `RUNNING`, `STARTING`, `STOPPED`, `STOPPING`, `DELETING` or `DELETED`. */
  readonly state: string;
  /** As people call it: `SQL warehouse oncall`. */
  readonly compute: string;
}

/** Asks how the warehouse is; that does not wake it. Undefined where the HTTP path leads to no SQL warehouse. */
export type AskState = ((signal: AbortSignal) => Promise<State>) | undefined;

/** `/sql/1.0/warehouses/0123456789abcdef`; older ones say `endpoints`. */
const PATH = /^\/sql\/1\.0\/(?:warehouses|endpoints)\/([0-9a-zA-Z]+)(?:\?|$)/;

export const warehouseId = (path: string): string | undefined => PATH.exec(path)?.[1];

export const isStarting = ({ state }: State): boolean => state !== "RUNNING" && !state.startsWith("DELET");

export function stateOf(path: string, http: HttpClient, bearer: Bearer, names: DatabricksNames): AskState {
  const id = warehouseId(path);
  if (id === undefined) return undefined;
  return async (abort) => {
    const token = await bearer();
    const { json } = await http.ask({
      path: `/api/2.0/sql/warehouses/${id}`,
      headers: { authorization: `Bearer ${token.reveal()}` },
      abort,
    });
    const parsed = Warehouse.safeParse(json);
    if (!parsed.success) {
      const cure = `check that ${names.variables.url} are a Databricks workspace's`;
      throw new CouldNotLook("bad_response", `${names.name} answered with JSON of another shape`, {
        cure,
      });
    }
    const { state, name } = parsed.data;
    return { state, compute: name === undefined ? names.compute : `SQL warehouse ${name}` };
  };
}
