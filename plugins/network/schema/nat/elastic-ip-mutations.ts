import type { PodObject } from 'longshore/plugins/compute';
import { podKind } from 'longshore/plugins/compute';
import { descriptionText } from 'longshore/plugins/core';
import {
  type ChangedThing,
  checkText,
  idOfObject,
  isOfKind,
  type LongshoreBuilder,
  loadOfKind,
  objectSuccess,
  origin,
  PreconditionError,
  registerMutation,
  subjectOf,
} from 'longshore/sdk';
import { elasticIpTypeRef } from '../../api.ts';
import { natName } from '../../profile-keys/nat.ts';
import { bandwidthOf, checkBandwidth } from '../../services/nat/check-bandwidth.ts';
import { requireInstanceAddress } from '../../services/nat/instance-address.ts';
import { makeEip, setBandwidth } from '../../services/nat/make-eip.ts';
import {
  type EipObject,
  eipKind,
  type FipRuleObject,
  fipRuleKind,
  natGatewayKind,
} from '../../services/nat/nat-kinds.ts';
import { loadOwned, profileOf, requireSameCluster } from '../../services/nat/nat-targets.ts';
import { planDnatRule } from '../../services/nat/plan-dnat-rule.ts';
import { idOfKind, requireMaking } from './make-one.ts';

const bandwidth = 'Mbit/s, both ways: `nat.bandwidthMin` to `nat.bandwidthMax` of the profile; where it is not set, ';
const replay = (node: unknown): EipObject | null => (isOfKind(node, eipKind) ? node : null);
const success = (description: string) => objectSuccess(description, 'elasticIp', elasticIpTypeRef);

interface Binding {
  readonly eip: EipObject;
  readonly pod: PodObject;
}

/** Elastic IPs: made, held to a bandwidth, bound to pods (NET-40). */
export function registerElasticIpMutations(builder: LongshoreBuilder): void {
  registerCreate(builder);
  registerUpdate(builder);
  registerBind(builder);
  registerUnbind(builder);
}

function registerCreate(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'createElasticIp',
    description: 'Makes an elastic IP on a NAT gateway; its address is allocated of the network outside.',
    allow: { action: 'UPDATE', subject: subjectOf(natGatewayKind) },
    input: (t) => ({
      natGatewayId: t.id({ required: true, description: 'The gateway that it lies on.' }),
      name: t.string({ required: true, description: 'Its name, by the rule `nat.name` of the profile.' }),
      description: t.string({ description: 'What it is for, by the rule `description.text` of the profile.' }),
      bandwidthMbps: t.int({ description: `${bandwidth}\`nat.bandwidthDefault\`.` }),
    }),
    success: success('It was made; it has no address before it is IN_USE.'),
    load: ({ natGatewayId }, context) => loadOwned(String(natGatewayId), natGatewayKind, 'NAT_GATEWAY', context),
    check: ({ name, description, bandwidthMbps }, gateway, context) => {
      const profile = profileOf(gateway, context);
      return [
        ...checkText(profile.get(natName), 'name', name),
        ...checkText(profile.get(descriptionText), 'description', description ?? ''),
        ...checkBandwidth(profile, bandwidthMbps),
      ];
    },
    run: async ({ name, description, bandwidthMbps }, gateway, ticket, context) => {
      requireMaking(eipKind, name, gateway, context);
      const mbps = bandwidthOf(profileOf(gateway, context), bandwidthMbps);
      const { eip, recorded } = await makeEip({ gateway, name, description, mbps }, ticket, context);
      const resultId = idOfKind(gateway[origin].cluster, eipKind, name);
      return { value: eip, resultId, before: undefined, after: eip, recorded };
    },
    replay,
  });
}

