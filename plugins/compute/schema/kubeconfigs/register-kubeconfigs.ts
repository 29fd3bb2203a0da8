import { namespaceKind } from 'longshore/plugins/core';
import {
  type Cluster,
  clusterRef,
  encodeGlobalId,
  ForbiddenError,
  idOfOperation,
  isOperationRecord,
  type LongshoreBuilder,
  type MutationTarget,
  NotFoundError,
  operationRecordRef,
  PreconditionError,
  type RequestContext,
  registerMutation,
  resolveNode,
  subjectOf,
  systemPrincipal,
  type TypeRef,
  typeRef,
  type ValidationIssue,
} from 'longshore/sdk';
import { closeTerminalSubject } from '../../permissions.ts';
import { kubeconfigText } from '../../services/kubeconfigs/kubeconfig-text.ts';
import {
  type GivenKubeconfig,
  giveKubeconfig,
  listKubeconfigs,
  revokeKubeconfig,
} from '../../services/kubeconfigs/kubeconfigs.ts';
import { rulesInNamespace, rulesOfCluster } from '../../services/kubeconfigs/rules-of-caller.ts';

const kubeconfigRef: TypeRef<GivenKubeconfig> = typeRef<GivenKubeconfig>('ClusterKubeconfig');
const mostNamespaces = 50;
const leastSeconds = 600;
/** Seven days (CMP-15). */
const mostSeconds = 604_800;

interface Made {
  readonly given: GivenKubeconfig;
  readonly text: string | undefined;
}

