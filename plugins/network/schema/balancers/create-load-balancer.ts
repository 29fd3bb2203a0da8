import { descriptionAnnotation, descriptionText, displayNameAnnotation } from 'longshore/plugins/core';
import {
  AnswerError,
  answerOf,
  type ChangedThing,
  type Cluster,
  ConflictError,
  checkText,
  dryRunTicket,
  encodeGlobalId,
  errorRef,
  type FieldBuilder,
  idOfObject,
  type LongshoreBuilder,
  type MutationSuccess,
  named,
  type OperationHandle,
  PreconditionError,
  type Profile,
  QuotaExceededError,
  type RequestContext,
  readObject,
  registerMutation,
  subjectOf,
  systemPrincipal,
  type TypeRef,
  typeRef,
  type ValidationIssue,
} from 'longshore/sdk';
import {
  lbBandwidthMax,
  lbDisplayName,
  lbInstancesMax,
  lbPublicAddressQuota,
  lbQuota,
} from '../../profile-keys/balancers.ts';
import {
  type BalancerType,
  chooseClass,
  countBalancers,
  typeOfClass,
} from '../../services/balancers/balancer-classes.ts';
import { placeholderEntry } from '../../services/balancers/balancer-facts.ts';
import { bandwidthAnnotation } from '../../services/balancers/bandwidth.ts';
import { isSamePort } from '../../services/balancers/change-listeners.ts';
import {
  checkListener,
  checkOffered,
  entryOf,
  kubernetesName,
  type ListenerForm,
  requirePortAllowed,
} from '../../services/balancers/check-listener.ts';
import {
  type GatewayClassObject,
  type GatewayObject,
  gatewayClassKind,
  gatewayGroup,
  gatewayKind,
  tcpRouteKind,
} from '../../services/balancers/gateway-kinds.ts';
import { requireServed } from '../../services/balancers/missing-engine.ts';
import { loadBalancerRef } from './balancer-types.ts';
import { listenerInputRef } from './listener-input.ts';

/** Most clusters of one call; a client with more calls again. */
const mostClusters = 100;

/** What became of one load balancer. */
interface Result {
  readonly cluster: string;
  readonly name: string;
  readonly object?: GatewayObject;
  readonly error?: AnswerError;
}

/** One that is to be made. */
interface Planned {
  readonly cluster: Cluster;
  readonly name: string;
  readonly manifest: object;
}

interface Wish {
  readonly namespace: string;
  readonly name: string;
  readonly clusters: readonly string[];
  readonly type: string;
  readonly className?: string | null | undefined;
  readonly displayName?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly bandwidthMbps?: number | null | undefined;
  readonly instances: number;
  readonly listeners?: readonly ListenerForm[] | null | undefined;
}

const resultRef: TypeRef<Result> = typeRef<Result>('LoadBalancerResult');
const subject = subjectOf(gatewayKind);

