/** Who makes the anchors: GitHub, Confluence Cloud, or Confluence Data Center. */
export type AnchorStyle = "github" | "confluence-cloud" | "confluence-data-center";

/** Lower-case, letters, digits, hyphens and underscores, a hyphen for each space. */
const github = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replace(/\s/g, "-");

/**
 * The anchors of a page's headings, asked for in the order of the page: whichever of them repeats is numbered.
 * https://confluence.atlassian.com/doc/links-776656293.html says how Data Center joins the page's title and the heading.
 */
export function anchorMaker(style: AnchorStyle, title: string): (heading: string) => string {
  const seen = new Map<string, number>();
  const plain = (heading: string): string => {
    if (style === "github") return github(heading);
    if (style === "confluence-cloud") return heading.trim().replace(/\s+/g, "-");
    return `${title}-${heading}`.replace(/\s+/g, "");
  };
  return (heading) => {
    const anchor = plain(heading);
    const times = seen.get(anchor) ?? 0;
    seen.set(anchor, times + 1);
    return times === 0 ? anchor : `${anchor}${style === "github" ? "-" : "."}${times}`;
  };
}
