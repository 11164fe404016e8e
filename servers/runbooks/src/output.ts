import { Evidence } from "@oncall-copilot/core";
import { z } from "zod";

const Shown = z.strictObject({
  page: z.string(),
  title: z.string(),
  section: z.string(),
  version: z.string().nullable(),
  updated: z.string().nullable(),
  age_days: z.number().nullable(),
  editor: z.string().nullable(),
  fit: z
    .enum(["names_alert", "same_topic", "service", "words", "asked"])
    .describe(
      "why: the page names the alert, is about the same, has the words; is just the service's; or was asked for",
    ),
  score: z.number().describe("0 to 1, low when little of what was asked is there"),
  decay: z.array(z.string()).describe("why not to trust it blindly"),
  evidence: Evidence,
});
export type ShownSection = z.infer<typeof Shown>;

const Other = z.strictObject({ page: z.string(), title: z.string(), section: z.string() });
export type OtherSection = z.infer<typeof Other>;

export const RunbookOutput = z.object({
  sections: z.array(Shown).describe("best first, word for word"),
  others: z.array(Other).describe("not shown: read with page and section"),
});
export type RunbookOutput = z.infer<typeof RunbookOutput>;
