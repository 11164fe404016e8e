import { randomBytes } from "node:crypto";
import { EvidenceKey, findEvidenceKey } from "@oncall-copilot/core";
import { type Finding, shownFindings, worstOf } from "@oncall-copilot/core/server";
import { openCatalogAt } from "../app/open-catalog.ts";
import { caseFindings } from "../doctor/case-findings.ts";
import { ownFindings } from "../doctor/own-findings.ts";
import { slackFindings } from "../doctor/slack-findings.ts";
import { unknownNames, unknownScopes } from "../doctor/unknown-names.ts";
import { type Examined, examineServers } from "../tools/examine.ts";
import { fromRecording } from "../tools/from-recording.ts";
import { EXIT, type ExitCode } from "./exit.ts";

export interface DoctorArguments {
  readonly json: boolean;
  /** Catalog name of a service that must have data everywhere. */
  readonly service: string | undefined;
  readonly recording: string | undefined;
}

/**
 * `oncall doctor`: whether this set-up is right and least-privileged. Every server looks at its own backends with its own
 * credentials; nothing is written anywhere, and no model is asked.
 */
export async function doctorCommand({ json, service, recording }: DoctorArguments): Promise<ExitCode> {
  const env = recording === undefined ? process.env : fromRecording(process.env, recording);
  const own = await ownFindings(env);
  const hasKey = own.every(({ backend, status }) => backend !== "evidence key" || status === "ok");
  const servers = hasKey ? await examineServers({ key: await keyToAskWith(env), env, service }) : [];
  const catalog = env["ONCALL_CATALOG"] ? await openCatalogAt(env["ONCALL_CATALOG"], env).catch(() => null) : null;
  const slack = await slackFindings(env, catalog);
  const ofHost = [...own, ...(await caseFindings(env)), ...slack, ...unknownNames(env, servers), ...unknownScopes(env)];
  const all: readonly Section[] = [
    { server: "host", findings: ofHost },
    ...servers.map(({ server, findings }) => ({ server, findings })),
  ];
  const findings = all.flatMap((one) => one.findings);
  const worst = worstOf(findings);
  process.stdout.write(json ? `${JSON.stringify({ status: worst, checked: all }, null, 2)}\n` : shown(all, findings));
  return worst === "failure" ? EXIT.problems : EXIT.ok;
}

type Section = Pick<Examined, "server" | "findings">;

/** Nothing is minted in a check-up: where there is no key yet, one that is forgotten does. */
const keyToAskWith = async (env: NodeJS.ProcessEnv): Promise<EvidenceKey> =>
  (await findEvidenceKey(env)) ?? new EvidenceKey(randomBytes(32));

function shown(all: readonly Section[], findings: readonly Finding[]): string {
  const count = (status: Finding["status"]) => findings.filter((finding) => finding.status === status).length;
  const sections = all.map(({ server, findings: own }) => `${server}\n${indented(shownFindings(own))}`);
  const failures = count("failure");
  const verdict = failures > 0 ? "Not right yet" : count("warning") > 0 ? "Works, with warnings" : "Right";
  const figures = `${failures} failures, ${count("warning")} warnings, ${count("unknown")} not to be told, ${count("ok")} ok`;
  return `${sections.join("\n")}\n${verdict}: ${figures}.\n`;
}

const indented = (text: string): string => text.replace(/^(?=.)/gm, "  ");
