import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ForbiddenError, NotFoundError } from '../kernel/answer-error.ts';
import type { NamespaceScope, Principal, Role } from '../kernel/principal.ts';
import { type KubeObject, origin } from '../kube/kube-object.ts';
import type { Access } from './access.ts';
import { createPermissionTable } from './create-permission-table.ts';
import { notFound } from './not-found.ts';
import type { PermissionRule } from './permission-rule.ts';
import type { SubjectDescriptor } from './subject-facts.ts';

function principalWith(roles: readonly Role[], namespaces: readonly NamespaceScope[] = [], id = 'token:ci'): Principal {
  return { id, name: id, kind: 'TOKEN', groups: [], roles, namespaces, expiresAt: undefined };
}

const shop = [{ cluster: 'one', namespace: 'shop' }];

function kubeObject(
  subject: string,
  cluster: string,
  namespace: string | undefined,
  name = 'web',
  more = {},
): KubeObject {
  const [group = '', kind = ''] = subject.split('/');
  return {
    apiVersion: 'v1',
    kind,
    metadata: {
      name,
      uid: `${cluster}/${namespace}/${name}`,
      resourceVersion: '1',
      creationTimestamp: '2026-01-01T00:00:00Z',
      ...(namespace === undefined ? {} : { namespace }),
    },
    ...more,
    [origin]: {
      cluster,
      group: group === 'core' ? '' : group,
      version: 'v1',
      kind,
      plural: `${kind.toLowerCase()}s`,
      isNamespaced: namespace !== undefined,
    },
  };
}

interface RecordRow {
  readonly id: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly operator: string;
}
const recordDescriptor: SubjectDescriptor<RecordRow> = {
  subject: 'core/OperationRecord',
  facts: (row) => ({ cluster: row.cluster, namespace: row.namespace, name: row.id, owner: row.operator }),
};
const rules: readonly PermissionRule[] = [
  { roles: ['DEVELOPER'], actions: ['READ', 'UPDATE', 'SCALE'], subjects: ['apps/Deployment'], where: 'namespaces' },
  { roles: ['DEVELOPER'], actions: ['READ'], subjects: ['core/Pod', 'core/Namespace'], where: 'namespaces' },
  { roles: ['DEVELOPER'], actions: ['READ'], subjects: ['core/Node'], fields: ['name', 'labels'] },
  { roles: ['DEVELOPER'], actions: ['READ'], subjects: ['core/OperationRecord'], where: 'own' },
  { roles: ['DEVELOPER'], actions: ['READ'], subjects: ['core/OperationRecord'], where: 'namespaces' },
  { roles: ['DEVELOPER'], actions: ['READ'], subjects: ['storage.k8s.io/StorageClass'] },
  {
    roles: ['DEVELOPER'],
    actions: ['READ_SECRET_VALUE'],
    subjects: ['core/Secret'],
    where: { namespaces: true, facts: { type: ['Opaque', 'kubernetes.io/tls'] } },
  },
];
const table = createPermissionTable([
  { name: 'test', permissions: rules, actions: ['CONFIRM'], subjects: [recordDescriptor] },
]);
const admin = table.for(principalWith(['ADMIN']));
const developer = table.for(principalWith(['DEVELOPER'], shop));

