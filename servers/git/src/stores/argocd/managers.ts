import { z } from "zod";

/** https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management */
const Managed = z.object({
  metadata: z.object({
    managedFields: z.array(
      z.object({
        manager: z.string().min(1),
        time: z.string(),
        subresource: z.string().default(""),
        fieldsV1: z.record(z.string(), z.unknown()).default({}),
      }),
    ),
  }),
});

export interface Manager {
  readonly manager: string;
  /** Epoch milliseconds. */
  readonly at: number;
  owns(path: readonly string[]): boolean;
}

/** Argo CD's own: what it set is what it wants. */
const ARGOCD = /^argocd(?:-|$)/;

/** Who set which fields of a live resource, apart from Argo CD, the latest first. */
export function managersOf(live: unknown): readonly Manager[] {
  const parsed = Managed.safeParse(live).data;
  return (parsed?.metadata.managedFields ?? [])
    .filter(({ manager, subresource }) => !ARGOCD.test(manager) && subresource !== "status")
    .map(({ manager, time, fieldsV1 }) => ({
      manager,
      at: Date.parse(time),
      owns: (path: readonly string[]) => ownsPath(fieldsV1, path),
    }))
    .filter(({ at }) => !Number.isNaN(at))
    .sort((a, b) => b.at - a.at);
}

/** Down the tree of `f:field` and `k:{"name":"item"}`; a node without children stands for all below it. */
function ownsPath(fields: Readonly<Record<string, unknown>>, path: readonly string[]): boolean {
  const [head, ...rest] = path;
  if (head === undefined) return true;
  const children = Object.entries(fields).filter(([key]) => key !== ".");
  const [, child] = children.find(([key]) => (head.startsWith("[") ? isItem(key, head) : key === `f:${head}`)) ?? [];
  if (child === undefined || child === null || typeof child !== "object") return false;
  if (Object.keys(child).length === 0) return true;
  return ownsPath(child as Record<string, unknown>, rest);
}

function isItem(key: string, item: string): boolean {
  if (!key.startsWith("k:")) return false;
  try {
    const identity: unknown = JSON.parse(key.slice(2));
    const values = Object.values(identity as object).map(String);
    return values.includes(item.slice(1, -1));
  } catch {
    return false;
  }
}