/** Making load balancers, in one cluster or several (NET-15, NET-20). */
export function registerCreateLoadBalancer(builder: LongshoreBuilder): void {
  registerResult(builder);
  registerMutation(builder, {
    name: 'createLoadBalancer',
    description:
      'Makes a load balancer, the same in each of the clusters, perhaps several there. All are checked first, also by the clusters: nothing is made where one of them is refused. Then each is made by itself, and what fails leaves the others as they are. Addresses come a little later: `loadBalancerChanges`. It may have listeners from the start, or none.',
    allow: { action: 'CREATE', subject },
    input: (t) => ({
      clusters: t.stringList({ required: true, description: `Names of the clusters, 1 to ${mostClusters}.` }),
      namespace: t.string({
        required: true,
        description:
          'Namespace that it lies in. It is in the same network (VPC) as the pods of that namespace (NET-14).',
      }),
      name: t.string({
        required: true,
        description:
          "Its name, unique in the namespace: up to 63 lower-case letters, digits and '-'. With several instances each has `-1`, `-2`, … behind it.",
      }),
      displayName: t.string({ description: 'What people call it, by the rule `lb.displayName` of the profile.' }),
      description: t.string({ description: 'What it is for, by the rule `description.text` of the profile.' }),
      type: t.field({
        type: named('OfferedLoadBalancerType'),
        required: true,
        defaultValue: 'PUBLIC' as never,
        description: 'From where it shall be reached: a class of this type is taken. Without meaning with `className`.',
      }),
      className: t.string({
        description: 'Its class, where it shall be a certain one: `loadBalancerClasses` has them.',
      }),
      bandwidthMbps: t.int({
        description: 'Peak bandwidth in Mbps, up to `lb.bandwidthMax` of the profile; none where absent.',
      }),
      instances: t.int({
        required: true,
        defaultValue: 1,
        description: 'How many alike in each cluster, 1 to `lb.instancesMax` of the profile.',
      }),
      listeners: t.field({
        type: [listenerInputRef],
        description: 'Listeners from the start, up to 64; backend groups are bound to them later.',
      }),
    }),
    validate: (input) => checkWish(input as unknown as Wish),
    load: (input, context) => {
      const { clusters, namespace, name } = input;
      const [first = ''] = clusters;
      context.cluster(first);
      return {
        value: input as unknown as Wish,
        instance: { subject, cluster: first, namespace, name },
        record: {
          plugin: 'network',
          type: 'LoadBalancer',
          id: idOf(first, namespace, nameOf(input as unknown as Wish, 0)),
          cluster: first,
          namespace,
          kind: 'Gateway',
          name,
        },
      };
    },
    check: (_input, wish, context) => {
      for (const cluster of wish.clusters) {
        context.cluster(cluster);
        context.access.requireAllowed('CREATE', { subject, cluster, namespace: wish.namespace, name: wish.name });
      }
      const { profiles } = context.services;
      return wish.clusters.flatMap((cluster) =>
        checkByProfile(wish, profiles.at({ cluster, namespace: wish.namespace })),
      );
    },
    run: async (_input, wish, ticket, context) => {
      const planned = (await Promise.all(wish.clusters.map((name) => planIn(name, wish, context)))).flat();
      const tried = await makeAll(planned, ticket.isDryRun ? ticket : dryRunTicket, context);
      const refused = tried.find(({ error }) => error !== undefined)?.error;
      if (refused) throw refused;
      const results = ticket.isDryRun ? tried : await makeAll(planned, ticket, context);
      const failed = results.flatMap(({ error }) => error ?? []);
      if (failed[0] && failed.length === results.length) throw failed[0];
      const recorded = results.flatMap(({ object }): ChangedThing[] =>
        object ? [{ before: undefined, after: object, object: idOfObject(object) }] : [],
      );
      const [first = ''] = wish.clusters;
      return { value: results, resultId: idOf(first, wish.namespace, nameOf(wish, 0)), recorded };
    },
    replay: async (_node, context, input): Promise<readonly Result[]> => {
      const wish = input as unknown as Wish;
      const asked = wish.clusters.flatMap((cluster) => namesOf(wish).map((name) => ({ cluster, name })));
      return Promise.all(
        asked.map(async ({ cluster, name }) => {
          const object = await readObject(context, gatewayKind, cluster, wish.namespace, name);
          return { cluster, name, ...(object ? { object } : {}) };
        }),
      );
    },
    success: {
      description: 'What could be made is made.',
      fields: (t: FieldBuilder<MutationSuccess<readonly Result[]>>) => ({
        results: t.field({
          type: [resultRef],
          description: 'What became of each, cluster by cluster in the order of the input.',
          resolve: ({ value }) => [...value],
        }),
      }),
    },
  });
}

const idOf = (cluster: string, namespace: string, name: string): string =>
  encodeGlobalId({ of: 'kubernetes', cluster, group: gatewayGroup, kind: 'Gateway', namespace, name });

const nameOf = ({ name, instances }: Wish, index: number): string => (instances > 1 ? `${name}-${index + 1}` : name);
const namesOf = (wish: Wish): readonly string[] =>
  Array.from({ length: wish.instances }, (_, index) => nameOf(wish, index));