/** Ways into a cluster with kubectl, with rights of its own and an end (CMP-15). */
export function registerKubeconfigs(builder: LongshoreBuilder): void {
  registerType(builder);
  registerMutation(builder, {
    name: 'createClusterKubeconfig',
    description:
      'Gives you a kubeconfig of a cluster for up to 7 days, with an account of its own. It can do what you can at this moment and no more: see the kinds of Kubernetes itself, without Secrets and without those of engines, and read logs; nothing runs commands in containers. What you may not do any more it loses within ten minutes; what you may do besides it does not get. It is shown once, in this answer, and not kept. Refused with `CLUSTER_KNOWS_CALLERS` where a cluster is reached in your own name: there you have your own (CMP-15).',
    allow: { action: 'ISSUE_KUBECONFIG', subject: namespaceSubject },
    input: (t) => ({
      cluster: t.string({ required: true, description: "The cluster's name." }),
      namespaces: t.stringList({
        description:
          'Namespaces that it is for, up to 50; the first is that of its context. Without them the whole cluster, for administrators.',
      }),
      canWrite: t.boolean({
        required: true,
        defaultValue: false,
        description:
          'Whether it also makes, changes and deletes what you may. The rules of this platform do not watch over what is done with it: for administrators.',
      }),
      validForSeconds: t.int({
        required: true,
        defaultValue: mostSeconds,
        description: 'How long it lives: 600 to 604800, which is 7 days. The cluster may make it less.',
      }),
    }),
    validate: (input) => checkInput(input),
    load: ({ cluster, namespaces }, context): MutationTarget<null> => {
      // Who may not see a cluster finds none.
      context.cluster(cluster);
      return { value: null, instance: instanceIn(cluster, namespaces?.[0]), record: recordOf(cluster) };
    },
    run: async ({ cluster: name, namespaces, canWrite, validForSeconds }, _target, ticket, context) => {
      const { principal, access, clock } = context;
      const cluster = context.cluster(name);
      requireGateway(cluster);
      const places = namespaces ? [...new Set(namespaces)] : undefined;
      requireEverywhere(name, places, canWrite, context);
      await requireThere(cluster, places ?? []);
      const asked = { access, cluster: name };
      const whole = places ? [] : rulesInNamespace(asked, undefined, canWrite);
      const wanted = {
        principal,
        namespaces: places,
        canWrite,
        now: clock.now(),
        seconds: validForSeconds,
        rulesOfCluster: [...rulesOfCluster(asked), ...whole],
        rules: new Map((places ?? []).map((place) => [place, rulesInNamespace(asked, place, canWrite)])),
      };
      const { given, token } = await giveKubeconfig(cluster, wanted, ticket);
      const text =
        token === undefined
          ? undefined
          : kubeconfigText({
              cluster: name,
              endpoint: await cluster.endpoint(),
              user: given.name,
              token,
              namespace: places?.[0],
            });
      const value: Made = { given, text };
      return { value, resultId: idOfOperation(ticket) };
    },
    replay: async (node, context): Promise<Made | null> => {
      if (!isOperationRecord(node)) return null;
      const all = await listKubeconfigs(context.cluster(node.target.cluster ?? ''));
      const given = all.find(({ operation }) => operation === node.id);
      return given ? { given, text: undefined } : null;
    },
    success: {
      description: 'The kubeconfig was made.',
      fields: (t) => ({
        kubeconfig: t.string({
          nullable: true,
          description:
            'Its text, for a file of kubectl, shown this once. Null in a dry run, and where the answer repeats an earlier one.',
          resolve: ({ value }) => value.text ?? null,
        }),
        given: t.field({
          type: kubeconfigRef,
          description: 'What is known of it.',
          resolve: ({ value }) => value.given,
        }),
      }),
    },
  });
  registerMutation(builder, {
    name: 'revokeClusterKubeconfig',
    description:
      'Ends a kubeconfig, your own or as an administrator anybody’s: its token is refused at once, and what was made for it goes. One that has ended stays so (CMP-15).',
    allow: { action: 'CLOSE', subject: closeTerminalSubject },
    input: (t) => ({
      id: t.id({ required: true, description: 'Global id of the operation record by which it was made.' }),
    }),
    load: async ({ id }, context) => {
      const value: unknown = await resolveNode(String(id), context);
      if (!isOperationRecord(value)) throw new NotFoundError('There is no operation record with this id');
      return {
        value,
        instance: { subject: closeTerminalSubject, row: value },
        record: { ...value.target, id: idOf(value.id), plugin: 'compute', type: 'Kubeconfig' },
      };
    },
    check: (_input, { action }) =>
      action === 'createClusterKubeconfig'
        ? []
        : [
            {
              path: ['id'],
              code: 'not_a_kubeconfig',
              message: 'id must be that of the operation record of a kubeconfig',
            },
          ],
    run: async (_input, record, ticket, context) => {
      const cluster = context.cluster(record.target.cluster ?? '');
      const given = (await listKubeconfigs(cluster)).find(({ operation }) => operation === record.id);
      if (given) await revokeKubeconfig(cluster, given.name, ticket);
      return { value: record, resultId: idOf(record.id) };
    },
    success: {
      description: 'It is revoked.',
      fields: (t) => ({
        made: t.field({
          type: operationRecordRef,
          description: 'The record of its making.',
          resolve: ({ value }) => value,
        }),
      }),
    },
    replay: (node) => (isOperationRecord(node) ? node : null),
  });
}

