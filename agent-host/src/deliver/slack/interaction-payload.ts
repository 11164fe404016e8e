import { z } from "zod";

/** What is read of a click or a submission; Slack sends much more. */
const Member = z.object({
  id: z.string().regex(/^[UW][A-Z0-9]{2,30}$/),
  name: z.string().optional(),
  username: z.string().optional(),
});

export const Click = z.object({
  type: z.literal("block_actions"),
  user: Member,
  trigger_id: z.string().optional(),
  channel: z.object({ id: z.string() }),
  message: z.object({ ts: z.string() }).optional(),
  actions: z.array(z.object({ action_id: z.string(), value: z.string().default(""), action_ts: z.string() })).min(1),
});
export type Click = z.infer<typeof Click>;

const Field = z.object({
  value: z.string().nullish(),
  selected_option: z.object({ value: z.string() }).nullish(),
});
export type Field = z.infer<typeof Field>;

export const Submission = z.object({
  type: z.literal("view_submission"),
  user: Member,
  view: z.object({
    id: z.string(),
    callback_id: z.string(),
    private_metadata: z.string(),
    /** By block, then by the element's action. */
    state: z.object({ values: z.record(z.string(), z.record(z.string(), Field)) }),
  }),
});
export type Submission = z.infer<typeof Submission>;

/** The interaction in a request's body; undefined for what is none of ours. */
export function interactionIn(rawBody: string): Click | Submission | undefined {
  try {
    const json: unknown = JSON.parse(new URLSearchParams(rawBody).get("payload") ?? "null");
    return z.discriminatedUnion("type", [Click, Submission]).safeParse(json).data;
  } catch {
    return undefined;
  }
}