function checkWish({ clusters, name, bandwidthMbps, instances, listeners }: Wish): readonly ValidationIssue[] {
  const entries = listeners ?? [];
  return [
    ...checkClusters(clusters),
    ...checkText(kubernetesName, 'name', name),
    ...(bandwidthMbps !== null && bandwidthMbps !== undefined && bandwidthMbps < 1
      ? [
          {
            path: ['bandwidthMbps'],
            code: 'too_small',
            message: `bandwidthMbps must be at least 1, got ${bandwidthMbps}`,
          },
        ]
      : []),
    ...(instances < 1
      ? [{ path: ['instances'], code: 'too_small', message: `instances must be at least 1, got ${instances}` }]
      : []),
    ...(entries.length > 64
      ? [
          {
            path: ['listeners'],
            code: 'too_big',
            message: `listeners must have up to 64 entries, got ${entries.length}`,
          },
        ]
      : []),
    ...entries.flatMap((entry, index) => checkListener(entry, ['listeners', index])),
    ...entries.flatMap((entry, index) => checkTaken(entry, entries.slice(0, index), ['listeners', index])),
  ];
}

export function checkClusters(clusters: readonly string[]): readonly ValidationIssue[] {
  const refuse = (code: string, message: string) => [{ path: ['clusters'], code, message }];
  if (clusters.length === 0) return refuse('too_small', `clusters must have 1 to ${mostClusters} entries, got 0`);
  if (clusters.length > mostClusters)
    return refuse('too_big', `clusters must have 1 to ${mostClusters} entries, got ${clusters.length}`);
  return new Set(clusters).size < clusters.length ? refuse('duplicate', 'clusters must not name one twice') : [];
}

function checkTaken(
  entry: ListenerForm,
  others: readonly ListenerForm[],
  path: readonly (string | number)[],
): readonly ValidationIssue[] {
  return [
    ...(others.some(({ name }) => name === entry.name)
      ? [{ path: [...path, 'name'], code: 'duplicate', message: `Two listeners have the name '${entry.name}'` }]
      : []),
    ...(others.some((other) => isSamePort(other, entry))
      ? [{ path: [...path, 'port'], code: 'port_taken', message: `Two listeners have the port ${entry.port}` }]
      : []),
  ];
}

/** What the profile of one place has against it. Throws `PreconditionError` for a sensitive port. */
function checkByProfile(wish: Wish, profile: Profile): readonly ValidationIssue[] {
  const { displayName, description, bandwidthMbps, instances, listeners } = wish;
  for (const { port } of listeners ?? []) requirePortAllowed(port, profile);
  const most = profile.get(lbInstancesMax);
  return [
    ...(displayName ? checkText(profile.get(lbDisplayName), 'displayName', displayName) : []),
    ...checkText(profile.get(descriptionText), 'description', description ?? ''),
    ...checkBandwidth(bandwidthMbps, profile),
    ...(instances > most
      ? [{ path: ['instances'], code: 'too_big', message: `instances must be 1 to ${most}, got ${instances}` }]
      : []),
    ...(listeners ?? []).flatMap(({ protocol }, index) =>
      checkOffered(protocol, profile, ['listeners', index, 'protocol']),
    ),
  ];
}

export function checkBandwidth(bandwidthMbps: number | null | undefined, profile: Profile): readonly ValidationIssue[] {
  const most = profile.get(lbBandwidthMax);
  if (bandwidthMbps === null || bandwidthMbps === undefined || most === null || bandwidthMbps <= most) return [];
  const message = `bandwidthMbps must be 1 to ${most}, got ${bandwidthMbps}`;
  return [{ path: ['bandwidthMbps'], code: 'too_big', message }];
}

/** What is to be made in one cluster. Throws answer errors: no Gateway API, no such class, the quota. */
async function planIn(name: string, wish: Wish, context: RequestContext): Promise<readonly Planned[]> {
  const cluster = context.cluster(name);
  requireServed(cluster, gatewayKind);
  // What the cluster holds as a whole is the measure, whoever may see it.
  const reader = cluster.reader(systemPrincipal, context.signal);
  const classes = (await reader.list(gatewayClassKind)).items as readonly GatewayClassObject[];
  const chosen = classFor(wish, classes, name);
  const gateways = (await reader.list(gatewayKind)).items as readonly GatewayObject[];
  requireQuota(wish, typeOfClass(chosen), countBalancers(gateways, classes), name, context);
  const listeners = (wish.listeners ?? []).map(entryOf);
  const placeholder = placeholderEntry(cluster.serves(tcpRouteKind) ? 'TCP' : 'HTTP');
  const { bandwidthMbps, description, displayName, namespace } = wish;
  const bandwidth = bandwidthMbps ? { [bandwidthAnnotation]: String(bandwidthMbps) } : {};
  const annotations = {
    ...(displayName ? { [displayNameAnnotation]: displayName } : {}),
    ...(description ? { [descriptionAnnotation]: description } : {}),
    ...bandwidth,
  };
  return namesOf(wish).map((each) => ({
    cluster,
    name: each,
    manifest: {
      metadata: { namespace, name: each, ...(Object.keys(annotations).length > 0 ? { annotations } : {}) },
      spec: {
        gatewayClassName: chosen.metadata.name,
        listeners: listeners.length > 0 ? listeners : [placeholder],
        ...(bandwidthMbps ? { infrastructure: { annotations: bandwidth } } : {}),
      },
    },
  }));
}

