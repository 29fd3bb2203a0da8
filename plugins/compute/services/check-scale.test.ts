import { describe, expect, it } from 'vitest';
import { profileNamed } from '../testing/profile-named.ts';
import { checkReplicas } from './check-scale.ts';

describe('checkReplicas', () => {
  it.each([
    ['default', 0],
    ['default', 1_000],
    ['csk', 1],
    ['csk', 100],
    ['ecs', 101],
  ])('takes by the profile %s %i (CMP-78, CON-01)', (name, replicas) => {
    expect(checkReplicas(replicas, profileNamed(name))).toEqual([]);
  });
  it.each([
    ['default', -1, 'too_small', "replicas must be 0 to 1000 by the profile 'default', got -1"],
    ['default', 1_001, 'too_big', "replicas must be 0 to 1000 by the profile 'default', got 1001"],
    ['ecs', 2_147_483_647, 'too_big', "replicas must be 0 to 1000 by the profile 'ecs', got 2147483647"],
    ['csk', 0, 'too_small', "replicas must be 1 to 100 by the profile 'csk', got 0"],
    ['csk', 101, 'too_big', "replicas must be 1 to 100 by the profile 'csk', got 101"],
  ])('refuses by the profile %s %i (CMP-78, CON-01, refused)', (name, replicas, code, message) => {
    expect(checkReplicas(replicas, profileNamed(name))).toEqual([{ path: ['replicas'], code, message }]);
  });
});
