/** What `oncall --help` prints. */
export const USAGE = `oncall - triage an alert with checked citations

Usage:
  oncall triage ALERT.json [--recording DIR] [--engine claude|rules] [--out DIR] [--follow] [--json]
  oncall serve [--recording DIR] [--engine claude|rules]
  oncall cases [--json]
  oncall cases prune
  oncall case ID [--json]
  oncall case ID approve|reject|edit --head SHA [--reason REASON] [--words TEXT] [--edits FILE.json | --revert SHA]
  oncall cases export [--out FOLDER|s3://BUCKET/PREFIX] [--format ndjson|parquet]
  oncall stats [--format text|json|html]
  oncall runbooks [--format md|csv]
  oncall demo [--engine claude|rules] [--out DIR]
  oncall doctor [--service NAME] [--json]
  oncall verify DIR/report.json [--public-key FILE]
  oncall verify --live DIR/report.json [--recording DIR]
  oncall audit verify DIR/audit.jsonl [--public-key FILE]
  oncall key [rotate]
  oncall audit verify --case ID
  oncall recording check DIR

Commands:
  triage            one alert to a verified report; ALERT.json is what Alertmanager, Mimir, Grafana, PagerDuty (v3),
                    EventBridge, SNS, SQS or a CloudWatch alarm's own action sends, - for standard input
  serve             take alerts in over HTTP, on loopback unless ONCALL_LISTEN says otherwise; each door opens with its
                    credential (ONCALL_ALERT_TOKENS, ONCALL_GRAFANA_SECRETS, ONCALL_SNS_TOPICS, ONCALL_PAGERDUTY_SECRETS)
  cases             the newest cases, a line each (ONCALL_CASES or ONCALL_CASES_TABLE says where they are kept)
  cases prune       remove what has been kept for long enough: cases whole, and clones and local forks of those that ended
  case ID           one case: its alerts, looks, decisions and report
  case ID approve   what the buttons do, for whoever ONCALL_APPROVERS names as shell:NAME; --head is the commit that you read,
                    --reason is wrong_cause, right_cause_wrong_fix, no_incident, known or other
  cases export      cases whose alerts have cleared, in the history's columns: what was proposed, decided and merged, and whether it held
  stats             how many cases, how fast, approved, edited and rejected why, wrong causes, dollars; by team and month
  runbooks          the pages to mend: those that cases met and that looked out of date, most met first
  demo              the same on a recorded incident, with no key and no network
  doctor            check the whole set-up: every backend reachable, authenticated, with the right data, and what its
                    credential could do beyond reading; changes nothing and asks no model
  verify            check every citation of a report again, offline; a changed byte fails
  key               print the public key that reports and audit heads are signed with, and those of before; rotate makes
                    a new one
  audit verify      check the hash chain of an audit log, or of a case in the store
  recording check   check a folder against the recording format

Options:
  --recording DIR   answer from a recording instead of live backends
  --engine NAME     claude or rules; default: claude when ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL or Bedrock is
                    configured, else rules (no model)
  --out DIR         where report.json, report.md, pull-request.diff and audit.jsonl go; default: oncall-out/INCIDENT
  --as-of TIME      the moment to stand for (RFC 3339); default: a recording's alert plus 5 minutes, else now
  --follow          look again until it is settled: 30 s, 1, 2 and 5 minutes after the alert; prints the message of each look.
                    A recording's looks follow one another at once, the first 10 s after its alert unless --as-of says
  --transport KIND  child (default; a process each) or in-process
  --service NAME    doctor: a service of the catalog that must have data; default: each server picks one that has
  --public-key FILE verify, audit verify: check as somebody outside would, with nothing but the public key
  --json            print report.json (doctor: the findings) on stdout instead of the message
  --format KIND     cases export, stats, runbooks: see their lines above
  --quiet           no progress on stderr
  --version, --help

Exit codes: 0 done; 1 failed; 2 wrong usage, configuration or alert; 3 what was checked does not check out, or the
doctor found a failure;
4 a report was made, but neither metrics, logs nor changes could be seen.
`;
