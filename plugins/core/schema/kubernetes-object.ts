import {
  type AnyKubeObject,
  allMaybe,
  clusterRef,
  defineKubernetesList,
  type FieldBuilder,
  genericObjectTypeName,
  idOfObject,
  type KubeObject,
  kubernetesObjectRef,
  type LongshoreBuilder,
  mapMaybe,
  nodeRef,
  operationsField,
  origin,
  type RequestContext,
  relationField,
  resolveTypeOfNode,
  typeRef,
  viewerCanField,
} from 'longshore/sdk';
import { eventKind, labelTypeRef } from '../api.ts';
import { printYaml } from '../services/manifest/print-yaml.ts';
import { loadOwned } from '../services/object/load-owned.ts';
import { loadOwners } from '../services/object/load-owners.ts';
import { normalizeConditions } from '../services/object/normalize-conditions.ts';
import { resolvePointer } from '../services/object/resolve-pointer.ts';
import { maskSecret } from '../services/secret/mask-secret.ts';
import { conditionRef } from './condition.ts';
import { findReferredKind } from './find-kind.ts';
import { toLabels } from './label.ts';

type Fields = FieldBuilder<AnyKubeObject>;

/** What every Kubernetes object answers, typed or not, and the list of any of them. */
export function registerKubernetesObject(builder: LongshoreBuilder): void {
  builder.interfaceType(kubernetesObjectRef, {
    description: 'Any object of a cluster, whatever its kind. Typed kinds add fields of their own.',
    interfaces: [nodeRef] as never,
    resolveType: resolveTypeOfNode as never,
    fields: ((t: Fields) => ({
      ...identityFields(t),
      ...stateFields(t),
      ...relationFields(builder, t),
      ...wholeFields(t),
      ...viewerCanField<AnyKubeObject>(t, (object) => object as KubeObject),
    })) as never,
  });
  builder.objectType(typeRef<AnyKubeObject>(genericObjectTypeName), {
    description: 'An object of a kind that no plugin has given a type of its own; `json` has all of it.',
    interfaces: [nodeRef, kubernetesObjectRef] as never,
  });
  defineKubernetesList<AnyKubeObject>(builder, {
    name: 'KubernetesObject',
    node: kubernetesObjectRef,
    plural: 'objects',
    isNamespaced: true,
    orders: { KIND: { description: 'By kind.', value: (object) => object.kind } },
  });
}

function identityFields(t: Fields) {
  return {
    cluster: t.field({
      type: clusterRef,
      description: 'The cluster it lives in.',
      resolve: (object, _args, context) => context.cluster(object[origin].cluster),
    }),
    apiVersion: t.exposeString('apiVersion', { description: 'Group and version, e.g. `apps/v1`.' }),
    kind: t.exposeString('kind', { description: 'Kind, e.g. `Deployment`.' }),
    namespace: t.string({
      nullable: true,
      description: 'Its namespace; null for a kind that has none.',
      resolve: (object) => object.metadata.namespace ?? null,
    }),
    name: t.string({
      description: 'Its name, unique among its kind in its namespace.',
      resolve: (object) => object.metadata.name,
    }),
    uid: t.string({
      description: 'What tells it from an earlier object of the same name.',
      resolve: (object) => object.metadata.uid,
    }),
    labels: t.field({
      type: [labelTypeRef],
      description: 'Its labels.',
      resolve: (object) => toLabels(object.metadata.labels),
    }),
    annotations: t.field({
      type: [labelTypeRef],
      description: 'Its annotations, without the one in which kubectl keeps the text last applied.',
      resolve: (object) => toLabels(object.metadata.annotations),
    }),
    finalizers: t.stringList({
      description: 'Who must agree before it is gone.',
      resolve: (object) => [...(object.metadata.finalizers ?? [])],
    }),
  };
}

function stateFields(t: Fields) {
  return {
    createdAt: t.field({
      type: 'DateTime',
      description: 'When the cluster accepted it.',
      resolve: (object) => object.metadata.creationTimestamp,
    }),
    deletionRequestedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'When somebody deleted it, or will have by its grace period; it stays until its finalizers are done.',
      resolve: (object) => object.metadata.deletionTimestamp ?? null,
    }),
    resourceVersion: t.string({
      description: 'Changes with every write to it. Opaque; empty for what a dry run would make.',
      // A cluster gives no version to what it was only asked about.
      resolve: (object) => object.metadata.resourceVersion ?? '',
    }),
    conditions: t.field({
      type: [conditionRef],
      description: 'Its `status.conditions`, as its controllers set them.',
      resolve: (object) => [...normalizeConditions(object)],
    }),
  };
}

function relationFields(builder: LongshoreBuilder, t: Fields) {
  return {
    owners: t.field({
      type: [kubernetesObjectRef],
      description: 'What owns it, the controller first; owners that you may not see or that are gone are left out.',
      resolve: (object, _args, context) => {
        const { cluster } = object[origin];
        return loadOwners({
          object: object as KubeObject,
          reader: context.kube(cluster),
          findKind: (apiVersion, kind) => findReferredKind(context, cluster, apiVersion, kind),
        }) as never;
      },
    }),
    owned: relationField<AnyKubeObject, AnyKubeObject>(builder, t, {
      description: 'What it owns, of all kinds with a type.',
      of: 'KubernetesObject',
      rows: (object, context) => {
        const cluster = context.cluster(object[origin].cluster);
        const kinds = [...context.services.registry.kinds.values()].map(({ kind }) => kind);
        const served = kinds.filter((kind) => cluster.serves(kind));
        return loadOwned(object.metadata.uid, served, context.kube(cluster.name));
      },
    }),
    operations: operationsField(
      builder,
      t,
      'What was done to it through this gateway, newest first, also to earlier objects of the same name.',
      (object) => ({ targetId: idOfObject(object as KubeObject) }),
    ),
    events: relationField<AnyKubeObject, AnyKubeObject>(builder, t, {
      description: 'What the cluster reported about it, newest first; clusters keep events for about an hour.',
      of: 'KubernetesEvent',
      rows: (object, context) => mapMaybe(eventsAbout(object, context), (events) => ({ items: events.flat() })),
    }),
  };
}

function eventsAbout(object: AnyKubeObject, context: RequestContext) {
  const { group, kind, cluster } = object[origin];
  const about = (key: string) => context.kube(cluster).byIndex(eventKind, 'involvedObject', key);
  const { uid, name } = object.metadata;
  // The kubelet writes a node's name where its uid should be.
  const isNode = group === '' && kind === 'Node';
  return allMaybe(isNode ? [about(uid), about(name)] : [about(uid)]);
}

function wholeFields(t: Fields) {
  return {
    yaml: t.string({
      description:
        'All of it as YAML that kubectl reads back as the same. Values of Secrets are masked; managed fields are left out.',
      resolve: (object) => printYaml(maskSecret(object as KubeObject)),
    }),
    json: t.field({
      type: 'JSON',
      nullable: true,
      description: 'All of it, or what stands at the pointer; null where nothing does. Values of Secrets are masked.',
      args: {
        pointer: t.arg.string({
          description: 'A JSON Pointer (RFC 6901), e.g. `/spec/replicas`; all of it where it is not given.',
        }),
      },
      resolve: (object, { pointer }) => resolvePointer(maskSecret(object as KubeObject), pointer ?? '') ?? null,
    }),
  };
}
