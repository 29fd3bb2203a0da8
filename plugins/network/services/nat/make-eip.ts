import {
  type ChangedThing,
  idOfObject,
  type OperationHandle,
  origin,
  PreconditionError,
  type RequestContext,
} from 'longshore/sdk';
import { ownerOf } from '../ownership/owner.ts';
import { type EipObject, eipKind, type NatGatewayObject, qosPolicyKind } from './nat-kinds.ts';
import { bandwidthManifest, bandwidthRules, eipManifest, natNames } from './nat-manifests.ts';

interface HeldEip {
  readonly eip: EipObject;
  readonly recorded: readonly ChangedThing[];
}

/** Makes an elastic IP with what holds its bandwidth; where the second write fails, the first is taken back. */
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
  const writer = context.cluster(gateway[origin].cluster).writer(context.principal);
  const owner = ownerOf(gateway.metadata);
  const qosPolicy = natNames.bandwidthOf(name);
  const { object: policy } = await writer.create(
    ticket,
    qosPolicyKind,
    bandwidthManifest({ name: qosPolicy, owner }, mbps),
  );
  try {
    const manifest = eipManifest({ name, owner, description }, { gateway: gateway.metadata.name, qosPolicy });
    const { object: eip } = await writer.create(ticket, eipKind, manifest);
    const recorded = [policy, eip].map((after) => ({ before: undefined, after, object: idOfObject(after) }));
    return { eip, recorded };
  } catch (error) {
    // What it failed for is told, whether this succeeds or not: an unused policy costs nothing.
    if (!ticket.isDryRun) {
      await writer
        .delete(ticket, qosPolicyKind, undefined, qosPolicy, { uid: policy.metadata.uid })
        .catch(() => undefined);
    }
    throw error;
  }
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
  const held = await writer.patch(ticket, eipKind, undefined, name, { spec: { qosPolicy: own } }, { uid });
  return {
    eip: held.object,
    recorded: [
      { before: undefined, after: made.object, object: idOfObject(made.object) },
      { before: eip, after: held.object, object: idOfObject(eip) },
    ],
  };
}
