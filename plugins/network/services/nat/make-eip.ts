import {
  type ChangedThing,
  ConflictError,
  idOfObject,
  type KubeObject,
  type OperationHandle,
  origin,
  PreconditionError,
  type RequestContext,
  systemPrincipal,
} from 'longshore/sdk';
import { ownerOf } from '../ownership/owner.ts';
import { type EipObject, eipKind, type NatGatewayObject, type OvnQosPolicy, qosPolicyKind } from './nat-kinds.ts';
import { bandwidthManifest, bandwidthRules, eipManifest, type NatPart, natNames } from './nat-manifests.ts';
import { readWholeNat } from './read-whole-nat.ts';

interface HeldEip {
  readonly eip: EipObject;
  readonly recorded: readonly ChangedThing[];
}

/** Makes an elastic IP with what holds its bandwidth; where a write fails, those before it are taken back. */
export async function makeEip(
  wanted: {
    readonly gateway: NatGatewayObject;
    readonly name: string;
    readonly description: string | null | undefined;
    readonly mbps: number;
  },
  ticket: OperationHandle,
  context: RequestContext,
): Promise<HeldEip> {
  const { gateway, name, description, mbps } = wanted;
  const { cluster } = gateway[origin];
  const writer = context.cluster(cluster).writer(context.principal);
  const owner = ownerOf(gateway.metadata);
  const qosPolicy = natNames.bandwidthOf(name);
  const { policy, isNew } = await holdBandwidth(cluster, { name: qosPolicy, owner }, mbps, ticket, context);
  const made: (() => Promise<void>)[] = isNew
    ? [() => writer.delete(ticket, qosPolicyKind, undefined, qosPolicy, { uid: policy.metadata.uid })]
    : [];
  try {
    const manifest = eipManifest({ name, owner, description }, { gateway: gateway.metadata.name, qosPolicy });
    const { object: eip } = await writer.create(ticket, eipKind, manifest);
    made.unshift(() => writer.delete(ticket, eipKind, undefined, name, { uid: eip.metadata.uid }));
    await tieBandwidth(policy, eip, ticket, context);
    const recorded = [policy, eip].map((after) => ({ before: undefined, after, object: idOfObject(after) }));
    return { eip, recorded };
  } catch (error) {
    // What it failed for is told, whether this succeeds or not: an unused policy costs nothing.
    if (!ticket.isDryRun) for (const takeBack of made) await takeBack().catch(() => undefined);
    throw error;
  }
}

/**
 * Makes what holds a bandwidth. One of that name that nothing uses was left over by an attempt that was cut short, and is taken; throws
 * `ConflictError` where it is used, or another's.
 */
export async function holdBandwidth(
  cluster: string,
  part: NatPart,
  mbps: number,
  ticket: OperationHandle,
  context: RequestContext,
): Promise<{
  readonly policy: KubeObject<OvnQosPolicy>;
  readonly isNew: boolean;
  readonly warnings: readonly string[];
}> {
  const writer = context.cluster(cluster).writer(context.principal);
  const manifest = bandwidthManifest(part, mbps);
  const reader = context.cluster(cluster).reader(systemPrincipal, context.signal);
  const left = await reader.get(qosPolicyKind, undefined, part.name);
  if (!left) {
    const { object, warnings } = await writer.create(ticket, qosPolicyKind, manifest);
    return { policy: object, isNew: true, warnings };
  }
  const { eips } = await readWholeNat(cluster, context);
  const isUsed = eips.some(({ spec }) => spec?.qosPolicy === part.name);
  if (isUsed || left.metadata.deletionTimestamp || ownerOf(left.metadata)?.uuid !== part.owner?.uuid) {
    throw new ConflictError(`There is a QoSPolicy '${part.name}' in the cluster '${cluster}' already`);
  }
  const { uid, resourceVersion } = left.metadata;
  const preconditions = { uid, resourceVersion };
  const patched = await writer.patch(ticket, qosPolicyKind, undefined, part.name, manifest, preconditions);
  return { policy: patched.object, isNew: false, warnings: patched.warnings };
}

/** On whatever road an elastic IP goes, the cluster takes what holds its bandwidth after it. */
export async function tieBandwidth(
  policy: Pick<KubeObject, 'metadata'>,
  eip: KubeObject,
  ticket: OperationHandle,
  context: RequestContext,
): Promise<void> {
  if (ticket.isDryRun) return;
  const { apiVersion, kind } = eip;
  const { name, uid } = eip.metadata;
  const patch = { metadata: { ownerReferences: [{ apiVersion, kind, name, uid }] } };
  const writer = context.cluster(eip[origin].cluster).writer(context.principal);
  await writer.patch(ticket, qosPolicyKind, undefined, policy.metadata.name, patch, { uid: policy.metadata.uid });
}

/** Holds an elastic IP to another bandwidth; one of others, which several share, is not touched. */
export async function setBandwidth(
  eip: EipObject,
  mbps: number,
  ticket: OperationHandle,
  context: RequestContext,
): Promise<HeldEip> {
  const { cluster } = eip[origin];
  const writer = context.cluster(cluster).writer(context.principal);
  const { name, uid } = eip.metadata;
  const own = natNames.bandwidthOf(name);
  const policy = await context.kube(cluster).get(qosPolicyKind, undefined, own);
  if (policy && eip.spec?.qosPolicy === own) {
    const patch = { spec: bandwidthRules(mbps) };
    const { object } = await writer.patch(ticket, qosPolicyKind, undefined, own, patch, { uid: policy.metadata.uid });
    return { eip, recorded: [{ before: policy, after: object, object: idOfObject(policy) }] };
  }
  if (policy) {
    throw new PreconditionError(
      'BANDWIDTH_SHARED',
      `The elastic IP '${name}' is held by '${eip.spec?.qosPolicy ?? ''}', which others made`,
    );
  }
  const made = await writer.create(
    ticket,
    qosPolicyKind,
    bandwidthManifest({ name: own, owner: ownerOf(eip.metadata) }, mbps),
  );
  await tieBandwidth(made.object, eip, ticket, context);
  const held = await writer.patch(ticket, eipKind, undefined, name, { spec: { qosPolicy: own } }, { uid });
  return {
    eip: held.object,
    recorded: [
      { before: undefined, after: made.object, object: idOfObject(made.object) },
      { before: eip, after: held.object, object: idOfObject(eip) },
    ],
  };
}
