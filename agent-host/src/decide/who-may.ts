import { isOnCall, type PagerDuty } from "./pagerduty.ts";

/** Whoever wants to decide, as the door that authenticated them knows them. */
export interface Decider {
  /** Slack's id of a member. */
  readonly slack: string | null;
  /** The account at the shell. */
  readonly shell: string | null;
  /** For messages and comments: `Ada (Slack U0123ABCD)`. */
  readonly name: string;
}

export type Permission =
  | { readonly allowed: true; readonly by: string }
  | { readonly allowed: false; readonly why: string };

/** What of Slack is asked about people. */
export interface SlackPeople {
  /** Members of a user group. */
  membersOf(group: string): Promise<readonly string[]>;
  /** Null where the app may not see it. */
  emailOf(member: string): Promise<string | null>;
}

export interface Approvers {
  /** Members' ids, and `shell:NAME`. */
  readonly list: readonly string[];
  readonly group: string | null;
  /** Whoever is on call by this schedule. */
  readonly schedule: { readonly id: string; readonly pagerDuty: PagerDuty } | null;
  /** Null where Slack is not configured. */
  readonly people: SlackPeople | null;
}

/**
 * Whether this person may decide now: asked at the click, since schedules turn and groups change after a message was made. Nobody may
 * where nobody is named, and what cannot be asked permits nothing.
 */
export async function mayDecide(who: Decider, approvers: Approvers, signal: AbortSignal): Promise<Permission> {
  const { list, group, schedule, people } = approvers;
  if (list.length === 0 && group === null && schedule === null) {
    return no(
      "nobody may decide yet: name who may in ONCALL_APPROVERS, ONCALL_APPROVERS_SLACK_GROUP or ONCALL_APPROVERS_PAGERDUTY_SCHEDULE",
    );
  }
  if (who.slack !== null && list.includes(who.slack)) return { allowed: true, by: "list" };
  if (who.shell !== null && list.includes(`shell:${who.shell}`)) return { allowed: true, by: "list" };
  const unknown: string[] = [];
  const ask = async (what: string, asked: () => Promise<boolean>): Promise<boolean> => {
    try {
      return await asked();
    } catch (error) {
      unknown.push(`${what} could not be asked (${error instanceof Error ? error.message.slice(0, 200) : "unknown"})`);
      return false;
    }
  };
  const { slack } = who;
  if (slack !== null && group !== null && people) {
    const isIn = await ask(`the user group ${group}`, async () => (await people.membersOf(group)).includes(slack));
    if (isIn) return { allowed: true, by: `user group ${group}` };
  }
  if (slack !== null && schedule !== null && people) {
    const isOn = await ask(`the schedule ${schedule.id}`, async () => {
      const email = await people.emailOf(slack);
      return email !== null && (await isOnCall(schedule.pagerDuty, schedule.id, email, signal));
    });
    if (isOn) return { allowed: true, by: `on call by schedule ${schedule.id}` };
  }
  if (unknown.length > 0) return no(`it is not known whether you may decide: ${unknown.join("; ")}`);
  const named = [
    ...(list.length > 0 ? ["the people in ONCALL_APPROVERS"] : []),
    ...(group ? [`the user group ${group}`] : []),
    ...(schedule ? [`whoever is on call by ${schedule.id}`] : []),
  ];
  return no(`only ${named.join(" or ")} may decide`);
}

const no = (why: string): Permission => ({ allowed: false, why });
