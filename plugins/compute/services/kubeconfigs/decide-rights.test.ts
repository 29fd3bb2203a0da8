import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideRights, type GivenRights } from './decide-rights.ts';
import { type PolicyRule, remainingRules, rulesInNamespace, rulesOfCluster } from './rules-of-caller.ts';

interface Holder {
  readonly namespaces: readonly string[] | 'ALL';
  readonly lost?: readonly string[];
  readonly mayWrite?: boolean;
}

/** Somebody who may do everything in these namespaces, but for what is lost: `ACTION subject`. */
function accessOf({ namespaces, lost = [], mayWrite = false }: Holder) {
  const may = (action: string, subject: string) =>
    !lost.includes(`${action} ${subject}`) && (action !== 'ISSUE_WRITING_KUBECONFIG' || mayWrite);
  return {
    allowed: (action: string, { subject, namespace }: { subject: string; namespace?: string }) =>
      may(action, subject) && (namespaces === 'ALL' || (namespace !== undefined && namespaces.includes(namespace))),
    conditionsFor: (action: string, subject: string) => (namespaces === 'ALL' && may(action, subject) ? 'all' : []),
    readFilter: (subject: string) => (may('READ', subject) && subject === 'core/Node' ? 'all' : 'none'),
  } as never;
}

/** What such a holder was given. */
function givenTo(holder: Holder, namespaces: readonly string[] | undefined, canWrite = false): GivenRights {
  const asked = { access: accessOf(holder), cluster: 'east' };
  const whole = namespaces ? [] : rulesInNamespace(asked, undefined, canWrite);
  return {
    cluster: 'east',
    namespaces,
    canWrite,
    rulesOfCluster: [...rulesOfCluster(asked), ...whole],
    rules: new Map((namespaces ?? []).map((each) => [each, rulesInNamespace(asked, each, canWrite)])),
  };
}

const verbsOf = (rules: readonly PolicyRule[] | undefined, resource: string) =>
  rules?.find(({ resources }) => resources.includes(resource))?.verbs;
const two: Holder = { namespaces: ['shop', 'bank'] };
const admin: Holder = { namespaces: 'ALL', mayWrite: true };

describe('a kubeconfig whose holder may do less by now (CMP-15)', () => {
  const given = givenTo(two, ['shop', 'bank']);

  it('stays as it is where nothing is lost, also where its holder may do more', () => {
    expect(decideRights(given, accessOf(two))).toBe('KEEP');
    expect(decideRights(given, accessOf({ namespaces: 'ALL', mayWrite: true }))).toBe('KEEP');
    expect(decideRights(givenTo(admin, undefined, true), accessOf(admin))).toBe('KEEP');
  });

  it.each([
    ['may not be here any more', given, undefined],
    ['has none of its namespaces any more', given, { namespaces: ['elsewhere'] }],
    ['may see nothing of them', given, { ...two, lost: ['ISSUE_KUBECONFIG core/Namespace'] }],
    ['was an administrator', givenTo(admin, undefined, true), two],
  ])('is revoked where who has it %s (refused)', (_what, rights, holder) => {
    expect(decideRights(rights, holder && accessOf(holder))).toBe('REVOKE');
  });

  it('keeps its other namespaces where one is lost (refused)', () => {
    const now = decideRights(given, accessOf({ namespaces: ['bank'] }));
    expect(now).toMatchObject({ namespaces: ['bank'], canWrite: false, rulesOfCluster: undefined });
    expect([...(now as GivenRights).rules]).toEqual([['shop', []]]);
  });

  it('loses single kinds, and logs, and what is of the cluster as a whole (refused)', () => {
    const lost = ['READ core/ConfigMap', 'READ_LOGS core/Pod', 'READ core/Node'];
    const now = decideRights(given, accessOf({ ...two, lost })) as GivenRights;
    expect(now.namespaces).toEqual(['shop', 'bank']);
    for (const rules of now.rules.values()) {
      expect(verbsOf(rules, 'configmaps')).toBeUndefined();
      expect(verbsOf(rules, 'pods/log')).toBeUndefined();
      expect(verbsOf(rules, 'pods')).toEqual(['get', 'list', 'watch']);
    }
    expect(now.rulesOfCluster).toEqual([]);
  });

  it('reads on where who has it may not have one that writes any more (refused)', () => {
    const wrote = givenTo(admin, ['shop'], true);
    const now = decideRights(wrote, accessOf({ namespaces: ['shop'] })) as GivenRights;
    expect(now).toMatchObject({ namespaces: ['shop'], canWrite: false });
    expect(verbsOf(wrote.rules.get('shop'), 'pods')).toContain('create');
    expect(verbsOf(now.rules.get('shop'), 'pods')).toEqual(['get', 'list', 'watch']);
  });

  it('has lost nothing more where a role of it is gone already', () => {
    const gone = { ...given, namespaces: ['shop', 'bank'], rules: new Map([['shop', given.rules.get('shop') ?? []]]) };
    expect(decideRights(gone, accessOf(two))).toBe('KEEP');
  });

  it('never gets what it had not, and what is left is covered', () => {
    const word = fc.constantFrom('a', 'b', 'c');
    const rule = fc.record({
      apiGroups: fc.uniqueArray(word, { minLength: 1 }),
      resources: fc.uniqueArray(word, { minLength: 1 }),
      verbs: fc.uniqueArray(word, { minLength: 1 }),
    });
    const words = (rules: readonly PolicyRule[]) =>
      new Set(
        rules.flatMap(({ apiGroups, resources, verbs }) =>
          apiGroups.flatMap((group) =>
            resources.flatMap((resource) => verbs.map((verb) => `${group} ${resource} ${verb}`)),
          ),
        ),
      );
    fc.assert(
      fc.property(fc.array(rule), fc.array(rule), (had, may) => {
        const left = remainingRules(had, may);
        expect(words(left)).toEqual(words(had).intersection(words(may)));
        expect(left === had).toBe(words(had).isSubsetOf(words(may)));
      }),
    );
  });
});
