/**
 * Whether a path fits a glob: `*` and `?` stay within one part, `**` stands for any number of parts. Everything else is
 * meant literally. Takes time proportional to path times glob, whatever they hold.
 */
export function matchesGlob(path: string, glob: string): boolean {
  return matchParts(path.split("/"), glob.split("/"));
}

function matchParts(path: readonly string[], glob: readonly string[]): boolean {
  // reach[j]: the first j parts of the glob fit the parts of the path read so far.
  let reach = glob.map(() => false);
  reach.unshift(true);
  const passDoubleStars = (row: boolean[]) => {
    for (const [j, part] of glob.entries()) if (part === "**" && row[j]) row[j + 1] = true;
  };
  passDoubleStars(reach);
  for (const name of path) {
    const row = [
      false,
      ...glob.map((part, j) => (part === "**" ? reach[j + 1] === true : reach[j] === true && fits(name, part))),
    ];
    passDoubleStars(row);
    reach = row;
  }
  return reach[glob.length] === true;
}

/** One part: greedy with one step back, so linear in practice and quadratic at worst. */
function fits(name: string, part: string): boolean {
  let [i, j, star, mark] = [0, 0, -1, 0];
  while (i < name.length) {
    if (part[j] === "*") {
      star = j++;
      mark = i;
    } else if (part[j] === "?" || (j < part.length && part[j] === name[i])) {
      i++;
      j++;
    } else if (star >= 0) {
      j = star + 1;
      i = ++mark;
    } else return false;
  }
  while (part[j] === "*") j++;
  return j === part.length;
}
