import { checkText, type TextRule, type ValidationIssue } from 'longshore/sdk';

type Given<T> = T | null | undefined;

export interface AlarmPolicyInput {
  readonly displayName?: Given<string>;
  readonly metric?: Given<string>;
  readonly threshold?: Given<number>;
  readonly durationSeconds?: Given<number>;
  readonly quietSeconds?: Given<number>;
  readonly eventReasons?: Given<readonly string[]>;
  readonly webhookUrl?: Given<string>;
}

const name: TextRule = {
  min: 1,
  max: 128,
  pattern: '^[^\\p{Cc}\\p{Zl}\\p{Zp}\\p{Cs}]*$',
  says: 'one line without control characters',
  examples: ['CPU of the shop', '告警'],
};
/** Longest time that a condition may have to hold, or that it is quiet between two alarms. */
const daySeconds = 86_400;
const mostReasons = 50;

/** What is wrong with a policy by itself (CMP-64). Whether its webhook may be called is seen when it is. */
export function checkAlarmPolicy(input: AlarmPolicyInput): readonly ValidationIssue[] {
  const { displayName, threshold, durationSeconds, quietSeconds, eventReasons, webhookUrl, metric } = input;
  const issues: ValidationIssue[] = [];
  const refuse = (field: string, code: string, message: string) => issues.push({ path: [field], code, message });
  if (typeof displayName === 'string') issues.push(...checkText(name, 'displayName', displayName));
  if (typeof threshold === 'number' && !(Number.isFinite(threshold) && threshold >= 0 && threshold <= 1e15)) {
    refuse('threshold', 'out_of_range', `threshold must be 0 to 1e15, got ${threshold}`);
  }
  const seconds = { durationSeconds, quietSeconds };
  for (const [field, value] of Object.entries(seconds)) {
    if (typeof value !== 'number' || (value >= 0 && value <= daySeconds)) continue;
    refuse(field, 'out_of_range', `${field} must be 0 to ${daySeconds}, got ${value}`);
  }
  if (metric === 'WARNING_EVENTS' && typeof durationSeconds === 'number' && durationSeconds < 60) {
    refuse(
      'durationSeconds',
      'too_small',
      `durationSeconds must be 60 at least to count events in, got ${durationSeconds}`,
    );
  }
  if (eventReasons && eventReasons.length > 0 && metric !== undefined && metric !== 'WARNING_EVENTS') {
    refuse('eventReasons', 'not_allowed', 'eventReasons are for the metric WARNING_EVENTS alone');
  }
  if (
    eventReasons &&
    (eventReasons.length > mostReasons || eventReasons.some((each) => each.length === 0 || each.length > 128))
  ) {
    refuse('eventReasons', 'out_of_range', `eventReasons must be up to ${mostReasons} words of 1 to 128 characters`);
  }
  if (webhookUrl) issues.push(...checkWebhook(webhookUrl));
  return issues;
}

function checkWebhook(text: string): readonly ValidationIssue[] {
  const url = URL.parse(text);
  const says =
    text.length > 2_048
      ? 'must have up to 2048 characters'
      : !url || (url.protocol !== 'https:' && url.protocol !== 'http:')
        ? 'must be an address that begins with https:// or http://'
        : url.username !== '' || url.password !== ''
          ? 'must not carry a user name or password'
          : undefined;
  return says === undefined ? [] : [{ path: ['webhookUrl'], code: 'invalid_url', message: `webhookUrl ${says}` }];
}