describe('access.allowed', () => {
  it.each<[string, boolean, (access: Access) => boolean]>([
    ['an object in an own namespace', true, (a) => a.allowed('READ', kubeObject('core/Pod', 'one', 'shop'))],
    ['an object in another namespace', false, (a) => a.allowed('READ', kubeObject('core/Pod', 'one', 'bank'))],
    ['the same namespace in another cluster', false, (a) => a.allowed('READ', kubeObject('core/Pod', 'two', 'shop'))],
    ['an action no rule grants', false, (a) => a.allowed('DELETE', kubeObject('core/Pod', 'one', 'shop'))],
    ['a kind no rule names', false, (a) => a.allowed('READ', kubeObject('core/ConfigMap', 'one', 'shop'))],
    ['the same kind of another group', false, (a) => a.allowed('READ', kubeObject('evil.io/Pod', 'one', 'shop'))],
    ['an object without a namespace', false, (a) => a.allowed('READ', kubeObject('core/Pod', 'one', undefined))],
    ['its own namespace', true, (a) => a.allowed('READ', kubeObject('core/Namespace', 'one', undefined, 'shop'))],
    ['another namespace', false, (a) => a.allowed('READ', kubeObject('core/Namespace', 'one', undefined, 'bank'))],
    [
      'what everybody may read',
      true,
      (a) => a.allowed('READ', kubeObject('storage.k8s.io/StorageClass', 'two', undefined)),
    ],
    ['an own record elsewhere', true, (a) => a.allowed('READ', record('bank', 'token:ci'))],
    ['a record of its namespace', true, (a) => a.allowed('READ', record('shop', 'token:other'))],
    ['a record of neither', false, (a) => a.allowed('READ', record('bank', 'token:other'))],
    [
      'what does not exist yet, in its namespace',
      true,
      (a) => a.allowed('UPDATE', { subject: 'apps/Deployment', cluster: 'one', namespace: 'shop' }),
    ],
    [
      'what does not exist yet, elsewhere',
      false,
      (a) => a.allowed('UPDATE', { subject: 'apps/Deployment', cluster: 'one', namespace: 'bank' }),
    ],
    [
      'a namespace without a cluster',
      false,
      (a) => a.allowed('UPDATE', { subject: 'apps/Deployment', namespace: 'shop' }),
    ],
    [
      'a Secret value without a type',
      true,
      (a) => a.allowed('READ_SECRET_VALUE', kubeObject('core/Secret', 'one', 'shop')),
    ],
    ['a harmless Secret value', true, (a) => a.allowed('READ_SECRET_VALUE', secret('Opaque'))],
    [
      'a token Secret value',
      false,
      (a) => a.allowed('READ_SECRET_VALUE', secret('kubernetes.io/service-account-token')),
    ],
    ['an action of a plugin', false, (a) => a.allowed('CONFIRM', kubeObject('core/Pod', 'one', 'shop'))],
  ])('%s: developer %s, administrator always', (_name, expected, ask) => {
    expect(ask(developer)).toBe(expected);
    expect(ask(admin)).toBe(true);
    expect(ask(table.for(principalWith([])))).toBe(false);
  });

  it('takes * as every cluster and nothing else as a pattern', () => {
    const anywhere = table.for(principalWith(['DEVELOPER'], [{ cluster: '*', namespace: 'shop' }]));
    expect(anywhere.allowed('READ', kubeObject('core/Pod', 'two', 'shop'))).toBe(true);
    const star = table.for(principalWith(['DEVELOPER'], [{ cluster: 'one', namespace: '*' }]));
    expect(star.allowed('READ', kubeObject('core/Pod', 'one', 'shop'))).toBe(false);
  });

  it.each([
    ['a type instead of an instance', () => developer.allowed('READ', 'core/Pod' as never), 'asked about an instance'],
    ['nothing', () => developer.allowed('READ', undefined as never), 'asked about an instance'],
    ['an instance without subject', () => developer.allowed('READ', {} as never), 'names its subject'],
    [
      'an unknown action',
      () => developer.allowed('DELTE', { subject: 'core/Pod' }),
      "action 'DELTE' is declared by no plugin",
    ],
    [
      'a row nobody describes',
      () => developer.allowed('READ', { subject: 'core/Pod', row: {} }),
      "No plugin describes the subject 'core/Pod'",
    ],
  ])('throws for %s (refused)', (_name, ask, message) => {
    expect(ask).toThrow(message);
  });
});

