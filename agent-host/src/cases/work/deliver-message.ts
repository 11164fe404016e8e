import type { CaseDelivery } from "../../deliver/case-delivery.ts";
import type { Case } from "../case.ts";
import type { CaseAlerts } from "../case-store.ts";
import { shownOf } from "./next-step.ts";
import { begin, type HeldCase } from "./work-parts.ts";

const POST = "post";

/** Posts the case's message, or changes the one it has. That a post is begun is saved first: whoever takes over looks for it. */
export async function deliverMessage(
  held: HeldCase,
  delivery: CaseDelivery,
  one: Case,
  alerts: CaseAlerts,
): Promise<Case> {
  const { store, investigator, now } = held.parts;
  const ref = one.final_report ?? one.looks.at(-1)?.report ?? null;
  const report = ref === null ? null : investigator.open(await store.document(held.id, ref));
  const view = { case: one, alerts, report };
  const shows = shownOf(one, alerts);
  const { signal } = held;
  if (one.message) {
    const { ref: posted, posted_at } = one.message;
    await delivery.update(posted, view, { signal });
    await held.trail.append("delivered", { by: delivery.name, changed: true, report_sha256: ref?.sha256 ?? null });
    return held.save((current) => ({ ...current, message: { ref: posted, shows, posted_at, updated_at: now() } }));
  }
  const count = await begin(held, POST);
  const posted = await delivery.post(view, { mayBePosted: count > 1, signal });
  await held.trail.append("delivered", { by: delivery.name, changed: false, report_sha256: ref?.sha256 ?? null });
  const at = now();
  return held.save((current) => ({
    ...current,
    attempt: null,
    message: { ref: posted, shows, posted_at: at, updated_at: at },
  }));
}