function classFor(
  { className, type }: Wish,
  classes: readonly GatewayClassObject[],
  cluster: string,
): GatewayClassObject {
  const chosen = className
    ? classes.find(({ metadata }) => metadata.name === className)
    : chooseClass(classes, type as BalancerType);
  if (chosen) return chosen;
  throw new PreconditionError(
    'NO_LOAD_BALANCER_CLASS',
    className
      ? `Cluster '${cluster}' has no class of load balancers '${className}'`
      : `Cluster '${cluster}' has no class of load balancers that is labelled ${type}: name a class, or have one labelled`,
  );
}

function requireQuota(
  { instances, namespace }: Wish,
  type: BalancerType,
  used: ReturnType<typeof countBalancers>,
  cluster: string,
  { services }: RequestContext,
): void {
  const profile = services.profiles.at({ cluster, namespace });
  const refuse = (what: string, have: number, most: number): never => {
    throw new QuotaExceededError(
      `Cluster '${cluster}' has ${have} of ${most} ${what} by the profile '${profile.name}': ${instances} more are too many`,
    );
  };
  const most = profile.get(lbQuota);
  if (most !== null && used.all + instances > most) refuse('load balancers', used.all, most);
  const mostPublic = profile.get(lbPublicAddressQuota);
  if (type === 'PUBLIC' && mostPublic !== null && used.publicOnes + instances > mostPublic) {
    refuse('public addresses', used.publicOnes, mostPublic);
  }
}

async function makeAll(
  planned: readonly Planned[],
  ticket: OperationHandle,
  context: RequestContext,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const { cluster, name, manifest } of planned) {
    const from = { cluster: cluster.name, name };
    try {
      const { object } = await cluster.writer(context.principal).create(ticket, gatewayKind, manifest);
      results.push({ ...from, object: object as GatewayObject });
    } catch (error) {
      if (!(error instanceof AnswerError)) throw error;
      results.push({ ...from, error: told(error, from) });
    }
  }
  return results;
}

/** One of several: which it was belongs to the words. */
function told(error: AnswerError, { cluster, name }: Pick<Result, 'cluster' | 'name'>): AnswerError {
  if (!(error instanceof ConflictError)) return error;
  return new ConflictError(`Cluster '${cluster}' has a load balancer '${name}' there already`, { cause: error });
}

function registerResult(builder: LongshoreBuilder): void {
  builder.enumType('OfferedLoadBalancerType', {
    description: 'From where a new load balancer shall be reached.',
    values: {
      PUBLIC: { description: 'From outside.' },
      INTERNAL: { description: 'From inside the network alone.' },
    } as const,
  });
  builder.objectType(resultRef, {
    description: 'What became of one load balancer of several.',
    fields: (t) => ({
      cluster: t.exposeString('cluster', { description: 'Its cluster.' }),
      name: t.exposeString('name', { description: 'Its name.' }),
      ok: t.boolean({ description: 'Whether it is made.', resolve: ({ object }) => object !== undefined }),
      loadBalancer: t.field({
        type: loadBalancerRef,
        nullable: true,
        description: 'The load balancer; in a dry run as it would be. Null where it was not made, or is gone again.',
        resolve: ({ object }) => object ?? null,
      }),
      error: t.field({
        type: errorRef,
        nullable: true,
        description: 'Why it was not made; null where it was.',
        resolve: ({ error }) => (error ? answerOf(error) : null),
      }),
    }),
  });
}
