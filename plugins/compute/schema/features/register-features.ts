import {
  type Cluster,
  clusterRef,
  encodeGlobalId,
  InUseError,
  idOfOperation,
  isOperationRecord,
  type LongshoreBuilder,
  type MaybePromise,
  type MutationTarget,
  mapMaybe,
  nameUsers,
  type RaisedWarning,
  type RequestContext,
  registerMutation,
  systemPrincipal,
  typeRef,
} from 'longshore/sdk';
import { type DecidedFeatures, featureSwitchesRef } from '../../services/features/cluster-features.ts';
import { type FeatureOffer, offerOf, requireInjector, requireOffer } from '../../services/features/feature-offers.ts';
import { type FeatureName, featureNames, isFeatureOn } from '../../services/features/feature-state.ts';
import { usersOf } from '../../services/features/feature-uses.ts';
import { logBackendsRef } from '../../services/log-search/log-backends.ts';

interface SeenFeature extends FeatureOffer {
  readonly name: FeatureName;
  readonly cluster: Cluster;
  readonly decided: DecidedFeatures;
}

const clusterSubject = 'core/Cluster';
const featureRef = typeRef<SeenFeature>('ClusterFeature');
const featuresRef = typeRef<Cluster>('ClusterFeatures');

/** Mesh and log service of clusters that are there (CMP-16). */
export function registerFeatures(builder: LongshoreBuilder): void {
  registerTypes(builder);
  registerMutation(builder, {
    name: 'updateClusterFeatures',
    description:
      'Switches the service mesh and the log service of a cluster on or off, for administrators. On, versions of app services may have their pods in the mesh, and workloads may have their logs collected; off, neither is taken from anybody any more, by form or YAML. Nothing is installed: switching on what the cluster does not have answers CAPABILITY_MISSING with what cures it. The mesh stays on while workloads are in it (IN_USE); logs of workloads go on being collected until these are changed, which is to be acknowledged (LOGS_STILL_COLLECTED) (CMP-16).',
    allow: { action: 'UPDATE', subject: clusterSubject },
    input: (t) => ({
      cluster: t.string({ required: true, description: "The cluster's name." }),
      mesh: t.boolean({
        description: 'Whether its service mesh is used; null: as the profile has it. As it is where absent.',
      }),
      logs: t.boolean({
        description: 'Whether its log service is used; null: as the profile has it. As it is where absent.',
      }),
      version: t.int({ description: 'The `features.version` that was read: refused where it has another by now.' }),
    }),
    load: ({ cluster: name }, context): MutationTarget<Cluster> => ({
      value: context.cluster(name),
      instance: { subject: clusterSubject, cluster: name, name },
      record: {
        ...{ plugin: 'core', type: 'Cluster', kind: 'Cluster', name, cluster: name },
        id: encodeGlobalId({ of: 'row', plugin: 'core', type: 'Cluster', key: name }),
      },
    }),
    check: ({ mesh, logs }) =>
      mesh === undefined && logs === undefined
        ? [{ path: [], code: 'empty', message: 'Say what becomes of mesh or logs' }]
        : [],
    warn: {
      codes: ['LOGS_STILL_COLLECTED'],
      find: async ({ logs }, cluster: Cluster, context) =>
        goesOff('logs', logs, cluster, context) ? warnOfCollected(cluster, context) : [],
    },
    run: async ({ mesh, logs, version }, cluster: Cluster, ticket, context) => {
      const told: string[] = [];
      for (const [name, wanted] of [
        ['mesh', mesh],
        ['logs', logs],
      ] as const) {
        if (wanted === true) requireOffer(name, cluster.name, await load(name, cluster, context));
      }
      if (mesh === true && !(await requireInjector(cluster))) {
        told.push('Whether the sidecar injector of the mesh runs could not be looked up: the gateway may not read it.');
      }
      if (goesOff('mesh', mesh, cluster, context)) await requireUnused(cluster, context);
      const changes = { ...(mesh === undefined ? {} : { mesh }), ...(logs === undefined ? {} : { logs }) };
      const switches = context.service(featureSwitchesRef);
      const { before, after } = await switches.set(
        cluster.name,
        changes,
        version ?? undefined,
        context.principal,
        ticket,
      );
      return {
        value: cluster,
        resultId: idOfOperation(ticket),
        before: recorded(before),
        after: recorded(after),
        warnings: told,
      };
    },
    replay: (node, context): Cluster | null =>
      isOperationRecord(node) ? (context.clusters.get(node.target.cluster ?? '') ?? null) : null,
    success: {
      description: 'The switches stand as wanted.',
      fields: (t) => ({
        cluster: t.field({
          type: clusterRef,
          description: 'The cluster; in a dry run as it is.',
          resolve: ({ value }) => value,
        }),
      }),
    },
  });
}

