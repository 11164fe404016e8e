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
