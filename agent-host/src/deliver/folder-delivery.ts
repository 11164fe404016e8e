import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { CaseDelivery, CaseView } from "./case-delivery.ts";
import { renderMarkdown } from "./markdown.ts";
import { oneLine } from "./style.ts";
import { writeWhole } from "./write-whole.ts";

/**
 * Keeps the message of each case as `message.md` in a folder of its own: what is delivered to where no chat is set up. Written again it is
 * the same file, so nothing has to be looked for.
 */
export function folderDelivery(folder: string): CaseDelivery {
  const write = async (view: CaseView): Promise<string> => {
    const own = join(folder, view.case.id);
    await mkdir(own, { recursive: true, mode: 0o700 });
    const file = join(own, "message.md");
    await writeWhole(file, messageOf(view));
    return file;
  };
  return {
    name: `folder ${folder}`,
    post: write,
    update: async (_ref, view) => {
      await write(view);
    },
  };
}

function messageOf({ case: one, alerts, report }: CaseView): string {
  const lines = [
    `Case ${one.id}: ${oneLine(one.alert.name)}, ${alerts.total} alerts, ${alerts.firing} firing`,
    ...(one.failure ? [`Attention: ${oneLine(one.failure.why)}`] : []),
    ...(one.next_look_at === null ? [] : [`Looked at again at ${new Date(one.next_look_at).toISOString()}`]),
    ...one.events.map(({ at, kind, what }) => `${new Date(at).toISOString()} ${kind}: ${oneLine(what)}`),
  ];
  return `${lines.join("\n\n")}\n\n${report ? renderMarkdown(report) : ""}`;
}
