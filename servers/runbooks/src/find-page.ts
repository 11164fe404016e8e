import { BadRequest, nearest } from "@oncall-copilot/core";
import { type Section, sectionsOf, wholeSectionsOf } from "./pages/sections.ts";
import type { Shelf } from "./shelf.ts";

const same = (a: string, b: string) => a.trim().toLowerCase() === b.trim().toLowerCase();

/** The id of the page asked for by its id or title, or a {@link BadRequest} with the nearest. Never a path on disk. */
export function findPage(shelf: Shelf, asked: string): string {
  const pages = [...shelf.pages.values()].map(({ page }) => page);
  const found = pages.find((page) => same(page.id, asked)) ?? pages.find((page) => same(page.title, asked));
  if (found) return found.id;
  const near = nearest(
    asked,
    pages.flatMap((page) => [page.id, page.title]),
    3,
  );
  throw new BadRequest(`there is no runbook page "${asked.slice(0, 120)}"`, {
    tryNext: [
      ...(near.length > 0 ? [`the nearest: ${near.join(", ")}`] : []),
      "without page: the sections that fit the service and alert",
    ],
  });
}

/** What to show of a page that was asked for by name: the whole of what was named, or its sections when that is too long. */
export function askedSections(
  shelf: Shelf,
  id: string,
  name: string | undefined,
  fits: (text: string) => boolean,
): Section[] {
  const parsed = shelf.pages.get(id)?.parsed;
  if (!parsed) return [];
  const whole = wholeSectionsOf(parsed);
  const cut = sectionsOf(parsed);
  const [top] = whole;
  const wanted =
    name === undefined
      ? top
      : (whole.find((section) => same(section.name, name)) ??
        cut.find((section) => same(section.name, name)) ??
        whole.find((section) => same(section.path.at(-1) ?? "", name)));
  if (!wanted) {
    const names = [...new Set(cut.map((section) => section.name))];
    throw new BadRequest(`page ${id} has no section "${name?.slice(0, 120)}"`, {
      tryNext: [
        `its sections: ${names.slice(0, 20).join(", ")}${names.length > 20 ? `, and ${names.length - 20} more` : ""}`,
      ],
    });
  }
  if (fits(wanted.text)) return [wanted];
  const end = wanted.start + wanted.text.length;
  const inside = cut.filter((section) => section.start >= wanted.start && section.start < end);
  return inside.length > 0 ? inside : [wanted];
}