function registerTypes(builder: LongshoreBuilder): void {
  builder.objectType(featureRef, {
    description: 'Something that a cluster may have as a whole, and administrators switch on and off.',
    fields: (t) => ({
      isAvailable: t.boolean({
        description: 'Whether something is found in the cluster that does it.',
        resolve: ({ engines }) => engines.length > 0,
      }),
      engines: t.stringList({
        description: 'What was found, e.g. `Istio`, `Loki` or `Fluent Bit`.',
        resolve: ({ engines }) => [...engines],
      }),
      hint: t.string({
        nullable: true,
        description: 'What would cure it that nothing is found; null where something is.',
        resolve: ({ hint }) => hint ?? null,
      }),
      isEnabled: t.boolean({
        description: 'Whether it may be used: as was decided, else as the profile of the cluster has it.',
        resolve: ({ name, cluster, decided }, _args, context) =>
          isFeatureOn(name, decided, context.services.profiles.at({ cluster: cluster.name })),
      }),
      isDecided: t.boolean({
        description:
          'Whether an administrator decided so; else the profile of a place has its say (`cluster.featuresBySwitch`).',
        resolve: ({ name, decided }) => decided[name] !== null,
      }),
    }),
  });
  const feature = (name: FeatureName, description: string) => ({
    description,
    type: featureRef,
    resolve: (cluster: Cluster, _args: unknown, context: RequestContext) =>
      mapMaybe(
        load(name, cluster, context),
        (offer): SeenFeature => ({
          ...offer,
          ...{ name, cluster, decided: decidedOf(cluster, context) },
        }),
      ),
  });
  builder.objectType(featuresRef, {
    description: 'What of a cluster as a whole administrators switch on and off (CMP-16).',
    fields: (t) => ({
      mesh: t.field(feature('mesh', 'Its service mesh: whether pods of app services may get its sidecar.')),
      logs: t.field(feature('logs', 'Its log service: whether workloads may have their logs collected.')),
      version: t.int({
        description: 'For optimistic locking: 0 while nobody has decided, one more with each change.',
        resolve: (cluster, _args, context) => decidedOf(cluster, context).version,
      }),
      changedBy: t.string({
        nullable: true,
        description: 'Name of who changed it last.',
        resolve: (cluster, _args, context) => decidedOf(cluster, context).changedBy ?? null,
      }),
      changedAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'When it was changed last.',
        resolve: (cluster, _args, context) => decidedOf(cluster, context).changedAt ?? null,
      }),
    }),
  });
  builder.objectField(clusterRef, 'features', (t) =>
    t.field({
      type: featuresRef,
      description:
        'What is switched on in it: `updateClusterFeatures` does that, and `clusterChanges` tells of it (CMP-16).',
      resolve: (cluster) => cluster,
    }),
  );
}

/** Not of caches alone, so the answer is nobody else's. */
function decidedOf({ name }: Cluster, context: RequestContext): DecidedFeatures {
  context.reads.touch();
  return context.service(featureSwitchesRef).of(name);
}

/** What is there is the same for everybody: as the platform sees it, and by names of products alone. */
function load(name: FeatureName, cluster: Cluster, context: RequestContext): MaybePromise<FeatureOffer> {
  context.reads.touch();
  // Many rows of an answer may be of one cluster.
  const known = context.memo(offers, () => new Map<string, MaybePromise<FeatureOffer>>());
  const key = `${name} ${cluster.name}`;
  let offer = known.get(key);
  if (offer === undefined) {
    const reader = cluster.reader(systemPrincipal, context.signal);
    offer = offerOf(name, cluster, reader, context.service(logBackendsRef).has(cluster.name));
    known.set(key, offer);
  }
  return offer;
}

const offers = {};

function goesOff(
  name: FeatureName,
  wanted: boolean | null | undefined,
  cluster: Cluster,
  context: RequestContext,
): boolean {
  if (wanted === undefined || wanted === true) return false;
  const profile = context.services.profiles.at({ cluster: cluster.name });
  const decided = context.service(featureSwitchesRef).of(cluster.name);
  return isFeatureOn(name, decided, profile) && !isFeatureOn(name, { ...decided, [name]: wanted }, profile);
}

async function requireUnused(cluster: Cluster, context: RequestContext): Promise<void> {
  const users = await usersOf('mesh', cluster.reader(systemPrincipal, context.signal));
  if (users.length === 0) return;
  const { words, references } = nameUsers(users, context);
  throw new InUseError(
    `The mesh of '${cluster.name}' stays on while the pods of these are in it: ${words}`,
    references,
  );
}

async function warnOfCollected(cluster: Cluster, context: RequestContext): Promise<readonly RaisedWarning[]> {
  const users = await usersOf('logs', cluster.reader(systemPrincipal, context.signal));
  if (users.length === 0) return [];
  const { words } = nameUsers(users, context);
  const message = `Logs of ${users.length} workloads go on being collected until these are changed: ${words}.`;
  return [{ code: 'LOGS_STILL_COLLECTED', message, path: ['logs'] }];
}

const recorded = (decided: DecidedFeatures) =>
  Object.fromEntries(
    featureNames.map((name) => [name, decided[name] === null ? 'BY_PROFILE' : decided[name] ? 'ON' : 'OFF']),
  );
