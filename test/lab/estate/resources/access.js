import { readFileSync, statSync } from "node:fs";

/** A file that others rewrite while we run, read again when it changed. */
function watched(file, empty) {
  let content = empty;
  let readAt = 0;
  return () => {
    if (file === undefined) return empty;
    const changedAt = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (changedAt !== readAt) {
      content = JSON.parse(readFileSync(file, "utf8"));
      readAt = changedAt;
    }
    return content;
  };
}

/** Who may use a resource, and what a role may do in it. Nothing is asked for where nothing is known: older estates have no secrets. */
export function createAccess(name, env, log) {
  const credentials = watched(env.CREDENTIALS_FILE, {});
  const policies = watched(env.POLICIES_FILE, {});

  return {
    /** Why a request may not come in, or undefined. */
    credential(authorization) {
      const known = credentials()[name];
      if (known === undefined) return undefined;
      const match = known.find((one) => one.authorization === authorization);
      const user = match?.user ?? String(authorization ?? "").split(":")[0];
      if (match !== undefined && (match.validUntil === null || Date.parse(match.validUntil) > Date.now()))
        return undefined;
      if (name === "card-gateway") return "client key refused";
      const why = match === undefined ? "password does not match" : "user has an expired password";
      log("error", `FATAL: password authentication failed for user "${user}"\nDETAIL: ${why}`);
      return `password authentication failed for user "${user}"`;
    },
    /** Why an action on a key is denied, or undefined. */
    action(role, action, key) {
      const statements = policies()[role];
      if (statements === undefined && Object.keys(policies()).length === 0) return undefined;
      const arn = `arn:aws:s3:::northwind-shop-media/${key}`;
      const allowed = (statements ?? []).some(
        (one) => one.actions.includes(action) && one.resources.some((pattern) => covers(pattern, arn)),
      );
      if (allowed) return undefined;
      return `AccessDenied: role/${role} is not authorized to perform: ${action} on resource: "${arn}" because no identity-based policy allows the ${action} action`;
    },
  };
}

function covers(pattern, arn) {
  return pattern.endsWith("*") ? arn.startsWith(pattern.slice(0, -1)) : arn === pattern;
}
