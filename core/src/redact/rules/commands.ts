import { matches, type Rule } from "../rule.ts";
import { isSecretValue } from "./values.ts";

/** Flags that mean a password only with certain commands before them on the line. */
const FLAGS: readonly (readonly [command: RegExp, flag: RegExp])[] = [
  [/(?<![\w-])(?:mysql|mysqldump|mysqladmin|mariadb)\b/, /\s-p(?<secret>[^\s'"=-][^\s'"]{2,100})/dg],
  [/(?<![\w-])sshpass$/, /\s-p\s{0,4}["']?(?<secret>[^\s'"-][^\s'"]{2,200})/dg],
  [/(?<![\w-])redis-cli\b/, /\s-a\s{1,4}["']?(?<secret>[^\s'"-][^\s'"]{2,200})/dg],
  [
    /(?<![\w-])(?:docker|podman|helm registry|az|oc)\s{1,4}login\b/,
    /\s-p\s{0,4}["']?(?<secret>[^\s'"-][^\s'"]{2,200})/dg,
  ],
  [/(?<![\w-])curl\b/, /\s(?:-u|--user)[ =]{1,4}["']?[^\s:'"]{1,100}:(?<secret>[^\s'"]{3,200})/dg],
  [/(?<![\w-])htpasswd$/, /\s-\w{0,4}b\w{0,4}\s{1,4}\S{1,200}\s{1,4}\S{1,100}\s{1,4}["']?(?<secret>[^\s"']{3,200})/dg],
];
const LONGEST_COMMAND = 400;

/** Passwords among a command's arguments: `mysql -uroot -p…`, `curl -u ci:…`. */
export const commands: Rule = function* (text) {
  for (const [command, flag] of FLAGS) {
    for (const match of matches(text, flag)) {
      const before = text.slice(Math.max(0, match.index - LONGEST_COMMAND), match.index);
      if (!command.test(before.slice(before.lastIndexOf("\n") + 1))) continue;
      const [start, end] = match.indices?.groups?.secret ?? [0, 0];
      const place = { quoted: false, structural: true, strong: true, code: false, kind: "password" };
      if (isSecretValue(text.slice(start, end), place)) yield { start, end, kind: "password" };
    }
  }
};
