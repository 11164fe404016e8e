import { childOf, type Element, findBelow, isElement, plainTextOf } from "./tree.ts";
import type { PagePlace, Writer } from "./writer.ts";

/** Where people see a page that is known by its title. Both Cloud and Data Center lead on from there. */
export const pageAddress = (base: string, space: string, title: string): string =>
  `${base}/display/${encodeURIComponent(space)}/${encodeURIComponent(title).replace(/%20/g, "+")}`;

/** The page that such an address is of; undefined for other addresses. */
export function pageOfAddress(base: string, address: string): { space: string; title: string } | undefined {
  const prefix = `${base}/display/`;
  if (!address.startsWith(prefix)) return undefined;
  const [space = "", title = ""] = address.slice(prefix.length).replace(/#.*$/s, "").split("/");
  try {
    return { space: decodeURIComponent(space), title: decodeURIComponent(title.replace(/\+/g, "%20")) };
  } catch {
    return undefined;
  }
}

/** A link or an image in Markdown. A picture is its name: what it shows cannot be quoted. */
export function linkText(element: Element, writer: Writer): string {
  if (element.name === "ac:image") return image(element, writer);
  if (element.name === "a") {
    const words = writer.inline(element.children).trim();
    return linked(words, absolute(element.attributes["href"] ?? "", writer.place));
  }
  const plain = childOf(element, "ac:plain-text-link-body");
  const rich = childOf(element, "ac:link-body");
  const words = plain ? plainTextOf(plain).trim() : rich ? writer.inline(rich.children).trim() : "";
  const { name, address } = targetOf(element, writer.place);
  if (address !== undefined) return linked(words || name, address);
  return words === "" || words === name ? name : `${words} (${name})`;
}

function linked(words: string, address: string | undefined): string {
  if (address === undefined || address === "") return words;
  const safe = address.replace(/[\s()<>]/g, (character) => `%${character.charCodeAt(0).toString(16).padStart(2, "0")}`);
  return words === "" || words === address ? `<${safe}>` : `[${words.replace(/\n/g, " ")}](${safe})`;
}

/** Undefined for what is no address of the web or of mail. */
function absolute(href: string, { base }: PagePlace): string | undefined {
  if (href.startsWith("#")) return href;
  if (!URL.canParse(href, base)) return undefined;
  const url = new URL(href, `${base}/`);
  return ["http:", "https:", "mailto:"].includes(url.protocol) ? (URL.canParse(href) ? href : url.href) : undefined;
}

/** What an `ac:link` leads to, by its resource identifier. */
function targetOf(link: Element, { base, space }: PagePlace): { name: string; address?: string } {
  const anchor = link.attributes["ac:anchor"];
  const hash = anchor === undefined ? "" : `#${encodeURIComponent(anchor)}`;
  const resource = link.children.filter(isElement).find(({ name }) => name.startsWith("ri:"));
  const say = (attribute: string) => resource?.attributes[attribute] ?? "";
  switch (resource?.name) {
    case "ri:page": {
      const title = say("ri:content-title");
      const address = title === "" ? hash : `${pageAddress(base, say("ri:space-key") || space, title)}${hash}`;
      return { name: title || (anchor ?? ""), address };
    }
    case "ri:blog-post":
      return { name: say("ri:content-title") };
    case "ri:attachment":
      return { name: `attachment ${say("ri:filename")}` };
    case "ri:user":
      return { name: `@${say("ri:username") || say("ri:account-id") || say("ri:userkey")}` };
    case "ri:space":
      return { name: say("ri:space-key"), address: `${base}/display/${encodeURIComponent(say("ri:space-key"))}` };
    case "ri:url":
      return { name: say("ri:value"), address: say("ri:value") };
    case undefined:
      return { name: anchor ?? "", ...(hash === "" ? {} : { address: hash }) };
    default:
      return { name: Object.values(resource?.attributes ?? {}).join(" ") };
  }
}

function image(element: Element, writer: Writer): string {
  const resource = findBelow(element, ["ri:attachment", "ri:url"]);
  const name = resource?.attributes["ri:filename"] ?? resource?.attributes["ri:value"] ?? "image";
  const words = element.attributes["ac:alt"] || name;
  const caption = childOf(element, "ac:caption");
  const below = caption ? ` ${writer.inline(caption.children).trim()}` : "";
  return `![${words}](${encodeURI(name).replace(/[()]/g, (c) => (c === "(" ? "%28" : "%29"))})${below}`;
}