describe('the surprises of the permission library', () => {
  const node = kubeObject('core/Node', 'one', undefined);

  it('does not take a rule for single fields as a grant of the whole', () => {
    expect(developer.allowed('READ', node)).toBe(false);
    expect(developer.allowed('READ', node, 'name')).toBe(true);
    expect(developer.allowed('READ', node, 'taints')).toBe(false);
    expect(developer.readFilter('core/Node', 'one')).toBe('none');
    expect(developer.mayEver('READ', 'core/Node')).toBe(false);
  });

  it('takes a rule for the whole as a grant of each field', () => {
    expect(developer.allowed('READ', kubeObject('core/Pod', 'one', 'shop'), 'logs')).toBe(true);
    expect(developer.allowed('READ', kubeObject('core/Pod', 'one', 'bank'), 'logs')).toBe(false);
  });

  it('reads no pattern into a field', () => {
    expect(developer.allowed('READ', node, '*')).toBe(false);
    expect(developer.allowed('READ', node, '')).toBe(false);
  });

  it.each<[string, object, string]>([
    ['an empty list of fields', { fields: [] }, 'has an empty list of fields'],
    ['no fields', { fields: null }, 'has an empty list of fields'],
    ['a pattern of fields', { fields: ['*'] }, 'has a field that is no name'],
    ['an empty condition', { where: {} }, 'has an empty condition'],
    ['no condition', { where: null }, 'has a condition that is none'],
    ['conditions on nothing', { where: { facts: {} } }, 'has an empty condition'],
    ['a fact with no values', { where: { facts: { type: [] } } }, "compares the fact 'type' with nothing"],
    ['a fact that is undefined', { where: { facts: { type: undefined } } }, "compares the fact 'type' with nothing"],
    ['a misspelt condition', { where: { namespace: true } }, "has the unknown condition 'namespace'"],
    ['a misspelt word', { where: 'namespace' }, 'has a condition that is none'],
    ['no roles', { roles: [] }, 'names no role'],
    ['an unknown role', { roles: ['ROOT'] }, "names the unknown role 'ROOT'"],
    ['no actions', { actions: [] }, 'names no action'],
    ['an unknown action', { actions: ['DELTE'] }, "names the action 'DELTE', which no plugin declares"],
    ['no subjects', { subjects: [] }, 'names no subject'],
    ['a subject without its group', { subjects: ['Pod'] }, "names the subject 'Pod'"],
    ['a pattern of subjects', { subjects: ['core/*'] }, "names the subject 'core/*'"],
  ])('does not start with %s (refused)', (_name, broken, message) => {
    const rule = { roles: ['DEVELOPER'], actions: ['READ'], subjects: ['core/Pod'], where: 'namespaces', ...broken };
    expect(() => createPermissionTable([{ name: 'bad', permissions: [rule as PermissionRule] }])).toThrow(
      `Plugin 'bad' has a permission that ${message}`,
    );
  });

  it('does not take what every object inherits for a fact', () => {
    const odd = createPermissionTable([
      {
        name: 'odd',
        permissions: [
          { roles: ['DEVELOPER'], actions: ['READ'], subjects: ['core/Thing'], where: { facts: { constructor: 'x' } } },
        ],
      },
    ]).for(principalWith(['DEVELOPER']));
    expect(odd.allowed('READ', { subject: 'core/Thing' })).toBe(false);
    expect(odd.allowed('READ', { subject: 'core/Thing', facts: { constructor: 'x' } })).toBe(true);
  });

  it('leaves the objects it asks about untouched', () => {
    const pod = Object.freeze(kubeObject('core/Pod', 'one', 'shop'));
    expect(developer.allowed('READ', pod)).toBe(true);
    expect(Reflect.ownKeys(pod)).toEqual(['apiVersion', 'kind', 'metadata', origin]);
  });
});

describe('access.requireAllowed', () => {
  it('passes what is allowed', () => {
    expect(() => developer.requireAllowed('SCALE', kubeObject('apps/Deployment', 'one', 'shop'))).not.toThrow();
  });

  it('forbids an action on what the caller may read (refused)', () => {
    const attempt = () => developer.requireAllowed('DELETE', kubeObject('apps/Deployment', 'one', 'shop'));
    expect(attempt).toThrow(ForbiddenError);
    expect(attempt).toThrow("You may not delete Deployment 'shop/web' in cluster 'one'.");
  });

  it('knows nothing of what the caller may not read, in the words of what is absent (refused)', () => {
    const attempt = () => developer.requireAllowed('DELETE', kubeObject('apps/Deployment', 'one', 'bank'));
    expect(attempt).toThrow(NotFoundError);
    const absent = notFound({ subject: 'apps/Deployment', cluster: 'one', namespace: 'bank', name: 'web' });
    expect(attempt).toThrow(absent.message);
    expect(absent.message).toBe("There is no Deployment 'bank/web' in cluster 'one'.");
  });

  it('speaks of a namespace as one who never saw it would', () => {
    const attempt = () => developer.requireAllowed('DELETE', kubeObject('core/Namespace', 'one', undefined, 'bank'));
    const absent = notFound({ subject: 'core/Namespace', cluster: 'one', name: 'bank' });
    expect(attempt).toThrow(absent.message);
  });
});