function registerType(builder: LongshoreBuilder): void {
  builder.objectType(kubeconfigRef, {
    description: 'A kubeconfig that was given out. What is in it nobody keeps.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'Name of its account in the cluster.' }),
      madeById: t.id({
        description: 'Global id of the operation record by which it was made: `revokeClusterKubeconfig` takes it.',
        resolve: ({ operation }) => idOf(operation),
      }),
      createdBy: t.string({ description: 'Name of whoever has it.', resolve: ({ principalName }) => principalName }),
      namespaces: t.stringList({
        nullable: true,
        description: 'Where it may do something; null: everywhere.',
        resolve: ({ namespaces }) => (namespaces ? [...namespaces] : null),
      }),
      canWrite: t.boolean({ description: 'Whether it does more than read.', resolve: ({ canWrite }) => canWrite }),
      createdAt: t.field({ type: 'DateTime', description: 'When it was made.', resolve: ({ createdAt }) => createdAt }),
      expiresAt: t.field({ type: 'DateTime', description: 'When it ends.', resolve: ({ expiresAt }) => expiresAt }),
    }),
  });
  builder.objectField(clusterRef, 'kubeconfigs', (t) =>
    t.field({
      type: [kubeconfigRef],
      nullable: true,
      description:
        'Kubeconfigs that were given out and not revoked, the newest first: your own, those of everybody for administrators. Asked of the cluster itself (CMP-15).',
      resolve: async (cluster, _args, { access }) =>
        cluster.identity === 'gateway'
          ? (await listKubeconfigs(cluster)).filter((given) => access.allowed('READ', instanceOf(given)))
          : [],
    }),
  );
}

const namespaceSubject = subjectOf(namespaceKind);
const instanceIn = (cluster: string, namespace: string | undefined) => ({
  subject: namespaceSubject,
  cluster,
  namespace,
  name: namespace,
});
/** It is told of like the operation by which it was made. */
const instanceOf = ({ cluster, principalId }: GivenKubeconfig) => ({
  subject: closeTerminalSubject,
  cluster,
  owner: principalId,
});

const idOf = (key: string): string => encodeGlobalId({ of: 'row', plugin: 'core', type: 'OperationRecord', key });

const recordOf = (cluster: string) => ({
  plugin: 'compute',
  type: 'Kubeconfig',
  id: encodeGlobalId({ of: 'row', plugin: 'core', type: 'Cluster', key: cluster }),
  kind: 'Kubeconfig',
  name: cluster,
  cluster,
});

function checkInput(input: {
  readonly namespaces?: readonly string[] | null | undefined;
  readonly validForSeconds: number;
}): ValidationIssue[] {
  const { namespaces, validForSeconds } = input;
  const issues: ValidationIssue[] = [];
  if (namespaces && (namespaces.length === 0 || namespaces.length > mostNamespaces)) {
    const code = namespaces.length === 0 ? 'too_small' : 'too_big';
    const message = `namespaces names 1 to ${mostNamespaces} namespaces, got ${namespaces.length}; without it the whole cluster is meant`;
    issues.push({ path: ['namespaces'], code, message });
  }
  if (validForSeconds < leastSeconds || validForSeconds > mostSeconds) {
    const code = validForSeconds < leastSeconds ? 'too_small' : 'too_big';
    const message = `validForSeconds must be ${leastSeconds} to ${mostSeconds}, got ${validForSeconds}`;
    issues.push({ path: ['validForSeconds'], code, message });
  }
  return issues;
}

function requireGateway({ name, identity }: Cluster): void {
  if (identity === 'gateway') return;
  const message = `Cluster '${name}' knows you by your own name: use your own kubeconfig there`;
  throw new PreconditionError('CLUSTER_KNOWS_CALLERS', message);
}

async function requireThere(cluster: Cluster, namespaces: readonly string[]): Promise<void> {
  const reader = cluster.reader(systemPrincipal);
  for (const namespace of namespaces) {
    const found = await reader.get(namespaceKind, undefined, namespace);
    if (!found) throw new NotFoundError(`There is no namespace '${namespace}' in the cluster '${cluster.name}'`);
  }
}

function requireEverywhere(
  cluster: string,
  namespaces: readonly string[] | undefined,
  canWrite: boolean,
  { access }: RequestContext,
): void {
  for (const namespace of namespaces ?? [undefined]) {
    const instance = instanceIn(cluster, namespace);
    access.requireAllowed('ISSUE_KUBECONFIG', instance);
    if (canWrite && !access.allowed('ISSUE_WRITING_KUBECONFIG', instance)) {
      throw new ForbiddenError('You may have a kubeconfig that reads, and none that writes');
    }
  }
}
