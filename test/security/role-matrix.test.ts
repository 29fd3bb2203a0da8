import { describe, expect, it } from 'vitest';
import { computePlugin } from '../../plugins/compute/plugin.ts';
import { corePlugin } from '../../plugins/core/plugin.ts';
import { networkPlugin } from '../../plugins/network/plugin.ts';
import { storagePlugin } from '../../plugins/storage/plugin.ts';
import { createPermissionTable } from '../../src/access/create-permission-table.ts';
import type { PermissionRule } from '../../src/access/permission-rule.ts';
import type { Principal } from '../../src/kernel/principal.ts';

const place = { cluster: 'one', namespace: 'shop' };
const inProject = ['project/p', 'workspace/w'];

function principal(id: string, more: Partial<Principal>): Principal {
  return { id, name: id, kind: 'USER', groups: [], roles: [], namespaces: [], expiresAt: undefined, ...more };
}
const admin = principal('admin', { roles: ['ADMIN'] });
const member = principal('member', {
  memberships: [
    { of: 'project/p', as: 'DEVELOPER', namespaces: [place] },
    { of: 'workspace/w', as: 'GUEST' },
  ],
});
/** Belongs to something else. */
const stranger = principal('stranger', {
  memberships: [{ of: 'project/q', as: 'ADMIN', namespaces: [{ cluster: 'one', namespace: 'bank' }] }],
});

/** Belongs to the whole workspace. */
const resident = principal('resident', { memberships: [{ of: 'workspace/w', as: 'DEVELOPER', namespaces: [place] }] });

const plugins = [corePlugin, computePlugin, networkPlugin, storagePlugin];
const managedBy = (who: string) =>
  createPermissionTable(plugins, { profileValues: (_place, key) => (key === 'vpc.managedBy' ? who : undefined) });
const built = managedBy('MEMBERS');
const may = (who: Principal, action: string, subject: object, table = built) =>
  table.for(who).allowed(action, { subject: '', ...subject });

/** Subjects of one row as they lie in the member's place. */
const lying = (subjects: readonly string[]) => subjects.map((subject) => ({ subject, ...place, tenants: inProject }));
const standing = (subjects: readonly string[]) => subjects.map((subject) => ({ subject, cluster: 'one' }));

interface Row {
  readonly title: string;
  readonly subjects: readonly object[];
  readonly reads: readonly Principal[];
  readonly changes: readonly Principal[];
  readonly actions: readonly string[];
}

