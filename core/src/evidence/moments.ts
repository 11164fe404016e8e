/** A date, a time of day, or both, as they stand in a text. */
export interface Moment {
  readonly said: string;
  readonly date: string | undefined;
  /** Undefined for a date alone. */
  readonly time: Time | undefined;
}

interface Time {
  /** Of the day, 0 or more. */
  readonly minutes: number;
  readonly seconds: string | undefined;
  readonly fraction: string;
  /** Minutes east of UTC; undefined when no zone is given; a name when it is one whose offset depends on the date. */
  readonly zone: number | string | undefined;
}

const ZONES = "UTC|GMT|W?CES?T|EES?T|WES?T|[ECMP][SD]T|BST|IST|JST|KST|SGT|AE[SD]T";
const DATE = String.raw`(?<![\p{L}\p{N}])(\d{4}-\d{2}-\d{2})(?!\d)`;
const CLOCK = String.raw`(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?`;
const ZONE = String.raw`(?: ?([Zz]|${ZONES}|[ap]m)(?![\p{L}\p{N}])|([+]\d{2}|(?<=:\d{2}:\d{2}(?:[.,]\d{1,9})?)-\d{2}):?(\d{2}))?`;
// In 10:02-10:06 the second is no offset: west of UTC, an offset follows seconds. A time stands on its own, behind its date, or behind nginx's `01/Mar/2026:`; the 12:19 of `offers.js:12:19` is none.
const TIME = new RegExp(
  String.raw`(?:${DATE}(?:[Tt]|,? {1,3}(?:at )?)|(?<=/\d{4}:)|(?<![\p{L}\p{N}:.]))${CLOCK}${ZONE}(?!\p{N}|:[\p{L}\p{N}])|${DATE}`,
  "gu",
);

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const MONTH = `(${MONTHS.join("|")})[a-z]{0,6}`;
const DAY = String.raw`(\d{1,2})(?:st|nd|rd|th)?`;
const YEAR = String.raw`(?:,?[\s/](\d{4}))?(?!\d)`;
const WRITTEN_DATE = new RegExp(
  String.raw`\b(?:${DAY}(?:\sof)?[\s/]${MONTH}|${MONTH}\s{1,2}${DAY}(?!\d|[:.]\d))${YEAR}`,
  "gi",
);

/** Takes the moments out of a text: neither the 58 of 09:58 nor the 2026 of a date is a figure. */
export function takeMoments(text: string): { readonly moments: readonly Moment[]; readonly rest: string } {
  const moments: Moment[] = [];
  const rest = text
    .replace(TIME, (said, day, hour, minute, second, fraction, zone, offset, offsetMinutes, date) => {
      const time =
        hour === undefined ? undefined : readTime(hour, minute, second, fraction, zone, offset, offsetMinutes);
      moments.push({ said: said.trim(), date: day ?? date, time });
      return " \n ";
    })
    .replace(WRITTEN_DATE, (said, day1, month1, month2, day2, year) => {
      const month = MONTHS.indexOf(String(month1 ?? month2).toLowerCase()) + 1;
      const ending = `-${String(month).padStart(2, "0")}-${String(day1 ?? day2).padStart(2, "0")}`;
      moments.push({ said, date: `${year ?? ""}${ending}`, time: undefined });
      return " \n ";
    });
  return { moments, rest };
}

type Part = string | undefined;

function readTime(
  hour: string,
  minute: string,
  seconds: Part,
  fraction: Part,
  zone: Part,
  sign: Part,
  rest: Part,
): Time {
  const pm = zone === "pm" && Number(hour) < 12 ? 720 : 0;
  const minutes = Number(hour) * 60 + Number(minute) + pm;
  const offset = sign === undefined ? undefined : Number(sign) * 60 + (sign.startsWith("-") ? -1 : 1) * Number(rest);
  const named = zone === undefined || zone === "am" || zone === "pm" ? undefined : zone;
  const utc = named !== undefined && /^(?:z|utc|gmt)$/i.test(named);
  return { minutes, seconds, fraction: (fraction ?? "").replace(/0{1,9}$/, ""), zone: offset ?? (utc ? 0 : named) };
}

/** Whether a claimed moment is a quoted one, perhaps told less finely: 09:58 for 2026-03-01T09:58:15Z. */
export function sameMoment(claimed: Moment, quoted: Moment): boolean {
  const { time, date } = claimed;
  if (!time) return quoted.date !== undefined && date !== undefined && sameDate(date, quoted.date);
  if (!quoted.time) return false;
  // A zone that the quote does not say is UTC, which all our own times are in.
  const from = quoted.time.zone ?? 0;
  const to = time.zone ?? from;
  const shift = typeof from === "number" && typeof to === "number" ? to - from : undefined;
  if (shift === undefined && from !== to) return false;
  const shifted = quoted.time.minutes + (shift ?? 0);
  if (mod(shifted, 1440) !== mod(time.minutes, 1440)) return false;
  if (date !== undefined && quoted.date !== undefined && !sameDate(date, dayAfter(quoted.date, shifted))) return false;
  if (date !== undefined && quoted.date === undefined) return false;
  if (time.seconds === undefined) return true;
  return time.seconds === quoted.time.seconds && quoted.time.fraction.startsWith(time.fraction);
}

/** A moment as seconds since the epoch, or of its day when no date is given; undefined for a date alone. */
export function secondsOf({ date, time }: Moment): number | undefined {
  if (!time) return undefined;
  const day = date === undefined ? 0 : Date.parse(`${date}T00:00:00Z`) / 1000;
  if (Number.isNaN(day) || typeof time.zone === "string") return undefined;
  return day + (time.minutes - (time.zone ?? 0)) * 60 + Number(time.seconds ?? 0);
}

const mod = (value: number, by: number) => ((value % by) + by) % by;

/** A date without its year, `-03-01`, is that day of any year; a quoted one too, since logs leave the year out. */
function sameDate(claimed: string, quoted: string): boolean {
  return (
    claimed === quoted ||
    ((claimed.startsWith("-") || quoted.startsWith("-")) && claimed.slice(-6) === quoted.slice(-6))
  );
}

function dayAfter(date: string, minutes: number): string {
  const start = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(start)
    ? date
    : new Date(start + Math.floor(minutes / 1440) * 86_400_000).toISOString().slice(0, 10);
}
