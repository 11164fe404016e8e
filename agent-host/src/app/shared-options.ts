import type { EvidenceKey } from "@oncall-copilot/core";
import type { LastingTrail } from "../audit/lasting-trail.ts";
import type { ProposeOptions } from "../triage.ts";
import type { Moment } from "./moment.ts";
import type { Settings } from "./settings.ts";
import type { SharedHost } from "./shared-host.ts";

export interface SharedOptionsParts {
  readonly settings: Settings;
  readonly moment: Moment;
  readonly key: EvidenceKey;
  /** Where the git server may keep clones and local forks, unless the settings say. */
  readonly gitWorkdir: string;
  readonly audit: LastingTrail;
  readonly shared?: SharedHost | undefined;
  readonly signal: AbortSignal;
  readonly progress: ProposeOptions["progress"];
}

/** What a look and a proposal need of the host, whoever asks for them. */
export const sharedOptions = (parts: SharedOptionsParts): ProposeOptions => ({
  key: parts.key,
  env: {
    ...parts.settings.env,
    ...parts.moment.env,
    ONCALL_GIT_WORKDIR: parts.settings.gitWorkdir ?? parts.gitWorkdir,
  },
  transport: parts.settings.transport,
  pool: parts.shared?.pool,
  audit: parts.audit,
  signal: parts.signal,
  progress: parts.progress,
});
