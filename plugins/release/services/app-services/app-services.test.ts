import { describe, expect, it } from 'vitest';
import type { ServiceReleaseState } from '../../api.ts';
import { type AppServiceState, stateOf } from './app-services.ts';

describe('how an app service stands with its releases', () => {
  it.each<[string, ServiceReleaseState | null, boolean, boolean, AppServiceState]>([
    ['nothing was released', null, false, false, 'PENDING_DEPLOY'],
    ['its first release is planned', 'READY', true, false, 'RELEASING'],
    ['a release is under way', 'GROUPS', true, true, 'RELEASING'],
    ['one waits for a confirmation', 'PAUSED', true, true, 'RELEASING'],
    ['one goes back', 'ROLLING_BACK', true, true, 'RELEASING'],
    ['one has succeeded', 'SUCCEEDED', false, true, 'RELEASE_SUCCEEDED'],
    ['one has failed', 'FAILED', true, true, 'RELEASE_FAILED'],
    ['its first has failed', 'FAILED', true, false, 'RELEASE_FAILED'],
    ['going back has failed', 'ROLLBACK_FAILED', true, true, 'RELEASE_FAILED'],
    ['one was cancelled, and another version runs', 'CANCELLED', false, true, 'RELEASE_SUCCEEDED'],
    ['its first was cancelled', 'CANCELLED', false, false, 'PENDING_DEPLOY'],
    ['it was taken back to nothing', 'ROLLED_BACK', false, false, 'PENDING_DEPLOY'],
    ['it was taken back to what ran before', 'ROLLED_BACK', false, true, 'RELEASE_SUCCEEDED'],
  ])('is told where %s (REL-16)', (_where, lastReleaseState, isTaken, isRunning, expected) => {
    const service = {
      lastReleaseState,
      releaseUuid: isTaken ? 'r' : null,
      currentVersionUuid: isRunning ? 'v' : null,
      deletionRequestedAt: null,
    };
    expect(stateOf(service)).toBe(expected);
    expect(stateOf({ ...service, deletionRequestedAt: new Date(0) })).toBe('DELETING');
  });
});
