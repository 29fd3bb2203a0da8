import {
  AnswerError,
  type ChangedThing,
  idOfObject,
  type KindRef,
  type KubeObject,
  type OperationHandle,
  type RequestContext,
} from 'longshore/sdk';
import { changeRoutes } from '../vpc/change-routes.ts';
import { withDefaultRoute } from './default-route.ts';
import { holdBandwidth, tieBandwidth } from './make-eip.ts';
import { eipKind, type NatGatewayObject, natGatewayKind, qosPolicyKind, snatRuleKind } from './nat-kinds.ts';
import { eipManifest, gatewayManifest, type NatPart, natNames, snatManifest } from './nat-manifests.ts';
import type { GatewayPlan } from './plan-nat-gateway.ts';

export interface MadeGateway {
  readonly gateway: NatGatewayObject;
  readonly recorded: readonly ChangedThing[];
  readonly warnings: readonly string[];
}

/**
 * Makes a gateway, its elastic IP with its bandwidth, SNAT rules and the VPC's default route (NET-34). Where one of the writes fails,
 * what was made before is taken away again, the last first; what could not be, the error tells.
 */
export async function makeNatGateway(
  plan: GatewayPlan & { readonly description: string | null | undefined; readonly bandwidthMbps: number },
  ticket: OperationHandle,
  context: RequestContext,
): Promise<MadeGateway> {
  const { name, owner, vpc, description } = plan;
  const writer = context.cluster(plan.cluster).writer(context.principal);
  const eip = natNames.eipOf(name);
  const madeWith = name;
  const made: { readonly kind: KindRef; readonly object: KubeObject }[] = [];
  const warnings: string[] = [];
  async function create<T>(kind: KindRef<T>, manifest: object): Promise<KubeObject<T>> {
    const { object, warnings: told } = await writer.create(ticket, kind, manifest);
    made.push({ kind: kind as KindRef, object: object as KubeObject });
    warnings.push(...told);
    return object;
  }
  const part = (partName: string, more: Partial<NatPart> = {}): NatPart => ({
    name: partName,
    owner,
    madeWith,
    ...more,
  });
  try {
    const spec = { vpc: vpc.metadata.name, subnet: plan.subnet.metadata.name, lanIp: plan.lanIp };
    const gateway = await create(natGatewayKind, gatewayManifest({ name, owner, description }, spec));
    const bandwidth = natNames.bandwidthOf(eip);
    const held = await holdBandwidth(plan.cluster, part(bandwidth), plan.bandwidthMbps, ticket, context);
    made.push({ kind: qosPolicyKind as KindRef, object: held.policy as KubeObject });
    warnings.push(...held.warnings);
    const address = await create(eipKind, eipManifest(part(eip), { gateway: name, qosPolicy: bandwidth }));
    await tieBandwidth(held.policy, address, ticket, context);
    for (const { subnet, range, description: says } of plan.ranges) {
      const rule = { name: natNames.snat(name, subnet), owner, description: says };
      await create(snatRuleKind, snatManifest(rule, { eip, range }));
    }
    const recorded: ChangedThing[] = made.map(({ object }) => ({
      before: undefined,
      after: object,
      object: idOfObject(object),
    }));
    // The last step: nothing leads to the gateway before it is whole.
    recorded.push(...(await changeRoutes(vpc, (routes) => withDefaultRoute(routes, plan.lanIp), ticket, context)));
    return { gateway, recorded, warnings };
  } catch (error) {
    if (ticket.isDryRun || made.length === 0) throw error;
    const left = await takeAway(made);
    if (left.length === 0 || !(error instanceof AnswerError)) throw error;
    error.message = `${error.message} Not taken away again: ${left.join(', ')}.`;
    throw error;
  }

  /** What is left over. */
  async function takeAway(parts: typeof made): Promise<readonly string[]> {
    const left: string[] = [];
    for (const { kind, object } of [...parts].reverse()) {
      try {
        await writer.delete(ticket, kind, undefined, object.metadata.name, { uid: object.metadata.uid });
      } catch {
        left.push(`${kind.kind} '${object.metadata.name}'`);
      }
    }
    return left;
  }
}
