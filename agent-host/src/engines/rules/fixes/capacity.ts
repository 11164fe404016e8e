import { escapePattern, type ProposedFix } from "@oncall-copilot/core";
import { findIn, listFiles, type SourceFile } from "../files.ts";
import type { Inquiry } from "../inquiry.ts";

const MAX_MANIFESTS = 6;
/** What a change of the load is worth when no figure of it is known. */
const UNKNOWN_LOAD = 2;
/** The limit leaves so much room over the load of now: an autoscaler has to see a pod busy before its limit stops it. */
const HEADROOM = 2;

/** What a manifest allows, and the edit that allows as much more as the load grew. */
interface MoreCapacity {
  readonly what: "replicas" | "cpu";
  readonly file: SourceFile;
  /** The line that sets it now. */
  readonly line: string;
  readonly edits: ProposedFix["edits"];
}

/** Where a service's replicas (when `atMost`) or its CPU limit are set. */
export async function findCapacity(
  inquiry: Inquiry,
  service: string,
  { atMost, growth }: { readonly atMost: boolean; readonly growth: number | undefined },
): Promise<MoreCapacity | undefined> {
  const manifests = (await listFiles(inquiry, service))
    .filter((path) => /\.ya?ml$/.test(path) && new RegExp(`(?:^|[/-])${escapePattern(service)}\\b`).test(path))
    .slice(0, MAX_MANIFESTS);
  const times = growth ?? UNKNOWN_LOAD;
  return findIn(inquiry, service, manifests, (file) => (atMost ? moreReplicas(file, times) : moreCpu(file, times)));
}

function moreReplicas(file: SourceFile, times: number): MoreCapacity | undefined {
  const [line, before = "", now = ""] = /^(\s*maxReplicas:\s*)(\d+)\s*$/m.exec(file.text) ?? [];
  if (line === undefined || !/^kind:\s*HorizontalPodAutoscaler\s*$/m.test(file.text)) return undefined;
  return more("replicas", file, line.trimEnd(), `${before}${Math.ceil(Number(now) * times)}`);
}

function moreCpu(file: SourceFile, times: number): MoreCapacity | undefined {
  const [line, before = "", now = "", after = ""] =
    /^( *limits:\s*\{[^}\n]*?\bcpu:\s*)"?(\d+m|\d+(?:\.\d+)?)"?(.*)$/m.exec(file.text) ??
    /^( *limits:\s*\n(?:\s+(?!cpu\b)[\w.-]+:.*\n)*?\s+cpu:\s*)"?(\d+m|\d+(?:\.\d+)?)"?(.*)$/m.exec(file.text) ??
    [];
  if (line === undefined) return undefined;
  const millicores = now.endsWith("m") ? Number(now.slice(0, -1)) : Number(now) * 1000;
  const raised = Math.ceil((millicores * times * HEADROOM) / 50) * 50;
  return more("cpu", file, line, `${before}${raised}m${after}`);
}

function more(what: MoreCapacity["what"], file: SourceFile, line: string, raised: string): MoreCapacity | undefined {
  const once = file.text.split(line).length === 2;
  return once
    ? { what, file, line: line.trim(), edits: [{ path: file.path, old_text: line, new_text: raised }] }
    : undefined;
}
