import { redact, redactDeep } from "@oncall-copilot/core";
import type { DifferingField, Drifted } from "../../deployments.ts";
import { type Difference, differences } from "./differing-fields.ts";
import { managersOf } from "./managers.ts";
import type { Resource, ResourceDiff } from "./shapes.ts";

/** Most fields of one resource; a reader needs to know that it differs and how, not a manifest. */
const MAX_FIELDS = 12;
const MAX_CHARS = 120;

export const nameOfResource = ({ kind, name }: { kind: string; name: string }) => `${kind}/${name}`;

/** Secrets differ or they do not: what they hold is never looked at, though Argo CD masks it. */
export const isSecret = ({ group, kind }: { group: string; kind: string }) => kind === "Secret" && group === "";

/** One resource that is out of sync, with the fields in which it is. */
export async function driftedOf(resource: Resource, diff: ResourceDiff | undefined): Promise<Drifted> {
  const name = nameOfResource(resource);
  const whole = (how: Drifted["how"]): Drifted => ({ resource: name, how, fields: [] });
  if (resource.requiresPruning) return whole("extra");
  if (isSecret(resource)) return whole(resource.health?.status === "Missing" ? "missing" : "hidden");
  if (!diff) return whole(resource.health?.status === "Missing" ? "missing" : "unread");
  const [live, target] = [parsed(diff.liveState), parsed(diff.targetState)];
  if (live === undefined) return whole("missing");
  if (target === undefined) return whole("extra");
  const [normalized, predicted] = [parsed(diff.normalizedLiveState), parsed(diff.predictedLiveState)];
  const found =
    normalized !== undefined && predicted !== undefined
      ? differences(predicted, normalized, false)
      : differences(target, live, true);
  if (found.length === 0) return whole("unread");
  const managers = managersOf(live);
  const fields = await Promise.all(
    found.slice(0, MAX_FIELDS).map(async (difference): Promise<DifferingField> => {
      const manager = difference.live === undefined ? undefined : managers.find(({ owns }) => owns(difference.path));
      return { ...(await shown(difference)), by: manager?.manager, at: manager?.at };
    }),
  );
  return { resource: name, how: "differs", fields };
}

/** `null` stands for a resource that is not there. */
function parsed(state: string): unknown {
  try {
    return state === "" ? undefined : (JSON.parse(state) ?? undefined);
  } catch {
    return undefined;
  }
}

type Shown = Pick<DifferingField, "path" | "hidden" | "desired" | "live">;

/** Both values as JSON; of texts of several lines the first line that differs, since a ConfigMap holds whole files. */
async function shown({ path, desired, live }: Difference): Promise<Shown> {
  const place = path.reduce((text, part) => `${text}${text === "" || part.startsWith("[") ? "" : "."}${part}`, "");
  const lines = await differingLine(desired, live);
  if (lines === "redacted") return { path: place, hidden: true, desired: undefined, live: undefined };
  const [a, b] = lines ? [lines.desired, lines.live] : [desired, live];
  return {
    path: lines ? `${place} line ${lines.number}` : place,
    hidden: false,
    desired: await shownValue(path, a),
    live: await shownValue(path, b),
  };
}

/** Of the texts redacted whole: one line of a key or of a block does not look like a secret. Redacting keeps lines lines. */
async function differingLine(desired: unknown, live: unknown) {
  if (typeof desired !== "string" || typeof live !== "string" || !`${desired}${live}`.trim().includes("\n")) return;
  const [safeDesired, safeLive] = await Promise.all([redact(desired), redact(live)]);
  if (safeDesired.text === safeLive.text) return "redacted";
  const [a, b] = [safeDesired.text.split("\n"), safeLive.text.split("\n")];
  const index = Array.from({ length: Math.max(a.length, b.length) }).findIndex((_, line) => a[line] !== b[line]);
  return { number: index + 1, desired: a[index], live: b[index] };
}

/** Redacted while the names on the way to it are known: `env[DB_PASSWORD].value` says what its value alone does not. */
async function shownValue(path: readonly string[], value: unknown): Promise<string | undefined> {
  if (value === undefined) return undefined;
  const names = path.map((part) => part.replace(/^\[|\]$/g, ""));
  const text = typeof value === "string" ? (await redact(value)).text : value;
  for (const name of names) {
    const { kinds, value: safe } = await redactDeep({ [name]: typeof text === "string" ? text : JSON.stringify(text) });
    if (Object.keys(kinds).length > 0) return JSON.stringify(safe[name]);
  }
  const { value: safe } = await redactDeep(text);
  const json = JSON.stringify(safe);
  return json.length <= MAX_CHARS ? json : `${json.slice(0, MAX_CHARS)}[${json.length - MAX_CHARS} more characters]`;
}
