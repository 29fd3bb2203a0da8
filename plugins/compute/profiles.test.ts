import { readdirSync, readFileSync } from 'node:fs';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { checkText, type TextRule } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { envName } from './profile-keys/names.ts';
import { replicasMax, replicasMin } from './profile-keys/replicas.ts';
import { profileNamed, profilesOf } from './testing/profile-named.ts';

const names = ['aks-private', 'aks-public', 'csk', 'default', 'ecs', 'esk', 'tcs'];
const profiles = profilesOf();

/** Every text rule of every profile. */
const rules = profiles.all.flatMap(({ name, limits }) =>
  limits.flatMap(({ key, value }) =>
    typeof value === 'object' && value !== null && 'examples' in value
      ? [{ title: `${key.name} of ${name}`, key: key.name, rule: value as TextRule }]
      : [],
  ),
);

/** Beginnings that no rule of the key takes, in any profile. */
const forbiddenStarts: Readonly<Record<string, readonly string[]>> = {
  'workload.name': ['-', '.', '_', 'A'],
  'config.name': ['-', '.', '_', 'A'],
  'secret.name': ['-', '.', '_', 'A'],
  'application.name': ['-', '_', '.'],
  'config.keyName': ['/', ' '],
  'env.name': ['0', '='],
  'logstore.name': ['-', '_', 'A'],
  'node.namePrefix': ['-', '_', 'A'],
};

