/** What else a statement of an IAM policy says: as JSON or YAML, as Terraform, as the CDK. Elsewhere these are spelled otherwise. */
const STATEMENT =
  /(?<!\w)Effect["']?\s{0,4}:\s{0,4}["']?(?:Allow|Deny)(?!\w)|(?<!\w)statement\s{0,4}\{|(?<!\w)(?:not_)?(?:actions|resources)\s{1,20}=\s{1,4}\[|effect:\s{0,4}(?:\w{1,20}\.)?Effect\.(?:ALLOW|DENY)/;
/** How far around it is looked: a statement's id stands beside its effect and its actions. */
const AROUND = 240;
/** Session ids of fewer characters can be guessed; common frameworks make 24 and more. */
const SHORTEST_SESSION_ID = 20;

/**
 * Whether a `sid` is the id of a statement in an IAM policy by what stands around it. A value as long as a session id must
 * also be made of words, which is judged elsewhere: what stands around it is a stranger's text too.
 */
export function isStatementId(text: string, name: string, [start, end]: readonly [number, number]): boolean {
  if (!/^sid$/i.test(name) || end - start >= SHORTEST_SESSION_ID) return false;
  return STATEMENT.test(text.slice(Math.max(0, start - AROUND), end + AROUND));
}
