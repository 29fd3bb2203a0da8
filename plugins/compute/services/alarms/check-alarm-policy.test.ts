import { describe, expect, it } from 'vitest';
import { type AlarmPolicyInput, checkAlarmPolicy } from './check-alarm-policy.ts';

const good: AlarmPolicyInput = { displayName: 'CPU', metric: 'CPU_MILLICORES', threshold: 80, durationSeconds: 60 };

describe('checkAlarmPolicy', () => {
  it('takes what can be looked at (CMP-64)', () => {
    expect(checkAlarmPolicy({ ...good, webhookUrl: 'https://alarms.example/hook?x=1' })).toEqual([]);
  });

  it.each<[string, AlarmPolicyInput]>([
    ['displayName', { displayName: '' }],
    ['displayName', { displayName: 'a\nb' }],
    ['threshold', { threshold: -1 }],
    ['threshold', { threshold: Number.POSITIVE_INFINITY }],
    ['durationSeconds', { durationSeconds: 86_401 }],
    ['durationSeconds', { metric: 'WARNING_EVENTS', durationSeconds: 5 }],
    ['quietSeconds', { quietSeconds: -1 }],
    ['eventReasons', { eventReasons: ['BackOff'] }],
    ['eventReasons', { metric: 'WARNING_EVENTS', eventReasons: [''] }],
    ['webhookUrl', { webhookUrl: 'ftp://alarms.example' }],
    ['webhookUrl', { webhookUrl: 'https://user:secret@alarms.example' }],
    ['webhookUrl', { webhookUrl: 'nothing' }],
  ])('refuses a bad %s: %o (refused, bad input, CMP-64)', (field, input) => {
    expect(checkAlarmPolicy({ ...good, ...input }).map(({ path }) => path)).toEqual([[field]]);
  });
});