function registerUpdate(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'updateElasticIp',
    description: 'Holds an elastic IP to another bandwidth, while it is in use.',
    allow: { action: 'UPDATE', subject: subjectOf(eipKind) },
    input: (t) => ({
      id: t.id({ required: true, description: "The elastic IP's id." }),
      bandwidthMbps: t.int({ required: true, description: 'Mbit/s, both ways, by the profile.' }),
    }),
    success: success('It is held to the new bandwidth.'),
    load: ({ id }, context) => loadOwned(String(id), eipKind, 'ELASTIC_IP', context),
    check: ({ bandwidthMbps }, eip, context) => checkBandwidth(profileOf(eip, context), bandwidthMbps),
    run: async ({ bandwidthMbps }, eip, ticket, context) => {
      const { eip: after, recorded } = await setBandwidth(eip, bandwidthMbps, ticket, context);
      return { value: after, resultId: idOfObject(eip), recorded };
    },
    replay,
  });
}

function registerBind(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'bindElasticIp',
    description:
      'Gives an elastic IP to a pod alone: all its ports lead to the pod, and the pod goes out by it rather than by NAT (NET-35, NET-40). The binding keeps the address that the pod has now: give the pod a fixed one where it shall outlive it. One that anything uses answers an `InUseError`.',
    allow: { action: 'UPDATE', subject: subjectOf(eipKind) },
    input: (t) => ({
      id: t.id({ required: true, description: "The elastic IP's id." }),
      podId: t.id({ required: true, description: "The pod, in the VPC of the elastic IP's gateway." }),
      bandwidthMbps: t.int({ description: `${bandwidth}it stays as it is.` }),
    }),
    success: success('It is bound; the rule behind it works once the gateway has it.'),
    load: async ({ id, podId }, context) => {
      const target = await loadOwned(String(id), eipKind, 'ELASTIC_IP', context);
      const { value: pod } = await loadOfKind(String(podId), podKind, context);
      return { ...target, value: { eip: target.value, pod } };
    },
    check: ({ bandwidthMbps }, { eip }: Binding, context) => checkBandwidth(profileOf(eip, context), bandwidthMbps),
    run: async ({ bandwidthMbps }, { eip, pod }: Binding, ticket, context) => {
      requireSameCluster(eip, pod, ['podId']);
      const address = await requireInstanceAddress(eip, pod, undefined, context);
      requireMaking(fipRuleKind, eip.metadata.name, eip, context);
      const { kind, manifest } = await planDnatRule({ eip, address, mapping: undefined }, context);
      const held = bandwidthMbps ? await setBandwidth(eip, bandwidthMbps, ticket, context) : { eip, recorded: [] };
      const writer = context.cluster(eip[origin].cluster).writer(context.principal);
      const { object, warnings } = await writer.create(ticket, kind, manifest);
      const made: ChangedThing = { before: undefined, after: object, object: idOfObject(object) };
      const recorded = [...held.recorded, made];
      return { value: held.eip, resultId: idOfObject(eip), before: undefined, after: object, recorded, warnings };
    },
    replay,
  });
}

function registerUnbind(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'unbindElasticIp',
    description: 'Takes an elastic IP from the instance that it is bound to; the elastic IP stays.',
    allow: { action: 'UPDATE', subject: subjectOf(eipKind) },
    input: (t) => ({ id: t.id({ required: true, description: "The elastic IP's id." }) }),
    success: success('It is bound to nothing, or will be once the gateway let the rule go.'),
    load: ({ id }, context) => loadOwned(String(id), eipKind, 'ELASTIC_IP', context),
    run: async (_input, eip, ticket, context) => {
      const { cluster } = eip[origin];
      const rules = await context.kube(cluster).byIndex(fipRuleKind, 'eip', eip.metadata.name);
      if (rules.length === 0) {
        throw new PreconditionError('NOT_BOUND', `The elastic IP '${eip.metadata.name}' is bound to no instance`);
      }
      const writer = context.cluster(cluster).writer(context.principal);
      const recorded: ChangedThing[] = [];
      for (const rule of rules as readonly FipRuleObject[]) {
        context.access.requireAllowed('DELETE', rule);
        const { name, uid } = rule.metadata;
        await writer.delete(ticket, fipRuleKind, undefined, name, { uid });
        recorded.push({ before: rule, after: undefined, object: idOfObject(rule) });
      }
      return { value: eip, resultId: idOfObject(eip), before: rules[0], after: undefined, recorded };
    },
    replay,
  });
}
