import { secretKind } from 'longshore/plugins/core';
import {
  CapabilityMissingError,
  origin,
  PreconditionError,
  type RequestContext,
  type ValidationIssue,
} from 'longshore/sdk';
import type { NodeObject } from '../../api.ts';
import { type FoundMachine, findMachine } from '../machines/find-machine.ts';
import { type BareMetalHostObject, bareMetalHostKind, rootPasswordVariable } from '../machines/host-kind.ts';
import { clusterChangesRef } from '../managed-clusters/cluster-changes.ts';
import { groupsOf, isControlPlane } from '../managed-clusters/cluster-facts.ts';
import { issue } from '../managed-clusters/issues.ts';
import { groupNameLabel, workspaceAnnotation } from '../managed-clusters/kinds.ts';
import type { NodeRemoval, NodeRemovalMode } from './drain-options.ts';

/** How the machine of a node is paid for; `subscription`: by the month or year. */
const billingAnnotation = 'longshore.dev/machine-billing';

/**
 * How the machine goes with its node (CMP-26). Throws `PreconditionError` SUBSCRIPTION_BILLED for destroying a machine that is paid for anyway, AUTOSCALED where an
 * autoscaler decides how many there are, and `CapabilityMissingError` where nothing here can do that to it.
 */
export async function planRemoval(
  node: NodeObject,
  mode: NodeRemovalMode,
  rootPasswordSecret: string | undefined,
  context: RequestContext,
): Promise<{ readonly removal: NodeRemoval; readonly issues: readonly ValidationIssue[] }> {
  const at = ['rootPasswordSecret'];
  if (mode !== 'CLEAR_MACHINE' && rootPasswordSecret !== undefined) {
    return {
      removal: { mode },
      issues: [issue(at, 'not_offered', 'A new password is given to a machine that is cleared')],
    };
  }
  if (mode === 'NODE_ONLY') return { removal: { mode }, issues: [] };
  const found = await findMachine(node, context);
  const isBySubscription = [node.metadata, found?.machine.metadata].some(
    (metadata) => metadata?.annotations?.[billingAnnotation] === 'subscription',
  );
  if (mode === 'DELETE_MACHINE' && isBySubscription) {
    const message = `The machine of node '${node.metadata.name}' is billed by subscription: it can be cleared, and not destroyed.`;
    throw new PreconditionError('SUBSCRIPTION_BILLED', message);
  }
  if (!found || !context.access.allowed('READ', found.managed)) {
    throw new CapabilityMissingError('machines', `Nothing here manages the machine of node '${node.metadata.name}'.`, {
      hint: 'Only machines of a Cluster API that is served here go with their nodes; remove the node alone (NODE_ONLY).',
    });
  }
  context.access.requireAllowed('UPDATE', found.managed);
  await requireRemovable(found, context);
  const host = await hostOf(found);
  const { machine, managed, cluster } = found;
  const { namespace = '', name, uid } = machine.metadata;
  const removal: NodeRemoval = {
    mode,
    machine: {
      ...{ cluster: cluster.name, namespace, name, uid, managedCluster: managed.metadata.name },
      ...(host ? { host: host.metadata.name } : {}),
    },
  };
  if (mode === 'DELETE_MACHINE') return { removal, issues: [] };
  requireCleaning(found, host);
  if (rootPasswordSecret === undefined) {
    return {
      removal,
      issues: [issue(at, 'required', 'A machine that is cleared gets a new password: name its Secret')],
    };
  }
  return {
    issues: await checkPassword(rootPasswordSecret, found, context),
    removal: {
      ...removal,
      cleared: {
        rootPasswordSecret,
        from: `${node[origin].cluster}/${node.metadata.name}`,
        workspace: managed.metadata.annotations?.[workspaceAnnotation] ?? null,
      },
    },
  };
}

async function requireRemovable({ machine, managed, cluster }: FoundMachine, context: RequestContext): Promise<void> {
  const { namespace = '', name, labels = {} } = machine.metadata;
  if (isControlPlane(machine)) {
    throw new CapabilityMissingError('machines', `Machine '${name}' is one of the control plane.`, {
      hint: 'How many machines a control plane has is said of the cluster as a whole.',
    });
  }
  const group = groupsOf(managed).find((each) => each.name === labels[groupNameLabel]);
  if (group && group.replicas === undefined) {
    throw new PreconditionError(
      'AUTOSCALED',
      `The nodes of group '${group.name}' are scaled by its autoscaler: change its bounds.`,
    );
  }
  const place = { cluster: cluster.name, namespace, name: managed.metadata.name };
  await context.service(clusterChangesRef).requireNone(place);
}

/** The host of the pool that a machine is; undefined for one that its provider makes and destroys. */
async function hostOf({ machine, cluster, reader }: FoundMachine): Promise<BareMetalHostObject | undefined> {
  if (!cluster.serves(bareMetalHostKind)) return undefined;
  const { kind, name } = machine.spec?.infrastructureRef ?? {};
  const { items } = await reader.list(bareMetalHostKind, { namespaces: [machine.metadata.namespace ?? ''] });
  return items.find(({ spec }) => spec?.consumerRef?.kind === kind && spec?.consumerRef?.name === name);
}

function requireCleaning({ machine }: FoundMachine, host: BareMetalHostObject | undefined): void {
  const { name } = machine.metadata;
  if (!host) {
    throw new CapabilityMissingError(
      'machines',
      `The provider of machine '${name}' destroys machines, and keeps none.`,
      {
        hint: 'Only machines of a pool of hosts (BareMetalHost of Metal³) are cleared and kept; others can be destroyed (DELETE_MACHINE).',
      },
    );
  }
  if (host.spec?.automatedCleaningMode === 'disabled') {
    throw new CapabilityMissingError('machines', `The disks of host '${host.metadata.name}' would not be formatted.`, {
      hint: "Set its `automatedCleaningMode` to 'metadata'.",
    });
  }
}

/** The new password is one that the caller sees there, and not that which the machine has. */
async function checkPassword(
  secret: string,
  { machine, managed, cluster }: FoundMachine,
  context: RequestContext,
): Promise<readonly ValidationIssue[]> {
  const at = ['rootPasswordSecret'];
  const { namespace = '', labels = {} } = machine.metadata;
  const group = groupsOf(managed).find(({ name }) => name === labels[groupNameLabel]);
  const variables = [...(group?.variables?.overrides ?? []), ...(managed.spec?.topology?.variables ?? [])];
  const present = variables.find(({ name }) => name === rootPasswordVariable)?.value;
  if (present === secret) {
    return [
      issue(at, 'not_new', `The machine has the password of the Secret '${secret}' already: a new one must be given`),
    ];
  }
  if (await context.kube(cluster.name).get(secretKind, namespace, secret)) return [];
  return [issue(at, 'unknown_secret', `rootPasswordSecret must name a Secret in namespace '${namespace}'`)];
}