const change = ['CREATE', 'UPDATE', 'DELETE', 'APPLY'] as const;
const rows: readonly Row[] = [
  {
    title: 'workspaces and projects: an ADMIN manages, a member reads its own (CORE-17)',
    subjects: [
      { subject: 'core/Workspace', tenants: ['workspace/w'] },
      { subject: 'core/Project', tenants: inProject },
    ],
    reads: [admin, member],
    changes: [admin],
    actions: ['CREATE', 'UPDATE', 'DELETE', 'MANAGE_MEMBERS'],
  },
  {
    title: 'clusters, nodes and storage classes: an ADMIN manages, members read (CORE-10, CORE-17)',
    subjects: standing(['core/Cluster', 'core/Node', 'storage.k8s.io/StorageClass']),
    reads: [admin, member, stranger],
    changes: [admin],
    actions: [...change, 'CORDON', 'DRAIN'],
  },
  {
    title: 'persistent volumes and what gives power: for an ADMIN alone (CORE-10, CORE-17)',
    subjects: standing([
      'core/PersistentVolume',
      'rbac.authorization.k8s.io/ClusterRole',
      'apiextensions.k8s.io/CustomResourceDefinition',
    ]),
    reads: [admin],
    changes: [admin],
    actions: change,
  },
  {
    title:
      'VPCs and subnets of a workspace: an ADMIN and who belongs to it manage them, others see none (CORE-17, NET-24)',
    subjects: ['kubeovn.io/Vpc', 'kubeovn.io/Subnet', 'kubeovn.io/SecurityGroup'].map((subject) => ({
      subject,
      cluster: 'one',
      tenants: ['workspace/w'],
      workspace: 'w',
    })),
    reads: [admin, resident],
    changes: [admin, resident],
    actions: ['CREATE', 'UPDATE', 'DELETE'],
  },
  {
    title: 'VPCs and subnets of no workspace: for an ADMIN alone, as is applying text (CORE-17, NET-24)',
    subjects: standing(['kubeovn.io/Vpc', 'kubeovn.io/Subnet', 'kubeovn.io/SecurityGroup']),
    reads: [admin],
    changes: [admin],
    actions: change,
  },
  {
    title: 'namespaces: an ADMIN manages, a member reads its own (CORE-10, CORE-17)',
    subjects: [{ subject: 'core/Namespace', ...place }],
    reads: [admin, member],
    changes: [admin],
    actions: ['CREATE', 'UPDATE', 'DELETE'],
  },
  {
    title:
      'workloads, pods, jobs, ConfigMaps, claims, Services, Ingresses, NetworkPolicies: members manage their own (CORE-11, CORE-17)',
    subjects: lying([
      'apps/Deployment',
      'apps/StatefulSet',
      'apps/DaemonSet',
      'core/Pod',
      'batch/Job',
      'batch/CronJob',
      'core/ConfigMap',
      'core/PersistentVolumeClaim',
      'core/Service',
      'networking.k8s.io/Ingress',
      'networking.k8s.io/NetworkPolicy',
      'autoscaling/HorizontalPodAutoscaler',
      'snapshot.storage.k8s.io/VolumeSnapshot',
    ]),
    reads: [admin, member],
    changes: [admin, member],
    actions: change,
  },
  {
    title: 'workloads are scaled, restarted, paused and rolled back by members (CORE-11, CORE-17)',
    subjects: lying(['apps/Deployment', 'apps/StatefulSet']),
    reads: [admin, member],
    changes: [admin, member],
    actions: ['SCALE', 'RESTART', 'PAUSE', 'RESUME', 'ROLL_BACK'],
  },
  {
    title: 'how full volumes are: members in their namespaces (STO-19, CORE-17)',
    subjects: lying(['core/PersistentVolumeClaim']),
    reads: [admin, member],
    changes: [admin, member],
    actions: ['READ_METRICS'],
  },
  {
    title: 'files of volumes: members in their namespaces, where they also run programs (STO-21, CORE-11, CORE-17)',
    subjects: lying(['core/PersistentVolumeClaim']),
    reads: [admin, member],
    changes: [admin, member],
    actions: ['BROWSE'],
  },
  {
    title: 'terminals, logs and evictions of pods: members in their namespaces (CORE-11, CORE-17)',
    subjects: lying(['core/Pod']),
    reads: [admin, member],
    changes: [admin, member],
    actions: ['EXEC', 'ATTACH', 'READ_LOGS', 'EVICT', 'DELETE'],
  },
  {
    title: 'values of Secrets: members read and change those that are no key to the cluster (CORE-11, CORE-17)',
    subjects: [{ subject: 'core/Secret', ...place, facts: { type: 'Opaque' } }],
    reads: [admin, member],
    changes: [admin, member],
    actions: ['READ_SECRET_VALUE', ...change],
  },
  {
    title: 'Secrets that are keys to the cluster: members see that they are there, an ADMIN opens them (CORE-17)',
    subjects: [{ subject: 'core/Secret', ...place, facts: { type: 'kubernetes.io/service-account-token' } }],
    reads: [admin, member],
    changes: [admin],
    actions: ['READ_SECRET_VALUE', ...change],
  },
  {
    title: 'operation records: an ADMIN all, members those of their tenants and their own (CORE-17)',
    subjects: [
      { subject: 'core/OperationRecord', ...place, tenants: inProject },
      { subject: 'core/OperationRecord', cluster: 'one', namespace: 'gone', owner: 'member' },
    ],
    reads: [admin, member],
    changes: [admin],
    actions: ['DELETE'],
  },
];

