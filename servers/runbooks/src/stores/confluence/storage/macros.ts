import { briefly } from "@oncall-copilot/core";
import { childOf, type Element, findBelow, parametersOf, plainTextOf } from "./tree.ts";
import { fenced, labelled, type Writer } from "./writer.ts";

/** Boxes whose colour says something: so do these words. */
const BOXES: Readonly<Record<string, string>> = { info: "Info", tip: "Tip", note: "Note", warning: "Warning" };
/** What only arranges or hides its body. */
const PLAIN = new Set([
  "panel",
  "expand",
  "section",
  "column",
  "details",
  "excerpt",
  "toc-zone",
  "div",
  "span",
  "ui-expand",
]);
/** Of plain text as it is. */
const CODE = new Set(["code", "noformat"]);
/** Made from what is elsewhere on the page, or not seen at all. */
const SILENT = new Set(["toc", "anchor", "create-from-template", "recently-updated-dashboard"]);
const RESOURCES = ["ri:page", "ri:attachment", "ri:url", "ri:space"];
/** Longest account of a macro that cannot be shown. */
const LONGEST = 200;

const nameOf = (macro: Element): string => macro.attributes["ac:name"] ?? "";

/** Whether it takes lines of its own. */
export const isBlockMacro = (macro: Element): boolean =>
  childOf(macro, "ac:rich-text-body", "ac:plain-text-body") !== undefined;

/** A macro with a body. What Confluence makes of it is not known, so the body is kept, and the macro's name where it matters. */
export function blockMacro(macro: Element, writer: Writer): string[] {
  const name = nameOf(macro);
  const parameters = parametersOf(macro);
  const title = parameters.get("title") ?? "";
  const plain = childOf(macro, "ac:plain-text-body");
  if (plain) {
    const language = name === "code" ? (parameters.get("language") ?? "") : CODE.has(name) ? "" : name;
    return [...(title === "" ? [] : [`**${title}**`]), fenced(plainTextOf(plain), language)];
  }
  const body = writer.blocks(childOf(macro, "ac:rich-text-body")?.children ?? []);
  const box = BOXES[name];
  if (box !== undefined) return labelled(title === "" ? `**${box}:**` : `**${box}: ${title}**`, body);
  if (PLAIN.has(name)) return title === "" ? body : [`**${title}**`, ...body];
  return [`[macro ${name}${title === "" ? "" : `: ${title}`}]`, ...body];
}

/** A macro without a body: what it stands for, or that something is not shown. */
export function inlineMacro(macro: Element, writer: Writer): string {
  const name = nameOf(macro);
  if (SILENT.has(name)) return "";
  const parameters = parametersOf(macro);
  if (name === "status") return parameters.get("title") ?? "";
  if (name === "jira" && parameters.has("key")) return parameters.get("key") ?? "";
  const resource = findBelow(macro, RESOURCES);
  const target = resource ? Object.values(resource.attributes).join(" ") : "";
  if (name === "include" || name === "excerpt-include") return `[what the page "${target}" says is included here]`;
  const given = [...parameters].filter(([, value]) => value !== "").map(([key, value]) => `${key}=${value}`);
  const about = [target, ...given].filter((part) => part !== "").join(", ");
  const told = briefly(about, LONGEST);
  return writer.inline([`[macro ${name}${told === "" ? "" : `: ${told}`}]`]);
}
