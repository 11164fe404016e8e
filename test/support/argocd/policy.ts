/** Argo CD's RBAC, as much of it as the tests need: `p, ROLE, resource, action, object, allow|deny`; `*` stands for anything. */
export type Policy = readonly string[];

const glob = (pattern: string) =>
  new RegExp(
    `^${pattern
      .split("*")
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
      .join(".*")}$`,
  );

/** Whether the one role that the policy speaks of may do it. A deny comes before every allow. */
export function allows(policy: Policy, resource: string, action: string, object: string): boolean {
  const effects = policy
    .map((line) => line.split(",").map((part) => part.trim()))
    .filter(([kind, , on, does, what]) => {
      const wanted = [on, does, what].map((pattern) => glob(pattern ?? ""));
      return kind === "p" && [resource, action, object].every((text, index) => wanted[index]?.test(text));
    })
    .map((parts) => parts[5]);
  return effects.includes("allow") && !effects.includes("deny");
}
