import {
  type AnyKubeObject,
  followKubernetesObjects,
  type KubeObject,
  type KubernetesFilter,
  kubernetesObjectRef,
  type LongshoreBuilder,
  listTypeOf,
  type MaybePromise,
  mapMaybe,
  RequestError,
  registerList,
  registerQuery,
  registerSubscription,
  subjectOf,
} from 'longshore/sdk';
import { findServedKind } from './find-kind.ts';

const everyObjectGuarded = 'Any kind can be named; each object is asked for the rights of its own kind';

const kindDescriptions = {
  cluster: 'Name of the cluster.',
  apiVersion: 'Group and version, e.g. `apps/v1` or `v1`.',
  kind: 'Kind, e.g. `Deployment`.',
};

interface KindArguments {
  readonly cluster: string;
  readonly apiVersion: string;
  readonly kind: string;
}

/** Any object of any served kind, so that nobody is stuck because a plugin lacks a type. */
export function registerKubernetesObjects(builder: LongshoreBuilder): void {
  registerQuery(builder, {
    name: 'object',
    description: 'One object of any kind that the cluster serves; null where it is not there or not for you.',
    allow: { public: everyObjectGuarded },
    type: kubernetesObjectRef,
    nullable: true,
    args: (t) => ({
      cluster: t.string({ required: true, description: kindDescriptions.cluster }),
      apiVersion: t.string({ required: true, description: kindDescriptions.apiVersion }),
      kind: t.string({ required: true, description: kindDescriptions.kind }),
      namespace: t.string({ description: 'Its namespace; leave it out for kinds that have none.' }),
      name: t.string({ required: true, description: 'Its name.' }),
    }),
    resolve: ({ cluster, apiVersion, kind, namespace, name }, context) => {
      if (!context.clusters.get(cluster)) return null;
      const object = mapMaybe(findServedKind(context, cluster, apiVersion, kind), (found) => {
        if (found.isNamespaced !== isSet(namespace) || name === '') return null;
        return context.kube(cluster).get(found, namespace ?? undefined, name) as MaybePromise<
          AnyKubeObject | undefined
        >;
      }) as MaybePromise<AnyKubeObject | null | undefined>;
      return mapMaybe(object, (found) => found ?? null);
    },
  });

  const list = listTypeOf<AnyKubeObject, KubernetesFilter>(builder, 'KubernetesObject');
  registerList(builder, {
    name: 'objects',
    description: 'Objects of any kind that the cluster serves.',
    allow: { public: everyObjectGuarded },
    list,
    args: (t) => ({
      cluster: t.string({ required: true, description: kindDescriptions.cluster }),
      apiVersion: t.string({ required: true, description: kindDescriptions.apiVersion }),
      kind: t.string({ required: true, description: kindDescriptions.kind }),
    }),
    rows: (args, context) => {
      const { cluster, apiVersion, kind } = args as unknown as KindArguments;
      const { namespaces, labelSelector } = args.filter ?? {};
      return mapMaybe(findServedKind(context, cluster, apiVersion, kind), (found) =>
        context.kube(cluster).list(found, {
          ...(namespaces && found.isNamespaced ? { namespaces } : {}),
          ...(labelSelector ? { labelSelector } : {}),
        }),
      ) as ReturnType<ReturnType<typeof context.kube>['list']>;
    },
  });

  registerSubscription<KubeObject>(builder, {
    name: 'objectChanges',
    description: 'Objects of any kind that the cluster serves, now and as they change.',
    allow: { public: everyObjectGuarded },
    itemField: 'object',
    itemType: kubernetesObjectRef,
    itemDescription: 'The object as it now is; for DELETED as it last was.',
    isThrottled: true,
    args: (t) =>
      ({
        cluster: t.string({ required: true, description: kindDescriptions.cluster }),
        apiVersion: t.string({ required: true, description: kindDescriptions.apiVersion }),
        kind: t.string({ required: true, description: kindDescriptions.kind }),
        filter: t({ type: list.filterType as never, description: 'Which objects to follow.' }),
      }) as never,
    subscribe: async (args, context) => {
      const { cluster, apiVersion, kind, filter } = args as unknown as KindArguments & {
        filter?: KubernetesFilter | null;
      };
      const found = await findServedKind(context, cluster, apiVersion, kind);
      if (!context.access.mayEver('READ', subjectOf(found))) {
        throw new RequestError('FORBIDDEN', `Your roles do not allow to follow ${found.plural}`);
      }
      const matches = list.compileFilter(filter, context);
      return followKubernetesObjects({
        topic: `objectChanges:${subjectOf(found)}`,
        kinds: [found],
        cluster,
        matches,
        scope: JSON.stringify([cluster, apiVersion, kind, filter ?? null]),
        args,
        context,
      });
    },
  });
}

const isSet = (value: string | null | undefined): boolean => value !== null && value !== undefined && value !== '';
