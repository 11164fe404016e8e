/** The scoreboard's look: light and dark, no fonts or images from anywhere. */
export const STYLE = `
:root { color-scheme: light dark;
  --paper: light-dark(#f7f7f5, #14161a); --card: light-dark(#fff, #1c1f25); --ink: light-dark(#1b1e24, #e7e9ed);
  --quiet: light-dark(#666c77, #9aa1ad); --line: light-dark(#e3e4e1, #2d323b); --accent: light-dark(#0b6bcb, #6cb2ff);
  --band: light-dark(#c3d9f1, #274667); --bad: light-dark(#b3261e, #ff8b82); --bad-paper: light-dark(#fdecea, #3a1f1f);
  --good: light-dark(#1b7f4b, #67d39b); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, "DejaVu Sans", sans-serif; }
main { max-width: 76rem; margin: 0 auto; padding: 2.5rem 1.5rem 5rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0; }
h2 { font-size: 1.1rem; margin: 2.75rem 0 .9rem; }
h3 { font-size: 1rem; margin: 0 0 .6rem; display: flex; flex-wrap: wrap; gap: .4rem .5rem; align-items: center; }
a { color: var(--accent); text-decoration: none; } a:hover { text-decoration: underline; }
.kicker { margin: 0 0 .25rem; color: var(--quiet); font-size: .8rem; letter-spacing: .08em; text-transform: uppercase; }
.count { background: var(--line); border-radius: 1rem; padding: .05rem .55rem; font-size: .85rem; font-weight: 500; }
.quiet { color: var(--quiet); font-size: .87rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.2rem, 1fr)); gap: .75rem; margin-top: 1.5rem; }
.tile, .miss, .scroll { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; }
.tile { padding: .85rem 1rem; display: flex; flex-direction: column; }
.tile b { font-size: 1.55rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.tile span { font-size: .87rem; } .tile small { color: var(--quiet); margin-top: auto; }
.miss { padding: 1rem 1.2rem; margin-bottom: .75rem; border-left: 4px solid var(--bad); }
.tag { background: var(--bad-paper); color: var(--bad); border-radius: .3rem; padding: .05rem .45rem; font-size: .78rem; font-weight: 500; }
.two { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 1.5rem; }
@media (max-width: 48rem) { .two { grid-template-columns: 1fr; gap: .75rem; } }
dl { margin: 0; display: grid; grid-template-columns: max-content 1fr; gap: .2rem .9rem; font-size: .9rem; align-content: start; }
dt { color: var(--quiet); } dd { margin: 0; overflow-wrap: anywhere; }
.suspects { list-style: none; margin: 0; padding: 0; font-size: .87rem; }
.suspects li { position: relative; display: flex; justify-content: space-between; gap: 1rem; padding: .12rem .5rem; margin-bottom: .2rem; }
.suspects i { position: absolute; inset: 0 auto 0 0; background: var(--line); border-radius: .25rem; min-width: 2px; }
.suspects .true i { background: var(--band); } .suspects .true span::after { content: " ✓"; color: var(--good); }
.suspects span, .suspects small { position: relative; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .88rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .38rem .9rem; border-top: 1px solid var(--line); vertical-align: middle; white-space: nowrap; }
thead th, thead td { border-top: 0; color: var(--quiet); font-weight: 500; }
tbody th { font-weight: 400; }
.section th { font-weight: 600; padding-top: .9rem; text-transform: capitalize; }
.section + tr th, .section + tr td { border-top: 0; }
.figure { display: inline-block; min-width: 5.8rem; } .figure small { color: var(--quiet); margin-left: .45rem; }
.band { position: relative; display: inline-block; width: 5.5rem; height: .5rem; background: var(--line); border-radius: .25rem; }
.band i { position: absolute; top: 0; bottom: 0; background: var(--band); border-radius: .25rem; }
.band b { position: absolute; top: -.15rem; bottom: -.15rem; width: 2px; margin-left: -1px; background: var(--accent); }
.no { color: var(--bad); }
`;