describe('the matrix of roles', () => {
  it.each(rows)('$title', ({ subjects, reads, changes, actions }) => {
    for (const who of new Set([admin, member, stranger, ...reads])) {
      for (const subject of subjects) {
        expect([who.id, 'READ', subject, may(who, 'READ', subject)]).toEqual([
          who.id,
          'READ',
          subject,
          reads.includes(who),
        ]);
        for (const action of actions) {
          const expected = [who.id, action, subject, changes.includes(who)];
          expect([who.id, action, subject, may(who, action, subject)]).toEqual(expected);
        }
      }
    }
  });
});

describe('who manages networks', () => {
  const vpc = { subject: 'kubeovn.io/Vpc', cluster: 'one', tenants: ['workspace/w'] };

  it('is an ADMIN alone where the profile says so; members go on reading (refused, CORE-17, NET-30)', () => {
    const table = managedBy('ADMINISTRATORS');
    expect([admin, resident].map((who) => may(who, 'CREATE', vpc, table))).toEqual([true, false]);
    expect(may(resident, 'READ', vpc, table)).toBe(true);
  });

  it('is nobody who belongs to a project of the workspace, or to another one (refused, CORE-17)', () => {
    expect([member, stranger].map((who) => may(who, 'READ', vpc))).toEqual([false, false]);
  });
});

/** Rows whose subjects come with later plugins, each with the rule that the plugin will need. */
const seams: readonly {
  readonly title: string;
  readonly rule: Omit<PermissionRule, 'roles'> & { readonly roles?: readonly string[] };
  readonly yes: object;
  readonly no: object;
}[] = [
  {
    title: 'application services and release orders: members manage in their own namespaces (CORE-17)',
    rule: { actions: ['READ', 'UPDATE'], subjects: ['later/Thing'], where: 'namespaces' },
    yes: place,
    no: { cluster: 'one', namespace: 'bank' },
  },
  {
    title: 'confirming a beta group or a pause: members who own it or operate it (CORE-12, CORE-17)',
    rule: {
      actions: ['READ', 'UPDATE'],
      subjects: ['later/Thing'],
      where: { namespaces: true, principalIn: ['owner', 'operators'] },
    },
    yes: { ...place, people: { operators: ['member'] } },
    no: { ...place, people: { owner: ['somebody'] } },
  },
  {
    title: 'networks and load balancers: members where the profile says so (CORE-17)',
    rule: {
      actions: ['UPDATE'],
      subjects: ['later/Thing'],
      where: { namespaces: true, profile: { 'later.by': 'MEMBER' } },
    },
    yes: place,
    no: { cluster: 'far', namespace: 'shop' },
  },
  {
    title: 'images of a project: its members (CORE-13, CORE-17)',
    rule: {
      actions: ['READ', 'UPDATE'],
      subjects: ['later/Thing'],
      where: { member: 'DEVELOPER', tenantKind: 'project', facts: { visibility: 'PROJECT' } },
    },
    yes: { tenants: ['project/p'], facts: { visibility: 'PROJECT' } },
    no: { tenants: ['project/q'], facts: { visibility: 'PROJECT' } },
  },
  {
    title: 'images of a person: that person alone (CORE-13, CORE-17)',
    rule: { roles: ['GUEST'], actions: ['READ', 'UPDATE'], subjects: ['later/Thing'], where: 'own' },
    yes: { owner: 'member' },
    no: { owner: 'stranger' },
  },
];

describe('rows of later plugins', () => {
  it.each(seams)('$title', ({ rule, yes, no }) => {
    const table = createPermissionTable(
      [
        {
          name: 'later',
          profileKeys: [{ name: 'later.by' } as never],
          permissions: [{ roles: ['DEVELOPER'], ...rule }],
        },
      ],
      { profileValues: () => 'MEMBER' },
    );
    expect(may(member, 'UPDATE', { subject: 'later/Thing', ...yes }, table)).toBe(true);
    expect(may(member, 'UPDATE', { subject: 'later/Thing', ...no }, table)).toBe(false);
    expect(may(stranger, 'UPDATE', { subject: 'later/Thing', ...yes }, table)).toBe(false);
    expect(may(admin, 'UPDATE', { subject: 'later/Thing', ...no }, table)).toBe(true);
  });
});
