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

  it.each([
    ['keys that begin with a digit', { '10-hosts': '4', '1': '5' }],
    ['keys with blanks or signs of a shell', { 'a b': '1', 'a=b': '2', $HOME: '3' }],
    ['no keys', {}],
  ])('refuses %s (CMP-90, bad input)', (_what, data) => {
    for (const profile of ['tcs', 'default']) {
      expect(environmentKeysOf(makeConfigMap({ data }), profileNamed(profile))).toEqual([]);
    }
  });
});
