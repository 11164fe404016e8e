/** Everything in it that shows as nothing, reorders what is around it or moves a cursor: a reader must be told of it. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\u{115f}\u{1160}\u{3164}\u{ffa0}]|[\u{fe00}-\u{fe0f}\u{e0100}-\u{e01ef}]/gu;

/** What strangers wrote, as it shows: what would not is spelled out as `\u{200b}`. Line ends and tabs stay. */
export function visible(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(HIDDEN, (character) => {
    if (character === "\n" || character === "\t") return character;
    return `\\u{${character.codePointAt(0)?.toString(16) ?? ""}}`;
  });
}

/** The same on one line. */
export const visibleLine = (text: string): string => visible(text.replace(/\s+/g, " ").trim());

/** For text that Slack reads as mrkdwn: the three characters by which mentions, links and dates begin mean nothing afterwards. */
export const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** Cut at the end of a word, with `…` where something is missing. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  const head = text.slice(0, most - 1);
  const end = head.lastIndexOf(" ");
  return `${(end > most / 2 ? head.slice(0, end) : head).replace(/[\ud800-\udbff]$/, "").replace(/[\s,;:.]+$/, "")}…`;
}

/** A web address, or undefined: nothing else may become a link. */
export function webLink(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  if ((url.protocol !== "https:" && url.protocol !== "http:") || url.username !== "" || url.password !== "")
    return undefined;
  return url.href.length <= 2_000 ? url.href : undefined;
}
