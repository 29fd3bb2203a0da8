import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError } from '../../config/config-error.ts';
import { createProfileSeat } from './create-profile-seat.ts';
import { createProfiles } from './create-profiles.ts';
import { declareProfiles } from './declare-profiles.ts';
import { profileKey } from './profile-key.ts';
import { profileValues } from './profile-values.ts';
import type { Profiles } from './profiles.ts';

const most = profileKey({
  name: 'goods.max',
  schema: profileValues.limit(1, 100),
  default: null,
  unit: 'goods',
  description: 'Most goods.',
  sources: ['SHOP-1'],
});
const ways = profileKey({
  name: 'pay.ways',
  schema: profileValues.someOf('CASH', 'CARD'),
  default: ['CASH', 'CARD'],
  description: 'Ways to pay.',
});
const isOpen = profileKey({ name: 'isOpen', schema: profileValues.onOff(), default: true, description: 'Open.' });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'longshore-profiles-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

/** The plugins `shop` and `bank`, each with its files, and the files of the settings. */
function shop(
  files: Readonly<Record<string, string>>,
  settings: { profile?: string; clusters?: object[] } = {},
): Profiles {
  mkdirSync(join(folder, 'shop'), { recursive: true });
  const paths = Object.entries(files).map(([path, text]) => write(path, text));
  const hasBank = paths.some((path) => path.startsWith(join(folder, 'bank')));
  const declared = declareProfiles([
    { name: 'shop', profileKeys: [most, isOpen], profiles: join(folder, 'shop') },
    { name: 'bank', profileKeys: [ways], ...(hasBank ? { profiles: join(folder, 'bank') } : {}) },
  ]);
  return createProfiles(declared, {
    profile: settings.profile ?? 'default',
    profiles: paths.filter((path) => path.startsWith(join(folder, 'own'))),
    clusters: (settings.clusters ?? []) as never,
  });
}

function problemsOf(act: () => unknown): readonly string[] {
  try {
    act();
    return [];
  } catch (error) {
    const problems = error instanceof ConfigError ? error.problems : [(error as Error).message];
    return problems.map((problem) => problem.replaceAll(`${folder}/`, ''));
  }
}

const small = 'name: small\ntitle: Small\nvalues:\n  shop:\n    goods.max: 3\n';

describe('the profile of a workspace', () => {
  const cluster = { name: 'far', profile: 'small' };
  const [place, other] = [
    { cluster: 'far', namespace: 'inside' },
    { cluster: 'far', namespace: 'outside' },
  ];
  function profilesWith(named: () => string | undefined): Profiles {
    const declared = declareProfiles([{ name: 'shop', profileKeys: [most], profiles: join(folder, 'shop') }]);
    const seat = createProfileSeat();
    const profiles = createProfiles(declared, { profile: 'default', profiles: [], clusters: [cluster] }, seat);
    expect(profiles.at(place).name).toBe('small');
    seat.provide({
      profileOf: (_cluster, namespace) => (namespace === 'inside' ? named() : undefined),
      profileOfWorkspace: (uuid) => (uuid === 'the-workspace' ? named() : undefined),
      revision: 7,
    });
    const nobody = { profileOf: () => undefined, profileOfWorkspace: () => undefined, revision: 0 };
    expect(() => seat.provide(nobody)).toThrow('have a source already');
    return profiles;
  }

  it('wins over its cluster’s for its namespaces, from one moment to the next', () => {
    write('shop/small.yaml', small);
    let named: string | undefined = 'default';
    const profiles = profilesWith(() => named);
    expect([profiles.at(place).name, profiles.at(other).name, profiles.at({ cluster: 'far' }).name]).toEqual([
      'default',
      'small',
      'small',
    ]);
    expect(profiles.revision).toBe(7);
    named = undefined;
    expect(profiles.at(place).name).toBe('small');
  });

  it('counts as none where it is not there any more (refused)', () => {
    write('shop/small.yaml', small);
    expect(
      profilesWith(() => 'gone')
        .at(place)
        .get(most),
    ).toBe(3);
  });
});

