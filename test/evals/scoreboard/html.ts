import { FIGURE_ROWS, type Figures } from "../figures/figures.ts";
import { rateOf, type Share, shareText, wilson } from "../figures/share.ts";
import { type Board, type BoardCase, caseTable, rankingTable, saidOf, titleOf, truthOf } from "./board.ts";
import { reportLink } from "./links.ts";
import { STYLE } from "./style.ts";

/** Text in which HTML means nothing: names and sentences may quote strangers. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The scoreboard as one HTML page without scripts, the misses first. */
export function renderHtml(board: Board): string {
  const [all] = board.groups;
  const title = escapeHtml(titleOf(board));
  const missed = board.cases.filter(({ misses }) => misses.length > 0);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Scoreboard: ${title}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header><p class="kicker">Scoreboard</p><h1>${title}</h1></header>
${all ? tiles(all.figures) : ""}
<section><h2>Misses <span class="count">${missed.length}</span></h2>
${missed.length === 0 ? '<p class="quiet">None: every report is right in all that is asked of it.</p>' : missed.map(missCard).join("\n")}
</section>
<section><h2>Figures</h2>
${figures(board)}
<p class="quiet">The band is the 95 % interval (Wilson 1927), the mark the share itself. A dash: no case raises the question.</p>
</section>
${ranking(board)}
<section><h2>Cases</h2>
${cases(board.cases)}
</section>
</main>
</body>
</html>
`;
}

function tiles({ right, culprit, family, outcome, citations }: Figures): string {
  const tile = (title: string, share: Share) => {
    const rate = rateOf(share);
    const [big, small] =
      rate === null ? ["–", "not asked"] : [`${(100 * rate).toFixed(0)} %`, `${share.hits} of ${share.of}`];
    return `<div class="tile"><b>${big}</b><span>${title}</span><small>${small}</small></div>`;
  };
  return `<div class="tiles">${[
    tile("right in all", right),
    tile("culprit first", culprit.ac1),
    tile("culprit true when it names one", outcome.trusted),
    tile("family", family),
    tile("identified when it should", outcome.identified),
    tile("abstained when it should", outcome.abstained),
    tile("citations verbatim", citations.verbatim),
  ].join("")}</div>`;
}

function missCard(one: BoardCase): string {
  const { name, report, expected } = one.result;
  const right = expected.root_cause ? [expected.root_cause.service, ...expected.root_cause.accept] : [];
  const suspects = report.suspects
    .slice(0, 5)
    .map(
      (suspect) =>
        `<li${right.includes(suspect.name) ? ' class="true"' : ""}><i style="width:${(100 * suspect.score).toFixed(0)}%"></i><span>${escapeHtml(suspect.name)}</span><small>${suspect.score.toFixed(2)}</small></li>`,
    )
    .join("");
  return `<article class="miss">
<h3><a href="${reportLink(name, "report.md")}">${escapeHtml(name)}</a> ${one.misses.map((miss) => `<span class="tag">${escapeHtml(miss)}</span>`).join(" ")}</h3>
<div class="two"><dl>
<dt>true</dt><dd>${escapeHtml(truthOf(one))}</dd>
<dt>said</dt><dd>${escapeHtml(saidOf(one))}</dd>
<dt>because</dt><dd>${report.diagnosis ? escapeHtml(report.diagnosis.text) : "no sentence held up"}</dd>
<dt>report</dt><dd><a href="${reportLink(name, "report.md")}">Markdown</a> · <a href="${reportLink(name, "report.json")}">JSON</a></dd>
</dl>
<ol class="suspects">${suspects || '<li class="quiet">no suspects</li>'}</ol></div>
</article>`;
}

function band(share: Share): string {
  if (share.of === 0) return "–";
  const { low, high } = wilson(share);
  const percent = (ratio: number) => `${(100 * ratio).toFixed(1)}%`;
  return `<span class="figure">${(100 * (share.hits / share.of)).toFixed(0)} %<small>${share.hits}/${share.of}</small></span><span class="band" title="${shareText(share)}"><i style="left:${percent(low)};width:${percent(high - low)}"></i><b style="left:${percent(share.hits / share.of)}"></b></span>`;
}

function figures({ groups }: Board): string {
  const rows = FIGURE_ROWS.map((row, index) => {
    const opens = row.section !== FIGURE_ROWS[index - 1]?.section && row.section !== "";
    const head = opens
      ? `<tr class="section"><th colspan="${groups.length + 1}" scope="colgroup">${row.section}</th></tr>`
      : "";
    const cells = groups.map(({ figures: one }) => {
      const text = row.text(one);
      return `<td>${row.share ? band(row.share(one)) : escapeHtml(text === "-" ? "–" : text)}</td>`;
    });
    return `${head}<tr><th scope="row">${row.title}</th>${cells.join("")}</tr>`;
  });
  const head = groups.map(({ name }) => `<th scope="col">${escapeHtml(name.replaceAll("_", " "))}</th>`).join("");
  return `<div class="scroll"><table><thead><tr><td></td>${head}</tr></thead><tbody>${rows.join("\n")}</tbody></table></div>`;
}

function ranking({ rankings }: Board): string {
  if (rankings.report.length === 0) return "";
  const { head, rows } = rankingTable(rankings);
  return `<section><h2>The ranking by itself</h2>${table(
    head,
    rows.map((row) => row.map(escapeHtml)),
  )}<p class="quiet">The naive bar ranks by the largest (x − median before) / IQR before of any signal.</p></section>`;
}

function cases(all: readonly BoardCase[]): string {
  const { head, rows } = caseTable(all);
  return table(
    head,
    rows.map(([name = "", ...rest]) => [
      `<a href="${reportLink(name, "report.md")}">${escapeHtml(name)}</a>`,
      ...rest.map((cell) => (cell === "NO" ? '<strong class="no">no</strong>' : escapeHtml(cell === "-" ? "–" : cell))),
    ]),
  );
}

/** Cells are HTML already. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
  return `<div class="scroll"><table class="plain"><thead><tr>${head.map((cell) => `<th scope="col">${escapeHtml(cell)}</th>`).join("")}</tr></thead><tbody>${rows.map(line).join("\n")}</tbody></table></div>`;
}