describe('access.readFilter', () => {
  it('compiles to all, none, namespaces or a test', () => {
    expect(admin.readFilter('core/Pod', 'one')).toBe('all');
    expect(developer.readFilter('core/Pod', 'one')).toEqual({ namespaces: new Set(['shop']) });
    expect(developer.readFilter('core/Pod', 'two')).toBe('none');
    expect(developer.readFilter('core/ConfigMap', 'one')).toBe('none');
    expect(developer.readFilter('storage.k8s.io/StorageClass', 'one')).toBe('all');
    expect(table.for(principalWith(['DEVELOPER'])).readFilter('core/Pod', 'one')).toBe('none');
    const records = developer.readFilter('core/OperationRecord', 'one');
    if (typeof records === 'string' || !('test' in records)) throw new Error('expected a test');
    expect(records.test(record('bank', 'token:ci'))).toBe(true);
    expect(records.test(record('bank', 'token:other'))).toBe(false);
  });

  it('tests namespaces themselves by name', () => {
    const filter = developer.readFilter('core/Namespace', 'one');
    if (typeof filter === 'string' || !('test' in filter)) throw new Error('expected a test');
    expect(filter.test(kubeObject('core/Namespace', 'one', undefined, 'shop'))).toBe(true);
    expect(filter.test(kubeObject('core/Namespace', 'one', undefined, 'bank'))).toBe(false);
  });

  it('hands conditions over as data', () => {
    expect(admin.conditionsFor('READ', 'core/OperationRecord')).toBe('all');
    expect(developer.conditionsFor('READ', 'core/OperationRecord')).toEqual(
      expect.arrayContaining([{ owner: 'token:ci' }, { namespaces: shop }]),
    );
    expect(developer.conditionsFor('DELETE', 'core/OperationRecord')).toEqual([]);
  });
});

describe('access.canonical', () => {
  it('is the same for the same rights, whoever has them', () => {
    const table = createPermissionTable([{ name: 'test', permissions: rules.filter((rule) => rule.where !== 'own') }]);
    const two = [...shop, { cluster: '*', namespace: 'lab' }];
    const one = table.for(principalWith(['DEVELOPER'], two, 'token:a'));
    const other = table.for(principalWith(['DEVELOPER'], [...two.toReversed(), ...two], 'token:b'));
    expect(one.canonical).toBe(other.canonical);
    expect(one.principal.id).not.toBe(other.principal.id);
  });

  it('differs where any right differs', () => {
    const canonicals = [
      admin,
      developer,
      table.for(principalWith(['DEVELOPER'], [{ cluster: 'two', namespace: 'shop' }])),
      table.for(principalWith(['DEVELOPER'], [])),
      table.for(principalWith(['DEVELOPER'], shop, 'token:other')),
      table.for(principalWith([])),
    ].map((access) => access.canonical);
    expect(new Set(canonicals).size).toBe(canonicals.length);
  });
});

describe('createPermissionTable', () => {
  it('prints itself', () => {
    expect(table.print()).toMatchInlineSnapshot(`
      "longshore: ADMIN may ALL ALL
      test: DEVELOPER may READ core/Node only name, labels
      test: DEVELOPER may READ core/OperationRecord where namespaces
      test: DEVELOPER may READ core/OperationRecord where own
      test: DEVELOPER may READ core/Pod, core/Namespace where namespaces
      test: DEVELOPER may READ storage.k8s.io/StorageClass
      test: DEVELOPER may READ, UPDATE, SCALE apps/Deployment where namespaces
      test: DEVELOPER may READ_SECRET_VALUE core/Secret where {"namespaces":true,"facts":{"type":["Opaque","kubernetes.io/tls"]}}"
    `);
  });

  it('refuses two descriptions of one subject (refused)', () => {
    const describes = (name: string, subject: string) => ({ name, subjects: [{ subject, facts: () => ({}) }] });
    expect(() => createPermissionTable([describes('a', 'a/Thing'), describes('b', 'a/Thing')])).toThrow(
      "Plugin 'b' describes the subject 'a/Thing', which is already described.",
    );
    expect(() => createPermissionTable([describes('a', 'core/Secret')])).toThrow('already described');
  });

  it('refuses two plugins that add one action (refused)', () => {
    const add = (name: string, action: string) => ({ name, actions: [action] });
    expect(() => createPermissionTable([add('a', 'CONFIRM'), add('b', 'CONFIRM')])).toThrow(
      "Plugin 'b' adds the action 'CONFIRM', which 'a' already has.",
    );
    expect(() => createPermissionTable([add('a', 'READ')])).toThrow("which 'longshore' already has");
    expect(() => createPermissionTable([add('a', 'ALL')])).toThrow('an action is written UPPER_SNAKE');
    expect(() => createPermissionTable([add('a', 'confirm')])).toThrow('an action is written UPPER_SNAKE');
  });
});

