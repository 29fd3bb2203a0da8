import type { Workspace, WorkspaceNetworks } from 'longshore/plugins/core';
import { idOfObject, origin, parseGlobalId, type RequestContext, systemPrincipal, workspaceOf } from 'longshore/sdk';
import { printCidr } from './cidr.ts';
import { type VpcObject, vpcKind } from './kube-ovn-kinds.ts';
import { usersOfWholeVpc } from './network-deletion-check.ts';
import { displayNameOf, isPlannedVpc, rangesOfVpc } from './vpc-facts.ts';

/**
 * VPCs as the networks that workspaces are bound to (CORE-02): those of the workspace by their label. Binding says so to nobody but core; what
 * uses one is what keeps it from being deleted.
 */
export function createWorkspaceNetworks(): WorkspaceNetworks {
  return {
    list: async (workspace, context) =>
      (await vpcsOf(workspace, context)).map((vpc) => ({
        id: idOfObject(vpc),
        name: displayNameOf(vpc),
        cidrs: rangesOfVpc(vpc).map(printCidr),
      })),
    ownedBy: async (workspace, context) => (await vpcsOf(workspace, context)).map((vpc) => idOfObject(vpc)),
    async check({ uuid, identifier }, networkId, context) {
      const refuse = (code: string, message: string) => [{ path: ['networkId'], code, message }];
      const vpc = await readVpc(networkId, context);
      if (!vpc || !context.access.allowed('READ', vpc)) return refuse('unknown_network', 'networkId must name a VPC');
      if (workspaceOf(vpc) !== uuid) {
        return refuse('network_taken', `networkId must name a VPC of the workspace '${identifier}' itself`);
      }
      return vpc.metadata.deletionTimestamp ? refuse('network_going', 'The VPC is being deleted') : [];
    },
    bind: async () => {},
    async usesOf(_workspace, networkId, context) {
      const vpc = await readVpc(networkId, context);
      if (!vpc) return [];
      const users = await usersOfWholeVpc(vpc, context);
      // What is left of a workspace would be nobody's: the VPC itself is deleted first.
      return [vpc, ...users.filter((user) => context.access.allowed('READ', user))].map((object) => idOfObject(object));
    },
  };
}

/** Whoever asks: what a workspace is bound to is told by core, and rights are asked for by who answers. */
async function readVpc(networkId: string, context: RequestContext): Promise<VpcObject | undefined> {
  const id = parseGlobalId(networkId);
  if (id?.of !== 'kubernetes' || id.group !== vpcKind.group || id.kind !== vpcKind.kind) return undefined;
  const cluster = context.clusters.get(id.cluster);
  const own = await cluster?.reader(context.principal, context.signal).get(vpcKind, undefined, id.name);
  const vpc = own ?? (await cluster?.reader(systemPrincipal, context.signal).get(vpcKind, undefined, id.name));
  return vpc?.[origin].cluster === id.cluster ? vpc : undefined;
}

async function vpcsOf({ uuid }: Pick<Workspace, 'uuid'>, context: RequestContext): Promise<readonly VpcObject[]> {
  const lists = await Promise.all(
    context.clusters.all.map(async ({ name }) => (await context.kube(name).list(vpcKind)).items),
  );
  return lists.flat().filter((vpc) => workspaceOf(vpc) === uuid && !isPlannedVpc(vpc));
}
