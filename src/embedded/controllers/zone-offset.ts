const minuteMs = 60_000;
/** Formats are costly to make and there are few zones; the oldest goes when there are very many. */
const formats = new Map<string, Intl.DateTimeFormat>();
const rememberedZones = 256;

/** By how many milliseconds clocks in the zone are ahead of UTC at this time. Throws on a zone that is none. */
export function zoneOffsetMs(timeMs: number, timeZone: string): number {
  const name = formatOf(timeZone)
    .formatToParts(timeMs)
    .find(({ type }) => type === 'timeZoneName')?.value;
  const [, sign, hours, minutes = '0', seconds = '0'] = /^GMT([+-])(\d+):(\d+)(?::(\d+))?$/.exec(name ?? '') ?? [];
  if (hours === undefined) return 0;
  const offsetMs = (Number(hours) * 60 + Number(minutes)) * minuteMs + Number(seconds) * 1000;
  return sign === '-' ? -offsetMs : offsetMs;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  formats.set(timeZone, format);
  const oldest = formats.size > rememberedZones ? formats.keys().next().value : undefined;
  if (oldest !== undefined) formats.delete(oldest);
  return format;
}