describe('profiles', () => {
  it('have the default of every key where nothing sets it', () => {
    const profiles = shop({});
    expect(profiles.all.map(({ name }) => name)).toEqual(['default']);
    const { limits, get } = profiles.at({});
    expect([get(most), get(ways), get(isOpen)]).toEqual([null, ['CASH', 'CARD'], true]);
    expect(limits.map(({ key, plugin, value, setBy }) => [key.name, plugin, value, setBy])).toEqual([
      ['goods.max', 'shop', null, undefined],
      ['isOpen', 'shop', true, undefined],
      ['pay.ways', 'bank', ['CASH', 'CARD'], undefined],
    ]);
  });

  it('take from what they extend what they do not set, through any number of files', () => {
    const profiles = shop({
      'shop/small.yaml': small,
      'bank/small.yaml': 'name: small\nvalues:\n  bank:\n    pay.ways: [CASH]\n',
      'own/tiny.yaml': 'name: tiny\ntitle: Tiny\nextends: small\nvalues:\n  shop: { isOpen: false }\n',
      'own/least.yaml':
        'name: least\ntitle: Least\nextends: tiny\nvalues:\n  shop: { goods.max: 1 }\n  bank: { pay.ways: [] }\n',
    });
    const tiny = profiles.get('tiny');
    expect([tiny?.extends, tiny?.get(most), tiny?.get(ways), tiny?.get(isOpen)]).toEqual(['small', 3, ['CASH'], false]);
    const least = profiles.get('least');
    expect(least?.limits.map(({ value, setBy }) => [value, setBy])).toEqual([
      [1, 'least'],
      [false, 'tiny'],
      [[], 'least'],
    ]);
    expect(profiles.get('small')?.get(isOpen)).toBe(true);
  });

  it('take a null back from what a profile sets', () => {
    const profiles = shop({
      'shop/small.yaml': small,
      'own/any.yaml': 'name: any\ntitle: Any\nextends: small\nvalues: { shop: { goods.max: null } }\n',
    });
    expect(profiles.get('any')?.get(most)).toBe(null);
  });

  it('are the clusters’ own before the platform’s', () => {
    const files = { 'shop/small.yaml': small, 'own/tiny.yaml': 'name: tiny\ntitle: Tiny\n' };
    const profiles = shop(files, { profile: 'tiny', clusters: [{ name: 'a', profile: 'small' }, { name: 'b' }] });
    const names = [{ cluster: 'a', namespace: 'x' }, { cluster: 'b' }, { cluster: 'c' }, {}].map(
      (place) => profiles.at(place).name,
    );
    expect(names).toEqual(['small', 'tiny', 'tiny', 'tiny']);
  });

  it('keep values for a plugin that is not loaded until it is', () => {
    const profiles = shop({ 'own/a.yaml': 'name: a\ntitle: A\nvalues:\n  harbour: { ships.max: many }\n' });
    expect(profiles.get('a')?.limits.map(({ key }) => key.name)).not.toContain('ships.max');
  });

  it('refuse to be asked for a key that no plugin declares', () => {
    const stray = profileKey({ name: 'stray', schema: profileValues.onOff(), default: true, description: 'Stray.' });
    expect(() => shop({}).at({}).get(stray)).toThrow(
      "No loaded plugin declares the profile key 'stray'. Add it to its profileKeys.",
    );
  });

  it('know only names that are there', () => {
    const profiles = shop({});
    expect(['constructor', '__proto__', ''].map((name) => profiles.get(name))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('profile files', () => {
  it('are refused with file, line, key and what is allowed, all at once', () => {
    const problems = problemsOf(() =>
      shop(
        {
          'own/a.yaml': [
            'name: a',
            'title: A',
            'extends: smal',
            'values:',
            '  shop:',
            '    goods.max: 101',
            '    goods.mux: 3',
            '    pay.ways: [CASH]',
            '  bank:',
            '    pay.ways:',
            '      - CASH',
            '      - CREDIT',
            '  shap: {}',
            '  bonk: { x: 1 }',
          ].join('\n'),
          'own/b.yaml': 'name: b\ntitel: B\nvalues:\n  shop: 3\n',
          'own/c.yaml': 'name: c\n',
          'own/d.yaml': 'name: small\ntitle: Another\n',
          'own/e.yaml': 'name: default\ntitle: Mine\nextends: small\n',
          'shop/small.yaml': small,
        },
        { profile: 'smell' },
      ),
    );
    expect(problems).toEqual([
      "own/b.yaml:4: values.shop must be a map from profile keys to values, such as 'replicas.max': 100, got 3",
      "own/b.yaml:2: titel is not a setting; did you mean 'title'?",
      "own/d.yaml:1: profile 'small' is defined already, in shop/small.yaml; choose another name",
      "own/e.yaml:3: profile 'default' is what all others extend, and extends none",
      'own/c.yaml:1: title is missing: it must be a text of 1 to 200 characters',
      'own/a.yaml:6: goods.max must be a whole number from 1 to 100, or null for no limit, got 101',
      "own/a.yaml:7: 'goods.mux' is no profile key of plugin 'shop'; did you mean 'goods.max'?",
      "own/a.yaml:8: 'pay.ways' is no profile key of plugin 'shop'; it is one of plugin 'bank'",
      'own/a.yaml:12: pay.ways[1] must be one of CASH, CARD, got "CREDIT"',
      "own/a.yaml:14: no plugin 'bonk' is loaded; did you mean 'bank'?",
      "own/a.yaml:3: profile 'a' extends 'smal', which is no profile; did you mean 'small'?",
    ]);
  });

  it('may not extend each other in a circle, which is told once with its members', () => {
    const file = (name: string, parent: string) => `name: ${name}\ntitle: ${name}\nextends: ${parent}\n`;
    expect(
      problemsOf(() =>
        shop({
          'own/a.yaml': file('a', 'b'),
          'own/b.yaml': file('b', 'c'),
          'own/c.yaml': file('c', 'b'),
          'own/d.yaml': file('d', 'd'),
        }),
      ),
    ).toEqual([
      'own/b.yaml:3: profiles extend each other in a circle: b → c → b',
      'own/d.yaml:3: profiles extend each other in a circle: d → d',
    ]);
  });

  it.each([
    ['is not there', undefined, ['profile own/a.yaml cannot be read: ENOENT']],
    ['is no YAML', 'name: [', ['own/a.yaml is not well-formed YAML at line 1, column 8: bad indent']],
    ['is a list', '- a', ["own/a.yaml must hold a map of a profile's name, title and values"]],
    [
      'is empty',
      '',
      ['own/a.yaml:1: name is missing: it must be a name of at most 63 lower-case letters, digits and dashes'],
    ],
    [
      'sets a key twice',
      'name: a\ntitle: A\nname: a\n',
      ['own/a.yaml is not well-formed YAML at line 3, column 1: duplicate key'],
    ],
    [
      'has a name that is none',
      'name: A b\ntitle: A\n',
      ['own/a.yaml:1: name must be a name of at most 63 lower-case letters, digits and dashes, got "A b"'],
    ],
  ])('are refused where one %s', (_name, text, problems) => {
    mkdirSync(join(folder, 'own'));
    if (text !== undefined) write('own/a.yaml', text);
    const declared = declareProfiles([]);
    const settings = { profile: 'default', profiles: [join(folder, 'own/a.yaml')], clusters: [] };
    const said = problemsOf(() => createProfiles(declared, settings));
    expect(said.slice(0, 1)).toEqual(problems);
  });

  it('are needed for every name in the settings', () => {
    const settings = {
      profile: 'smal',
      clusters: [
        { name: 'a', profile: 'small' },
        { name: 'b', profile: 'huge' },
      ],
    };
    expect(problemsOf(() => shop({ 'shop/small.yaml': small }, settings))).toEqual([
      "profile is 'smal', which is no profile; did you mean 'small'?",
      "clusters[1].profile is 'huge', which is no profile",
    ]);
  });
});

describe('declareProfiles', () => {
  it.each([
    [
      'a key that two plugins declare',
      () =>
        declareProfiles([
          { name: 'shop', profileKeys: [most] },
          { name: 'bank', profileKeys: [most] },
        ]),
      "Plugins 'shop' and 'bank' both declare the profile key 'goods.max'. Rename one, or take the other's reference from its api.",
    ],
    [
      'a key that a plugin declares twice',
      () => declareProfiles([{ name: 'shop', profileKeys: [most, most] }]),
      "Plugin 'shop' declares the profile key 'goods.max' twice. Remove one.",
    ],
    [
      'a folder that is not there',
      () => declareProfiles([{ name: 'shop', profiles: '/nonexistent/profiles' }]),
      "Plugin 'shop' names a folder of profiles that cannot be read: /nonexistent/profiles",
    ],
    [
      'values of another plugin for a profile that it does not define',
      () => shop({ 'shop/small.yaml': small, 'bank/small.yaml': 'name: small\nvalues:\n  shop: { isOpen: false }\n' }),
      "bank/small.yaml:3: plugin 'bank' may not add values of plugin 'shop' to a profile that it does not define",
    ],
    [
      'values for a profile that nobody defines',
      () => shop({ 'shop/small.yaml': small, 'bank/a.yaml': 'name: smull\n' }),
      "bank/a.yaml:1: no file defines the profile 'smull'; did you mean 'small'?; give it a title to define it here",
    ],
    [
      'a value that two files set',
      () =>
        shop({
          'shop/small.yaml': `${small}  bank:\n    pay.ways: []\n`,
          'bank/small.yaml': 'name: small\nvalues:\n  bank:\n    pay.ways: [CASH]\n',
        }),
      "bank/small.yaml:4: 'pay.ways' is set already, at shop/small.yaml:7",
    ],
    [
      'a parent where a profile is not defined',
      () => shop({ 'shop/small.yaml': small, 'bank/small.yaml': 'name: small\nextends: default\n' }),
      'bank/small.yaml: extends and description belong to the file that defines the profile, with its title',
    ],
  ])('refuses %s', (_name, act, says) => {
    expect(problemsOf(act)).toEqual([says]);
  });
});

describe('profileKey', () => {
  it.each([
    [
      'a name that is none',
      () => profileKey({ name: 'Goods max', schema: profileValues.onOff(), default: true, description: 'x' }),
      "The profile key 'Goods max' must be",
    ],
    [
      'a default that its schema does not allow',
      () => profileKey({ name: 'goods', schema: profileValues.count(1, 3), default: 4, description: 'x' }),
      "The profile key 'goods' has a default that its schema does not allow",
    ],
  ])('refuses %s', (_name, act, says) => {
    expect(act).toThrow(says);
  });
});