describe('the built-in profiles', () => {
  it('are seven', () => {
    expect(profiles.all.map(({ name }) => name)).toEqual(names);
  });

  // Appendix B and section 10, row by row.
  it.each([
    ['replicas.max', { csk: 100, default: null, ecs: null, 'aks-public': null }],
    ['replicas.min', { csk: 1, default: 0 }],
    ['replicas.default', { 'aks-public': 1, default: 1 }],
    ['replicas.maxWithDisk', { ecs: 1, tcs: 1, csk: null }],
    ['manualScale.withPolicy', { ecs: 'REFUSE', csk: 'ALLOW', default: 'ALLOW' }],
    ['env.maxPerContainer', { csk: 30, default: null, tcs: null }],
    ['workload.kinds', { csk: ['DEPLOYMENT'], esk: ['DEPLOYMENT'], tcs: ['DEPLOYMENT', 'TAPP'] }],
    ['workload.stopStopped', { tcs: 'NOTHING', ecs: 'REFUSE', default: 'REFUSE' }],
    ['application.scopes', { 'aks-public': ['WORKSPACE'], 'aks-private': ['WORKSPACE'], ecs: ['NAMESPACE'] }],
    ['application.requiredFields', { 'aks-public': ['TECH_STACK'], ecs: [], default: [] }],
    ['application.techStackVersion', { 'aks-public': '2.0', ecs: null, default: null }],
    ['pod.create', { csk: false, 'aks-public': true, 'aks-private': true, default: true }],
    ['pod.editYaml', { csk: true, ecs: false, default: true }],
    ['probe.methods', { csk: ['EXEC'], 'aks-private': ['TCP', 'HTTP', 'EXEC'], ecs: ['HTTP', 'HTTPS', 'TCP', 'EXEC'] }],
    ['probe.initialDelaySeconds', { 'aks-public': 3, default: 0 }],
    ['lifecycle.handlers', { csk: ['EXEC'], ecs: ['EXEC'], esk: ['EXEC'], 'aks-public': ['EXEC', 'HTTP_GET'] }],
    ['upgrade.strategies', { csk: ['ROLLING', 'RECREATE'], esk: ['ROLLING'] }],
    ['upgrade.intervalSeconds', { ecs: 10, default: 0 }],
    ['upgrade.containerNameEditable', { csk: true, 'aks-public': false }],
    ['terminal.idleTimeoutSeconds', { 'aks-public': 60, 'aks-private': 60, csk: null, default: null }],
    [
      'volume.types',
      {
        csk: ['EMPTY_DIR', 'CONFIG_MAP', 'SECRET'],
        'aks-private': ['HOST_PATH', 'CONFIG_MAP', 'SECRET', 'MONITORING_DIRECTORY'],
      },
    ],
    [
      'config.deleteWhenReferenced',
      { csk: 'WARN', 'aks-public': 'WARN', esk: 'REFUSE', tcs: 'REFUSE', default: 'REFUSE' },
    ],
    ['secret.editable', { csk: 'NONE', 'aks-public': 'OPAQUE_ONLY', esk: 'ALL', tcs: 'ALL' }],
    [
      'secret.types',
      { 'aks-public': ['OPAQUE', 'REGISTRY_CREDENTIALS'], esk: ['OPAQUE', 'REGISTRY_CREDENTIALS', 'TLS'] },
    ],
    ['quota.required', { tcs: true, ecs: false, default: false }],
    ['clustersPerWorkspace', { 'aks-public': 1, 'aks-private': 1, csk: null, default: null }],
    ['cluster.deletable', { 'aks-public': false, csk: true, tcs: true }],
    ['workspace.networkTypes', { 'aks-public': ['VPC'], 'aks-private': ['CLASSIC'] }],
    ['workspace.zones.max', { 'aks-public': 2, 'aks-private': 2, default: null }],
    ['kubernetesVersions', { csk: ['1.18'], ecs: ['1.16.6'], default: null }],
    ['cluster.masterCounts', { ecs: [1, 3, 5], default: null }],
    ['kubeconfig.days', { 'aks-public': 7, default: null }],
    ['metrics.retentionDays', { esk: 90, default: null }],
    ['metrics.spanDays', { esk: 31, default: null }],
    ['logs.retentionDays', { esk: 14, default: null }],
    ['events.windowHours', { esk: 1, tcs: null, default: null }],
    ['list.pageSize', { csk: 10, esk: 10, tcs: 10, default: 50 }],
    ['list.firstPage', { csk: 1, esk: 1, tcs: 0 }],
    ['confirm.phrase', { esk: '确认删除', default: null, csk: null }],
    ['batch.operations', { tcs: ['APPLICATION_DELETE', 'ORCHESTRATION_DEPLOYMENT_DELETE'], default: null }],
  ])('have the values of the requirements for %s', (key, expected) => {
    const actual = Object.keys(expected).map((name) => [
      name,
      profileNamed(name).limits.find((limit) => limit.key.name === key)?.value,
    ]);
    expect(Object.fromEntries(actual)).toEqual(expected);
  });

  // The others belong to plugins that bring their own, or name no value of a profile.
  it.each([
    ...['CON-01', 'CON-02', 'CON-03', 'CON-04', 'CON-05', 'CON-06', 'CON-07', 'CON-08', 'CON-09', 'CON-10', 'CON-11'],
    ...['CON-12', 'CON-18', 'CON-28', 'CON-31', 'CON-32', 'CON-35', 'CON-39', 'CON-41', 'CON-45', 'CORE-24', 'CORE-34'],
  ])('settle %s by a key', (id) => {
    expect(profileNamed('default').limits.filter(({ key }) => key.sources.includes(id))).not.toEqual([]);
  });

  it('say of every key where it comes from', () => {
    const stray = profileNamed('default').limits.filter(
      ({ key }) => key.sources.length === 0 || key.description === '',
    );
    expect(stray.map(({ key }) => key.name)).toEqual([]);
  });

  it('say in a comment of every value which requirement it is from', () => {
    const silent = ['core', 'compute'].flatMap((plugin) => {
      const folder = new URL(`../${plugin}/profiles/`, import.meta.url);
      return readdirSync(folder).flatMap((file) =>
        readFileSync(new URL(file, folder), 'utf8')
          .split('\n')
          .filter((line) => /^ {4}\w/.test(line) && !/# .*(CORE-|CMP-|CON-|Appendix B)/.test(line))
          .map((line) => `${plugin}/${file}: ${line.trim()}`),
      );
    });
    expect(silent).toEqual([]);
  });
});

describe('name rules', () => {
  it.each(rules)('$title takes its examples', ({ rule }) => {
    for (const example of rule.examples) expect(checkText(rule, 'name', example)).toEqual([]);
  });

  it.each(rules)('$title takes what its pattern makes, within its lengths, and refuses it one character longer', ({
    rule,
  }) => {
    const always = new RegExp(rule.within?.pattern ?? '', 'u');
    const texts =
      rule.pattern === undefined ? fc.string({ unit: 'grapheme' }) : fc.stringMatching(new RegExp(rule.pattern));
    fc.assert(
      fc.property(texts, (text) => {
        const length = [...text].length;
        const codes = checkText(rule, 'name', text).map(({ code }) => code);
        if (length < rule.min) expect(codes).toEqual(['too_short']);
        else if (length > rule.max) expect(codes).toEqual(['too_long']);
        else if (rule.notStartingWith?.some((start) => text.startsWith(start)))
          expect(codes).toEqual(['forbidden_start']);
        // What no profile can widen: control characters and line separators in names that people give.
        else expect(codes).toEqual(always.test(text) ? [] : ['invalid_text']);
      }),
      { numRuns: 50 },
    );
    const example = rule.examples.at(-1) ?? '';
    const filled = (length: number) => (example + 'a'.repeat(length)).slice(0, length);
    expect(checkText(rule, 'name', filled(rule.max))).toEqual([]);
    expect(checkText(rule, 'name', filled(rule.max + 1))).toMatchObject([{ code: 'too_long' }]);
    if (rule.min > 0) expect(checkText(rule, 'name', filled(rule.min - 1))).toMatchObject([{ code: 'too_short' }]);
  });

  it.each([
    ['application.name', 'aks-public', '0shop'],
    ['node.namePrefix', 'aks-private', '0web'],
    ['env.name', 'tcs', '.env'],
    ['description.networkText', 'aks-public', 'HTTPS://shop.example'],
  ])('%s of %s refuses %s', (key, profile, text) => {
    const rule = rules.find(({ title }) => title === `${key} of ${profile}`)?.rule;
    expect(rule && checkText(rule, 'name', text)).toHaveLength(1);
  });

  it.each(
    rules.flatMap(({ title, key, rule }) => (forbiddenStarts[key] ?? []).map((start) => ({ title, start, rule }))),
  )("$title refuses what begins with '$start'", ({ start, rule }) => {
    const text = start + (rule.examples[0] ?? 'aa');
    expect(checkText(rule, 'name', text)).toHaveLength(1);
  });

  it.each(
    rules.filter(({ key }) => ['workload.name', 'config.name', 'secret.name'].includes(key)),
  )('$title stays inside what Kubernetes takes (CON-07)', ({ rule }) => {
    fc.assert(
      fc.property(fc.stringMatching(new RegExp(rule.pattern ?? '')), (text) => {
        fc.pre(checkText(rule, 'name', text).length === 0);
        expect(text).toMatch(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/);
        expect(text.length).toBeLessThanOrEqual(253);
      }),
      { numRuns: 50 },
    );
  });
});

describe('the example of the README', () => {
  it('is a profile that starts', async () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    const [, text = ''] = /```yaml\n(# shop\.yaml[\s\S]*?)```/.exec(readme) ?? [];
    await using folder = await mkdtempDisposable(join(tmpdir(), 'longshore-readme-'));
    const file = join(folder.path, 'shop.yaml');
    await writeFile(file, text);
    const shop = profilesOf({ profile: 'shop', profiles: [file] }).at({});
    expect([shop.name, shop.get(replicasMax), shop.get(replicasMin)]).toEqual(['shop', 20, 1]);
    expect(checkText(shop.get(envName), 'name', 'LOG_LEVEL')).toEqual([]);
    expect(checkText(shop.get(envName), 'name', 'log')).toHaveLength(1);
  });
});
