import { describe, expect, it } from 'vitest';
import { makeConfigMap } from '../../testing/make-objects.ts';
import { profileNamed } from '../../testing/profile-named.ts';
import { environmentKeysOf } from './environment-keys.ts';

const settings = makeConfigMap({
  data: { LOG_LEVEL: '1', 'app.conf': '2', 'a-b': '3', '10-hosts': '4', _x: '5' },
  binaryData: { LOGO: '/9j/' },
});

describe('environmentKeysOf', () => {
  it.each([
    ['tcs', ['LOGO', 'LOG_LEVEL', '_x']],
    ['default', ['LOGO', 'LOG_LEVEL', '_x', 'a-b', 'app.conf']],
  ])('offers by the profile %s only keys that can name a variable (CMP-90)', (profile, keys) => {
    expect(environmentKeysOf(settings, profileNamed(profile))).toEqual(keys);
  });
});