describe('compiled rights', () => {
  const clusters = ['one', 'two', '*'];
  const namespaces = ['shop', 'bank', 'lab'];
  const scope = fc.record({ cluster: fc.constantFrom(...clusters), namespace: fc.constantFrom(...namespaces) });
  const where = fc.constantFrom<PermissionRule['where']>(
    undefined,
    'namespaces',
    'own',
    { own: true, namespaces: true },
    { facts: { type: ['a', 'b'] } },
    { namespaces: true, facts: { type: 'a' } },
  );
  const rule = fc
    .record({
      roles: fc.constantFrom<readonly Role[]>(['DEVELOPER'], ['ADMIN'], ['ADMIN', 'DEVELOPER']),
      actions: fc.constantFrom<PermissionRule['actions']>(['READ'], ['READ', 'DELETE'], 'ALL'),
      subjects: fc.constantFrom<PermissionRule['subjects']>(['core/Pod'], ['core/Pod', 'core/Node'], 'ALL'),
      fields: fc.constantFrom<readonly string[] | undefined>(undefined, ['name']),
      where,
    })
    .map(({ fields, where: condition, ...rest }) => ({
      ...rest,
      ...(fields && { fields }),
      ...(condition !== undefined && { where: condition }),
    }));
  const question = fc.record({
    action: fc.constantFrom('READ', 'DELETE', 'SCALE'),
    subject: fc.constantFrom('core/Pod', 'core/Node', 'apps/Deployment'),
    cluster: fc.constantFrom('one', 'two'),
    namespace: fc.constantFrom(undefined, ...namespaces),
    owner: fc.constantFrom(undefined, 'token:ci', 'token:other'),
    type: fc.constantFrom(undefined, 'a', 'c'),
    field: fc.constantFrom(undefined, 'name', 'spec'),
  });

  /** The rules as a reader would apply them by hand. */
  function grants(
    rule: PermissionRule,
    principal: Principal,
    asked: typeof question extends fc.Arbitrary<infer Q> ? Q : never,
  ) {
    const condition =
      rule.where === 'namespaces' ? { namespaces: true } : rule.where === 'own' ? { own: true } : (rule.where ?? {});
    const {
      namespaces: inNamespaces,
      own,
      facts,
    } = condition as { namespaces?: true; own?: true; facts?: { type: string | string[] } };
    return (
      rule.roles.some((role) => principal.roles.includes(role)) &&
      (rule.actions === 'ALL' || rule.actions.includes(asked.action)) &&
      (rule.subjects === 'ALL' || rule.subjects.includes(asked.subject)) &&
      (!rule.fields || (asked.field !== undefined && rule.fields.includes(asked.field))) &&
      (!own || asked.owner === principal.id) &&
      (!facts || (asked.type !== undefined && [facts.type].flat().includes(asked.type))) &&
      (!inNamespaces ||
        principal.namespaces.some(
          (scope) => scope.namespace === asked.namespace && (scope.cluster === '*' || scope.cluster === asked.cluster),
        ))
    );
  }

  it('answer as the rules read, one by one and as a filter', () => {
    fc.assert(
      fc.property(
        fc.array(rule, { maxLength: 6 }),
        fc.array(scope, { maxLength: 4 }),
        fc.array(question, { minLength: 1, maxLength: 20 }),
        (permissions, scopes, questions) => {
          const principal = principalWith(['DEVELOPER'], scopes);
          const access = createPermissionTable([{ name: 'test', permissions }]).for(principal);
          for (const asked of questions) {
            const { action, field, type, ...rest } = asked;
            const instance = { ...rest, facts: { type } };
            const expected = permissions.some((rule) => grants(rule, principal, asked));
            expect(access.allowed(action, instance, field)).toBe(expected);
            if (field !== undefined) continue;
            const filter = access.readFilter(asked.subject, asked.cluster, action);
            const seen =
              filter === 'all' ||
              (filter !== 'none' &&
                ('test' in filter
                  ? filter.test(instance)
                  : asked.namespace !== undefined && filter.namespaces.has(asked.namespace)));
            expect(seen).toBe(expected);
            if (expected) expect(access.mayEver(action, asked.subject)).toBe(true);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('have the same canonical form however the rules and namespaces are ordered', () => {
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 5 }), fc.array(scope, { maxLength: 4 }), (permissions, scopes) => {
        const canonical = (list: readonly PermissionRule[], namespaces: readonly NamespaceScope[]) =>
          createPermissionTable([{ name: 'test', permissions: list }]).for(principalWith(['DEVELOPER'], namespaces))
            .canonical;
        expect(canonical([...permissions, ...permissions.toReversed()], scopes.toReversed())).toBe(
          canonical(permissions, scopes),
        );
      }),
      { numRuns: 100 },
    );
  });
});

function record(namespace: string, operator: string) {
  return { subject: 'core/OperationRecord', row: { id: 'r1', cluster: 'one', namespace, operator } };
}

function secret(type: string): KubeObject {
  return kubeObject('core/Secret', 'one', 'shop', 'credentials', { type });
}

describe('kinds that lie in no namespace and are of a workspace', () => {
  const vpcKind = { group: 'kubeovn.io', version: 'v1', kind: 'Vpc', plural: 'vpcs', isNamespaced: false };
  const ofWorkspace = { member: 'DEVELOPER', tenantKind: 'workspace' } as const;
  const keyed = createPermissionTable(
    [
      {
        name: 'test',
        workspaceKinds: [{ kind: vpcKind, fields: {} }],
        permissions: [
          { roles: ['DEVELOPER'], actions: ['READ'], subjects: ['kubeovn.io/Vpc', 'core/Pod'], where: ofWorkspace },
          {
            roles: ['DEVELOPER'],
            actions: ['DELETE'],
            subjects: ['kubeovn.io/Vpc'],
            where: { ...ofWorkspace, profile: { 'vpc.managedBy': 'MEMBERS' } },
          },
        ],
        profileKeys: [{ name: 'vpc.managedBy' } as never],
      },
    ],
    { profileValues: ({ workspace }) => (workspace === 'strict' ? 'ADMINISTRATORS' : 'MEMBERS') },
  );
  const member = (of: string, as = 'DEVELOPER'): Access =>
    keyed.for({ ...principalWith([]), memberships: [{ of, as, namespaces: shop }] });
  const labelled = (uuid: string, subject = 'kubeovn.io/Vpc', namespace?: string) => {
    const object = kubeObject(subject, 'one', namespace);
    const metadata = { ...object.metadata, labels: { 'longshore.dev/workspace': uuid } };
    return { ...object, metadata };
  };

  it('are seen by members of the workspace that the label names, in lists too (CORE-17)', () => {
    const access = member('workspace/w');
    expect(access.allowed('READ', labelled('w'))).toBe(true);
    const filter = access.readFilter('kubeovn.io/Vpc', 'one');
    if (typeof filter === 'string' || !('test' in filter)) throw new Error('no filter');
    expect(['w', 'v', ''].map((uuid) => filter.test(labelled(uuid)))).toEqual([true, false, false]);
    expect(access.tenantsOf(labelled('w'))).toEqual(['workspace/w']);
  });

  it('are nothing to who is no member, a guest of it, a member of another tenant, or has no label to go by (refused, CORE-17)', () => {
    const object = labelled('w');
    const strangers = [member('workspace/v'), member('workspace/w', 'GUEST'), member('project/w')];
    expect(strangers.map((access) => access.allowed('READ', object))).toEqual([false, false, false]);
    expect(member('workspace/w').allowed('READ', kubeObject('kubeovn.io/Vpc', 'one', undefined))).toBe(false);
  });

  it('are the declared ones alone: on anything else the label means nothing (refused, CORE-17)', () => {
    expect(member('workspace/w').allowed('READ', labelled('w', 'core/Pod', 'bank'))).toBe(false);
    expect(member('workspace/w').allowed('READ', labelled('w', 'core/Node'))).toBe(false);
  });

  it('are held to the profile of their workspace (CORE-17)', () => {
    expect(member('workspace/w').allowed('DELETE', labelled('w'))).toBe(true);
    expect(member('workspace/strict').allowed('DELETE', labelled('strict'))).toBe(false);
    expect(member('workspace/strict').allowed('READ', labelled('strict'))).toBe(true);
  });
});
